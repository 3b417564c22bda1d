import { normalize } from '@gaitway/motion/quaternion';
import { expMap, logMap, toMatrix } from '@gaitway/motion/rotation';
import type { CameraMotion } from './camera-motion.ts';

/** Farther from the reference's viewing direction a picture is taken for one at this angle: a plane cannot show what lies beside it. */
export const MOST_PAN_RAD = (55 * Math.PI) / 180;
/** The least cosine between a ray and the reference's viewing direction, so that every pixel stays finite. */
const LEAST_COSINE = 0.1;

/** A pinhole with square pixels, pixels of the picture. */
export interface Pinhole {
  readonly focalPx: number;
  readonly centreXPx: number;
  readonly centreYPx: number;
}

/**
 * What a camera that turned would have seen had it stood still: every direction turned into the axes of its reference frame. A
 * static camera with an endless picture plane takes its place. Reused for all frames; allocates nothing.
 */
export class SteadyView {
  readonly #motion: CameraMotion;
  readonly #camera: Pinhole;
  readonly #matrix = new Float64Array(9);
  readonly #q = new Float64Array(4);
  readonly #v = new Float64Array(3);

  /** Angles of the motion are brought to `camera.focalPx`: the same shift of the picture is a smaller angle for a longer lens. */
  constructor(motion: CameraMotion, camera: Pinhole) {
    this.#motion = motion;
    this.#camera = camera;
  }

  /** Frame whose camera the next calls are about. */
  aim(frame: number): void {
    const share = this.#motion.focalPx / this.#camera.focalPx;
    logMap(this.#v, 0, this.#motion.rotations, frame * 4);
    this.#v[0] *= share;
    this.#v[1] *= share;
    const pan = Math.hypot(this.#v[0], this.#v[1]);
    const within = pan > MOST_PAN_RAD ? MOST_PAN_RAD / pan : 1;
    this.#v[0] *= within;
    this.#v[1] *= within;
    expMap(this.#q, 0, this.#v, 0);
    normalize(this.#q, 0);
    toMatrix(this.#matrix, 0, this.#q, 0);
  }

  /** Pixel of the frame → pixel of the reference camera, `out[o..o+1]`. */
  toReferencePixel(out: Float32Array | Float64Array, o: number, xPx: number, yPx: number): void {
    const { focalPx, centreXPx, centreYPx } = this.#camera;
    const m = this.#matrix;
    const x = (xPx - centreXPx) / focalPx;
    const y = (yPx - centreYPx) / focalPx;
    const z = Math.max(LEAST_COSINE * Math.hypot(x, y, 1), m[6] * x + m[7] * y + m[8]);
    out[o] = centreXPx + (focalPx * (m[0] * x + m[1] * y + m[2])) / z;
    out[o + 1] = centreYPx + (focalPx * (m[3] * x + m[4] * y + m[5])) / z;
  }

  /** A vector in the axes of the frame's camera (x right, y down, z forward) → in those of the reference, in place at `o`. */
  turn(values: Float32Array | Float64Array, o: number): void {
    const m = this.#matrix;
    const [x, y, z] = [values[o], values[o + 1], values[o + 2]];
    values[o] = m[0] * x + m[1] * y + m[2] * z;
    values[o + 1] = m[3] * x + m[4] * y + m[5] * z;
    values[o + 2] = m[6] * x + m[7] * y + m[8] * z;
  }

  /** Standard deviations along the axes of the frame's camera → along those of the reference, in place at `o`. */
  turnSigmas(values: Float32Array | Float64Array, o: number): void {
    const m = this.#matrix;
    const [x, y, z] = [values[o] ** 2, values[o + 1] ** 2, values[o + 2] ** 2];
    for (let r = 0; r < 3; r++) values[o + r] = Math.sqrt(m[r * 3] ** 2 * x + m[r * 3 + 1] ** 2 * y + m[r * 3 + 2] ** 2 * z);
  }

  /** How much larger a shift at a pixel of the frame is on the reference's picture plane, at most in any direction; 1 in its middle. */
  stretch(xPx: number, yPx: number): number {
    const { focalPx, centreXPx, centreYPx } = this.#camera;
    const m = this.#matrix;
    const x = (xPx - centreXPx) / focalPx;
    const y = (yPx - centreYPx) / focalPx;
    const own = 1 / Math.hypot(x, y, 1);
    const there = Math.max(LEAST_COSINE, (m[6] * x + m[7] * y + m[8]) * own);
    return (own / there) ** 2;
  }
}
