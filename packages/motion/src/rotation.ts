/**
 * Rotations beyond the product: axis and angle, exponential map, interpolation, construction from directions.
 * Conventions as in quaternion.ts. Source of the exponential map: Grassia, "Practical Parameterization of Rotations Using the
 * Exponential Map" (1998); of slerp: Shoemake, "Animating Rotation with Quaternion Curves" (1985).
 */
import type { FloatArray } from './quaternion.ts';
import { normalize, setIdentity } from './quaternion.ts';

type Numbers = ArrayLike<number>;

/** Below this angle (radians) the Taylor series is exact to double precision and sin(x)/x is not. */
const TINY_RAD = 1e-4;

/** out = the rotation by |v| radians about v (3 numbers at `j`). */
export function expMap(out: FloatArray, o: number, v: Numbers, j: number): void {
  const x = v[j];
  const y = v[j + 1];
  const z = v[j + 2];
  const angle = Math.sqrt(x * x + y * y + z * z);
  const s = angle < TINY_RAD ? 0.5 - (angle * angle) / 48 : Math.sin(angle / 2) / angle;
  out[o] = x * s;
  out[o + 1] = y * s;
  out[o + 2] = z * s;
  out[o + 3] = Math.cos(angle / 2);
}

/** out = the rotation vector (axis × angle, angle ≤ π radians) of a unit quaternion. Inverse of `expMap`. */
export function logMap(out: FloatArray, o: number, q: Numbers, i: number): void {
  const flip = q[i + 3] < 0 ? -1 : 1;
  const x = q[i] * flip;
  const y = q[i + 1] * flip;
  const z = q[i + 2] * flip;
  const w = q[i + 3] * flip;
  const s = Math.sqrt(x * x + y * y + z * z);
  const k = s < TINY_RAD ? 2 / w - (2 * s * s) / (3 * w * w * w) : (2 * Math.atan2(s, w)) / s;
  out[o] = x * k;
  out[o + 1] = y * k;
  out[o + 2] = z * k;
}

/** Angle of the rotation between two unit quaternions, 0..π radians. */
export function angleBetweenRad(a: Numbers, i: number, b: Numbers, j: number): number {
  const d = Math.abs(a[i] * b[j] + a[i + 1] * b[j + 1] + a[i + 2] * b[j + 2] + a[i + 3] * b[j + 3]);
  if (d < 0.9) return 2 * Math.acos(d);
  // acos loses all precision near 1: take the sine from the difference instead.
  const s = a[i] * b[j] + a[i + 1] * b[j + 1] + a[i + 2] * b[j + 2] + a[i + 3] * b[j + 3] < 0 ? -1 : 1;
  const x = a[i] - s * b[j];
  const y = a[i + 1] - s * b[j + 1];
  const z = a[i + 2] - s * b[j + 2];
  const w = a[i + 3] - s * b[j + 3];
  return 4 * Math.asin(Math.min(1, Math.sqrt(x * x + y * y + z * z + w * w) / 2));
}

/** out = spherical interpolation from a (t = 0) to b (t = 1) along the shorter arc. `out` may be an argument. */
export function slerp(out: FloatArray, o: number, a: Numbers, i: number, b: Numbers, j: number, t: number): void {
  let d = a[i] * b[j] + a[i + 1] * b[j + 1] + a[i + 2] * b[j + 2] + a[i + 3] * b[j + 3];
  const sign = d < 0 ? -1 : 1;
  d *= sign;
  let s = 1 - t;
  let e = t;
  if (d < 1 - 1e-10) {
    const angle = Math.acos(d);
    const sine = Math.sin(angle);
    s = Math.sin((1 - t) * angle) / sine;
    e = Math.sin(t * angle) / sine;
  }
  e *= sign;
  for (let k = 0; k < 4; k++) out[o + k] = s * a[i + k] + e * b[j + k];
  normalize(out, o);
}

/** out = rotation by `angleRad` about the unit axis (x, y, z). */
export function fromAxisAngle(out: FloatArray, o: number, x: number, y: number, z: number, angleRad: number): void {
  const s = Math.sin(angleRad / 2);
  out[o] = x * s;
  out[o + 1] = y * s;
  out[o + 2] = z * s;
  out[o + 3] = Math.cos(angleRad / 2);
}

