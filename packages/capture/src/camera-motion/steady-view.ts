import { normalize } from '@gaitway/motion/quaternion';
import { expMap, logMap, toMatrix } from '@gaitway/motion/rotation';
import type { CameraMotion } from './camera-motion.ts';
import { multiplyMatrices, multiplyTransposed } from './turn.ts';

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
  readonly #own = new Float64Array(9);
  readonly #there = new Float64Array(9);
  readonly #product = new Float64Array(9);
  readonly #seen = new Float64Array(9);
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

  /**
   * The person whose vectors `turnSeen` turns is in the middle of this pixel. A pose model sees a crop and not where it lies: its axes
   * are those of a camera that looks straight at the person.
   */
  aimAtPerson(xPx: number, yPx: number): void {
    const { focalPx, centreXPx, centreYPx } = this.#camera;
    turnToRay(this.#own, (xPx - centreXPx) / focalPx, (yPx - centreYPx) / focalPx);
    this.toReferencePixel(this.#v, 0, xPx, yPx);
    turnToRay(this.#there, (this.#v[0] - centreXPx) / focalPx, (this.#v[1] - centreYPx) / focalPx);
    multiplyMatrices(this.#product, this.#matrix, this.#own);
    multiplyTransposed(this.#seen, this.#there, this.#product);
  }

  /** A direction in the camera of the frame → in that of the reference, in place at `o`. */
  turnDirection(values: Float32Array | Float64Array, o: number): void {
    apply(this.#matrix, values, o);
  }

  /** A vector in the axes of a camera that looks straight at the person from the frame → from the reference, in place at `o`. */
  turnSeen(values: Float32Array | Float64Array, o: number): void {
    apply(this.#seen, values, o);
  }
}

function apply(m: Float64Array, values: Float32Array | Float64Array, o: number): void {
  const [x, y, z] = [values[o], values[o + 1], values[o + 2]];
  values[o] = m[0] * x + m[1] * y + m[2] * z;
  values[o + 1] = m[3] * x + m[4] * y + m[5] * z;
  values[o + 2] = m[6] * x + m[7] * y + m[8] * z;
}

/** The smallest turn of the viewing direction to the ray (x, y, 1). */
function turnToRay(out: Float64Array, rayX: number, rayY: number): void {
  const length = Math.hypot(rayX, rayY, 1);
  const [x, y, z] = [rayX / length, rayY / length, 1 / length];
  const k = 1 / (1 + z);
  out.set([1 - k * x * x, -k * x * y, x, -k * x * y, 1 - k * y * y, y, -x, -y, z]);
}
