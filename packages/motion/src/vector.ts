import type { FloatArray } from './quaternion.ts';

type Numbers = ArrayLike<number>;

/** Three numbers, metres unless a name says otherwise. */
export type Vec3 = readonly [number, number, number];

/** out = a + s·b. `out` may be `a` or `b`. */
export function addScaled(out: FloatArray, o: number, a: Numbers, i: number, b: Numbers, j: number, s: number): void {
  out[o] = a[i] + s * b[j];
  out[o + 1] = a[i + 1] + s * b[j + 1];
  out[o + 2] = a[i + 2] + s * b[j + 2];
}

/** out = a − b. */
export function subtract(out: FloatArray, o: number, a: Numbers, i: number, b: Numbers, j: number): void {
  out[o] = a[i] - b[j];
  out[o + 1] = a[i + 1] - b[j + 1];
  out[o + 2] = a[i + 2] - b[j + 2];
}

/** out = a × b. `out` may be one of the arguments. */
export function cross(out: FloatArray, o: number, a: Numbers, i: number, b: Numbers, j: number): void {
  const x = a[i + 1] * b[j + 2] - a[i + 2] * b[j + 1];
  const y = a[i + 2] * b[j] - a[i] * b[j + 2];
  const z = a[i] * b[j + 1] - a[i + 1] * b[j];
  out[o] = x;
  out[o + 1] = y;
  out[o + 2] = z;
}

export const dot = (a: Numbers, i: number, b: Numbers, j: number): number => a[i] * b[j] + a[i + 1] * b[j + 1] + a[i + 2] * b[j + 2];

export const length = (a: Numbers, i: number): number => Math.sqrt(a[i] * a[i] + a[i + 1] * a[i + 1] + a[i + 2] * a[i + 2]);

export function distance(a: Numbers, i: number, b: Numbers, j: number): number {
  const x = a[i] - b[j];
  const y = a[i + 1] - b[j + 1];
  const z = a[i + 2] - b[j + 2];
  return Math.sqrt(x * x + y * y + z * z);
}

/** Scales the vector at `o` to unit length and returns the length it had; a zero vector stays zero. */
export function normalizeVector(out: FloatArray, o: number): number {
  const l = length(out, o);
  if (l > 0) {
    out[o] /= l;
    out[o + 1] /= l;
    out[o + 2] /= l;
  }
  return l;
}
