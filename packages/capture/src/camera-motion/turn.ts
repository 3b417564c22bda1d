import { cross, dot, normalizeVector } from '@gaitway/motion/vector';

/**
 * How the picture of a camera that only turns (and zooms) changes: x' ~ K R K⁻¹ x (Hartley and Zisserman, "Multiple View
 * Geometry", 2nd edition, 8.4.2). Camera axes: x right, y down, z forward; pictures in pixels from the principal point.
 */
export interface Turn {
  /** 3 × 3 by rows: directions seen in the picture → directions in the axes of the key picture. */
  readonly rotation: Float64Array;
  /** Size in the key picture over size in this picture: below 1 after zooming in. */
  scale: number;
}

export const createTurn = (): Turn => ({ rotation: Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1), scale: 1 });

export function copyTurn(out: Turn, from: Turn): void {
  out.rotation.set(from.rotation);
  out.scale = from.scale;
}

/** Where a point of the picture lies in the key picture, `out[0..1]`; false if behind it. */
export function toKey(out: Float64Array, turn: Turn, x: number, y: number, focalPx: number): boolean {
  const m = turn.rotation;
  const u = turn.scale * x;
  const v = turn.scale * y;
  const z = m[6] * u + m[7] * v + m[8] * focalPx;
  if (!(z > 1e-3 * focalPx)) return false;
  out[0] = (focalPx * (m[0] * u + m[1] * v + m[2] * focalPx)) / z;
  out[1] = (focalPx * (m[3] * u + m[4] * v + m[5] * focalPx)) / z;
  return true;
}

/** Where a point of the key picture lies in the picture, `out[0..1]`; false if behind it. */
export function fromKey(out: Float64Array, turn: Turn, x: number, y: number, focalPx: number): boolean {
  const m = turn.rotation;
  const z = m[2] * x + m[5] * y + m[8] * focalPx;
  if (!(z > 1e-3 * focalPx)) return false;
  out[0] = (focalPx * (m[0] * x + m[3] * y + m[6] * focalPx)) / z / turn.scale;
  out[1] = (focalPx * (m[1] * x + m[4] * y + m[7] * focalPx)) / z / turn.scale;
  return true;
}

/** out = a · b, 3 × 3; `out` is neither of them. */
export function multiplyMatrices(out: Float64Array, a: Float64Array, b: Float64Array): void {
  for (let r = 0; r < 9; r += 3) for (let c = 0; c < 3; c++) out[r + c] = a[r] * b[c] + a[r + 1] * b[3 + c] + a[r + 2] * b[6 + c];
}

/** out = aᵀ · b, 3 × 3; `out` is neither of them. */
export function multiplyTransposed(out: Float64Array, a: Float64Array, b: Float64Array): void {
  for (let r = 0; r < 3; r++) for (let c = 0; c < 3; c++) out[r * 3 + c] = a[r] * b[c] + a[3 + r] * b[3 + c] + a[6 + r] * b[6 + c];
}

/** Makes the rows of a nearly orthonormal matrix orthonormal, in place: products of many rotations would drift away. */
export function orthonormalise(m: Float64Array): void {
  normalizeVector(m, 0);
  const along = dot(m, 0, m, 3);
  for (let k = 0; k < 3; k++) m[3 + k] -= along * m[k];
  normalizeVector(m, 3);
  cross(m, 6, m, 0, m, 3);
}

/** out = exp([v]×), by Rodrigues. */
export function turnMatrix(out: Float64Array, x: number, y: number, z: number): void {
  const squared = x * x + y * y + z * z;
  const angle = Math.sqrt(squared);
  const s = angle < 1e-6 ? 1 : Math.sin(angle) / angle;
  const c = angle < 1e-6 ? 0.5 : (1 - Math.cos(angle)) / squared;
  out[0] = 1 - c * (y * y + z * z);
  out[1] = c * x * y - s * z;
  out[2] = c * x * z + s * y;
  out[3] = c * x * y + s * z;
  out[4] = 1 - c * (x * x + z * z);
  out[5] = c * y * z - s * x;
  out[6] = c * x * z - s * y;
  out[7] = c * y * z + s * x;
  out[8] = 1 - c * (x * x + y * y);
}