/** out = the smallest rotation that takes the direction of a to the direction of b; identity if either is zero. */
export function fromTo(out: FloatArray, o: number, a: Numbers, i: number, b: Numbers, j: number): void {
  const la = Math.hypot(a[i], a[i + 1], a[i + 2]);
  const lb = Math.hypot(b[j], b[j + 1], b[j + 2]);
  if (!(la > 0 && lb > 0)) {
    setIdentity(out, o);
    return;
  }
  const ax = a[i] / la;
  const ay = a[i + 1] / la;
  const az = a[i + 2] / la;
  const bx = b[j] / lb;
  const by = b[j + 1] / lb;
  const bz = b[j + 2] / lb;
  const w = 1 + ax * bx + ay * by + az * bz;
  if (w < 1e-9) {
    // Opposite directions: half a turn about any axis across a.
    const useX = Math.abs(ax) < 0.7;
    out[o] = useX ? 0 : -az;
    out[o + 1] = useX ? az : 0;
    out[o + 2] = useX ? -ay : ax;
    out[o + 3] = 0;
  } else {
    out[o] = ay * bz - az * by;
    out[o + 1] = az * bx - ax * bz;
    out[o + 2] = ax * by - ay * bx;
    out[o + 3] = w;
  }
  normalize(out, o);
}

/** out = the rotation whose matrix has the orthonormal, right-handed columns x, y, z (Shepperd's method). */
export function fromBasis(out: FloatArray, o: number, x: Numbers, xi: number, y: Numbers, yi: number, z: Numbers, zi: number): void {
  const m00 = x[xi];
  const m10 = x[xi + 1];
  const m20 = x[xi + 2];
  const m01 = y[yi];
  const m11 = y[yi + 1];
  const m21 = y[yi + 2];
  const m02 = z[zi];
  const m12 = z[zi + 1];
  const m22 = z[zi + 2];
  const trace = m00 + m11 + m22;
  if (trace > m00 && trace > m11 && trace > m22) {
    out[o] = m21 - m12;
    out[o + 1] = m02 - m20;
    out[o + 2] = m10 - m01;
    out[o + 3] = 1 + trace;
  } else if (m00 > m11 && m00 > m22) {
    out[o] = 1 + m00 - m11 - m22;
    out[o + 1] = m10 + m01;
    out[o + 2] = m02 + m20;
    out[o + 3] = m21 - m12;
  } else if (m11 > m22) {
    out[o] = m10 + m01;
    out[o + 1] = 1 + m11 - m00 - m22;
    out[o + 2] = m21 + m12;
    out[o + 3] = m02 - m20;
  } else {
    out[o] = m02 + m20;
    out[o + 1] = m21 + m12;
    out[o + 2] = 1 + m22 - m00 - m11;
    out[o + 3] = m10 - m01;
  }
  normalize(out, o);
}

/** out = the 3 × 3 matrix of a unit quaternion, row-major, 9 numbers. */
export function toMatrix(out: FloatArray, o: number, q: Numbers, i: number): void {
  const x = q[i];
  const y = q[i + 1];
  const z = q[i + 2];
  const w = q[i + 3];
  out[o] = 1 - 2 * (y * y + z * z);
  out[o + 1] = 2 * (x * y - w * z);
  out[o + 2] = 2 * (x * z + w * y);
  out[o + 3] = 2 * (x * y + w * z);
  out[o + 4] = 1 - 2 * (x * x + z * z);
  out[o + 5] = 2 * (y * z - w * x);
  out[o + 6] = 2 * (x * z - w * y);
  out[o + 7] = 2 * (y * z + w * x);
  out[o + 8] = 1 - 2 * (x * x + y * y);
}

/** Signed angle (radians, −π..π) of the part of q that turns about the unit axis (x, y, z): the twist of swing–twist. */
export function twistAngleRad(q: Numbers, i: number, x: number, y: number, z: number): number {
  const along = q[i] * x + q[i + 1] * y + q[i + 2] * z;
  const angle = 2 * Math.atan2(along, q[i + 3]);
  if (angle > Math.PI) return angle - 2 * Math.PI;
  return angle < -Math.PI ? angle + 2 * Math.PI : angle;
}

/** Flips signs in place so that each of `count` quaternions, `stride` numbers apart, is nearest to the one before it. */
export function unrollQuaternions(q: FloatArray, at: number, count: number, stride: number): void {
  for (let f = 1; f < count; f++) {
    const i = at + f * stride;
    const before = i - stride;
    const d = q[i] * q[before] + q[i + 1] * q[before + 1] + q[i + 2] * q[before + 2] + q[i + 3] * q[before + 3];
    if (d < 0) for (let k = 0; k < 4; k++) q[i + k] = -q[i + k];
  }
}

/** Reduces the unit quaternion at `o` to the fraction t (0..1) of its rotation, in place. */
export function setBlend(q: FloatArray, o: number, t: number): void {
  slerp(q, o, IDENTITY, 0, q, o, t);
}

const IDENTITY = Float64Array.of(0, 0, 0, 1);
