/**
 * Unit quaternions xyzw in flat arrays. Every function writes to `out` at `o` and reads its arguments completely before it
 * writes, so that `out` may be one of the arguments. Convention: Hamilton product, `rotate(q, v) = q v q*`, and `a·b` applies
 * b first (as with matrices and column vectors).
 */
export type FloatArray = Float32Array | Float64Array;
type Numbers = ArrayLike<number>;

export function setIdentity(out: FloatArray, o: number): void {
  out[o] = 0;
  out[o + 1] = 0;
  out[o + 2] = 0;
  out[o + 3] = 1;
}

/** out = a · b (b first). */
export function multiply(out: FloatArray, o: number, a: Numbers, i: number, b: Numbers, j: number): void {
  const ax = a[i] as number;
  const ay = a[i + 1] as number;
  const az = a[i + 2] as number;
  const aw = a[i + 3] as number;
  const bx = b[j] as number;
  const by = b[j + 1] as number;
  const bz = b[j + 2] as number;
  const bw = b[j + 3] as number;
  out[o] = aw * bx + ax * bw + ay * bz - az * by;
  out[o + 1] = aw * by - ax * bz + ay * bw + az * bx;
  out[o + 2] = aw * bz + ax * by - ay * bx + az * bw;
  out[o + 3] = aw * bw - ax * bx - ay * by - az * bz;
}

/** out = a⁻¹ · b for unit a: the rotation that takes frame a to frame b, seen in a. */
export function multiplyInverse(out: FloatArray, o: number, a: Numbers, i: number, b: Numbers, j: number): void {
  const ax = -(a[i] as number);
  const ay = -(a[i + 1] as number);
  const az = -(a[i + 2] as number);
  const aw = a[i + 3] as number;
  const bx = b[j] as number;
  const by = b[j + 1] as number;
  const bz = b[j + 2] as number;
  const bw = b[j + 3] as number;
  out[o] = aw * bx + ax * bw + ay * bz - az * by;
  out[o + 1] = aw * by - ax * bz + ay * bw + az * bx;
  out[o + 2] = aw * bz + ax * by - ay * bx + az * bw;
  out[o + 3] = aw * bw - ax * bx - ay * by - az * bz;
}

/** out = q v q*: the vector v (3 numbers at `j`) rotated by q. */
export function rotate(out: FloatArray, o: number, q: Numbers, i: number, v: Numbers, j: number): void {
  const x = q[i] as number;
  const y = q[i + 1] as number;
  const z = q[i + 2] as number;
  const w = q[i + 3] as number;
  const vx = v[j] as number;
  const vy = v[j + 1] as number;
  const vz = v[j + 2] as number;
  const tx = 2 * (y * vz - z * vy);
  const ty = 2 * (z * vx - x * vz);
  const tz = 2 * (x * vy - y * vx);
  out[o] = vx + w * tx + y * tz - z * ty;
  out[o + 1] = vy + w * ty + z * tx - x * tz;
  out[o + 2] = vz + w * tz + x * ty - y * tx;
}

/** out = q* v q: the vector v seen from the frame q. */
export function rotateInverse(out: FloatArray, o: number, q: Numbers, i: number, v: Numbers, j: number): void {
  const x = -(q[i] as number);
  const y = -(q[i + 1] as number);
  const z = -(q[i + 2] as number);
  const w = q[i + 3] as number;
  const vx = v[j] as number;
  const vy = v[j + 1] as number;
  const vz = v[j + 2] as number;
  const tx = 2 * (y * vz - z * vy);
  const ty = 2 * (z * vx - x * vz);
  const tz = 2 * (x * vy - y * vx);
  out[o] = vx + w * tx + y * tz - z * ty;
  out[o + 1] = vy + w * ty + z * tx - x * tz;
  out[o + 2] = vz + w * tz + x * ty - y * tx;
}

/** Scales the quaternion at `o` to unit length; a zero quaternion becomes the identity. */
export function normalize(out: FloatArray, o: number): void {
  const x = out[o] as number;
  const y = out[o + 1] as number;
  const z = out[o + 2] as number;
  const w = out[o + 3] as number;
  const length = Math.sqrt(x * x + y * y + z * z + w * w);
  if (!(length > 0)) {
    setIdentity(out, o);
    return;
  }
  out[o] = x / length;
  out[o + 1] = y / length;
  out[o + 2] = z / length;
  out[o + 3] = w / length;
}
