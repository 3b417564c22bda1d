/** Small vector and quaternion (xyzw) values for the generators, where clarity counts and speed does not. */
import { multiply, rotate } from '@gaitway/motion/quaternion';
import { fromAxisAngle, fromBasis, slerp } from '@gaitway/motion/rotation';

export type V3 = readonly [number, number, number];
export type Quat = readonly [number, number, number, number];

export const add = (a: V3, b: V3): V3 => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
export const minus = (a: V3, b: V3): V3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
export const times = (a: V3, s: number): V3 => [a[0] * s, a[1] * s, a[2] * s];
export const norm = (a: V3): number => Math.hypot(a[0], a[1], a[2]);
export const mix = (a: V3, b: V3, t: number): V3 => add(times(a, 1 - t), times(b, t));

const asV3 = (x: ArrayLike<number>): V3 => [x[0], x[1], x[2]];
const asQuat = (x: ArrayLike<number>): Quat => [x[0], x[1], x[2], x[3]];

/** a · b, b first. */
export function compose(...quats: readonly Quat[]): Quat {
  const out = Float64Array.of(0, 0, 0, 1);
  for (const q of quats) multiply(out, 0, out, 0, q, 0);
  return asQuat(out);
}

export const inverse = ([x, y, z, w]: Quat): Quat => [-x, -y, -z, w];

export function turn(q: Quat, v: V3): V3 {
  const out = new Float64Array(3);
  rotate(out, 0, q, 0, v, 0);
  return asV3(out);
}

export function about(axis: V3, angleRad: number): Quat {
  const out = new Float64Array(4);
  fromAxisAngle(out, 0, axis[0], axis[1], axis[2], angleRad);
  return asQuat(out);
}

export const X: V3 = [1, 0, 0];
export const Y: V3 = [0, 1, 0];
export const Z: V3 = [0, 0, 1];
export const IDENTITY: Quat = [0, 0, 0, 1];

export function between(a: Quat, b: Quat, t: number): Quat {
  const out = new Float64Array(4);
  slerp(out, 0, a, 0, b, 0, t);
  return asQuat(out);
}

/** The rotation that takes direction `from` to `to` and the side on which `fromPole` lies to that of `toPole`. */
export function aim(from: V3, fromPole: V3, to: V3, toPole: V3): Quat {
  return compose(basis(to, toPole), inverse(basis(from, fromPole)));
}

function basis(along: V3, pole: V3): Quat {
  const x = times(along, 1 / norm(along));
  const across = minus(pole, times(x, x[0] * pole[0] + x[1] * pole[1] + x[2] * pole[2]));
  const y = times(across, 1 / Math.max(1e-9, norm(across)));
  const z: V3 = [x[1] * y[2] - x[2] * y[1], x[2] * y[0] - x[0] * y[2], x[0] * y[1] - x[1] * y[0]];
  const out = new Float64Array(4);
  fromBasis(out, 0, x, 0, y, 0, z, 0);
  return asQuat(out);
}

/** 0 before `from`, 1 after `to`, eased in between (quintic: speed and acceleration are zero at both ends). */
export function ease(x: number, from = 0, to = 1): number {
  const t = Math.max(0, Math.min(1, (x - from) / (to - from)));
  return t * t * t * (t * (6 * t - 15) + 10);
}

/** Value at x of eased keys `[x, value]`. */
export function keyed(x: number, keys: readonly (readonly [number, number])[]): number {
  let value = keys[0][1];
  for (let i = 1; i < keys.length; i++) value += (keys[i][1] - keys[i - 1][1]) * ease(x, keys[i - 1][0], keys[i][0]);
  return value;
}
