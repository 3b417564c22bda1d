import { LANDMARK_COUNT } from '../landmarks.ts';

/** A focal length below this part of the picture's diagonal is no camera's; it would break the projection. */
const LEAST_FOCAL = 0.05;
const MOST_FOCAL = 100;
const LEAST_SCALE = 1e-3;

/**
 * How one frame is looked at: the camera turned, without roll, so that its axis goes through the middle of the person, and the
 * similarity that brings the plane before it to the metres of the model's body (x, y of its world landmarks). In this view a
 * person looks the same wherever in the picture they are and however large.
 */
export class PersonView {
  /** Row-major 3 × 3: axes of the view to axes of the camera. */
  readonly turn = new Float64Array(9);
  /** Plane units in a metre of the model's body. */
  scale = 1;
  #offsetX = 0;
  #offsetY = 0;
  readonly #focalPx: number;
  readonly #centreX: number;
  readonly #centreY: number;
  readonly #used: readonly number[];
  readonly #point = new Float64Array(2);

  /** `used`: the landmarks whose mean is the middle of the person. */
  constructor(widthPx: number, heightPx: number, focalPx: number, used: readonly number[]) {
    const diagonalPx = Math.hypot(widthPx, heightPx);
    this.#focalPx = Math.min(Math.max(focalPx || 0, LEAST_FOCAL * diagonalPx), MOST_FOCAL * diagonalPx);
    this.#centreX = widthPx / 2;
    this.#centreY = heightPx / 2;
    this.#used = used;
  }

  /** Turns the view to the person of a frame. `imagePx` and `worldM` are those of `Landmarks`. */
  aim(imagePx: Float32Array, worldM: Float32Array, frame: number): void {
    const first = frame * LANDMARK_COUNT * 3;
    let x = 0;
    let y = 0;
    for (const landmark of this.#used) {
      x += imagePx[first + landmark * 3];
      y += imagePx[first + landmark * 3 + 1];
    }
    this.#turnTo((x / this.#used.length - this.#centreX) / this.#focalPx, (y / this.#used.length - this.#centreY) / this.#focalPx);
    this.#fit(imagePx, worldM, first);
  }

  /** The smallest turn of the axis to the ray (x, y, 1). */
  #turnTo(rayX: number, rayY: number): void {
    const length = Math.hypot(rayX, rayY, 1);
    const x = rayX / length;
    const y = rayY / length;
    const z = 1 / length;
    const k = 1 / (1 + z);
    this.turn.set([1 - k * x * x, -k * x * y, x, -k * x * y, 1 - k * y * y, y, -x, -y, z]);
  }

  /** Least squares of scale and offset between the plane and the world landmarks. */
  #fit(imagePx: Float32Array, worldM: Float32Array, first: number): void {
    const p = this.#point;
    const n = this.#used.length;
    const sums = { px: 0, py: 0, wx: 0, wy: 0 };
    for (const landmark of this.#used) {
      const at = first + landmark * 3;
      this.#toPlane(p, imagePx[at], imagePx[at + 1]);
      sums.px += p[0] / n;
      sums.py += p[1] / n;
      sums.wx += worldM[at] / n;
      sums.wy += worldM[at + 1] / n;
    }
    let across = 0;
    let square = 0;
    for (const landmark of this.#used) {
      const at = first + landmark * 3;
      this.#toPlane(p, imagePx[at], imagePx[at + 1]);
      const wx = worldM[at] - sums.wx;
      const wy = worldM[at + 1] - sums.wy;
      across += wx * (p[0] - sums.px) + wy * (p[1] - sums.py);
      square += wx * wx + wy * wy;
    }
    this.scale = square > 0 ? Math.max(LEAST_SCALE, across / square) : LEAST_SCALE;
    this.#offsetX = sums.px - sums.wx * this.scale;
    this.#offsetY = sums.py - sums.wy * this.scale;
  }

  /** A pixel on the plane at distance 1 before the turned camera. */
  #toPlane(out: Float64Array, xPx: number, yPx: number): void {
    const m = this.turn;
    const x = (xPx - this.#centreX) / this.#focalPx;
    const y = (yPx - this.#centreY) / this.#focalPx;
    const z = m[2] * x + m[5] * y + m[8];
    out[0] = (m[0] * x + m[3] * y + m[6]) / z;
    out[1] = (m[1] * x + m[4] * y + m[7]) / z;
  }

  /** A pixel in metres of the model's body. */
  toBody(out: Float32Array, o: number, xPx: number, yPx: number): void {
    this.#toPlane(this.#point, xPx, yPx);
    out[o] = (this.#point[0] - this.#offsetX) / this.scale;
    out[o + 1] = (this.#point[1] - this.#offsetY) / this.scale;
  }

  /** Inverse of `toBody`. */
  toPixel(out: Float64Array, o: number, bodyX: number, bodyY: number): void {
    const m = this.turn;
    const x = bodyX * this.scale + this.#offsetX;
    const y = bodyY * this.scale + this.#offsetY;
    const z = m[6] * x + m[7] * y + m[8];
    out[o] = ((m[0] * x + m[1] * y + m[2]) / z) * this.#focalPx + this.#centreX;
    out[o + 1] = ((m[3] * x + m[4] * y + m[5]) / z) * this.#focalPx + this.#centreY;
  }

  /** Pixels in a metre of the model's body, at the middle of the person. */
  get pixelsPerBodyMetre(): number {
    // Off the axis the picture is stretched: by 1/z² along the radius, 1/z across; their geometric mean counts.
    return (this.scale * this.#focalPx) / this.turn[8] ** 1.5;
  }
}
