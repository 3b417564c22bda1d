import { HUMAN_SKELETON } from '@gaitway/motion/human';
import { multiply, multiplyInverse, normalize, rotate } from '@gaitway/motion/quaternion';
import { fromBasis, fromTo } from '@gaitway/motion/rotation';
import { jointIndex } from '@gaitway/motion/skeleton';
import type { Vec3 } from '@gaitway/motion/vector';
import { cross, length, normalizeVector } from '@gaitway/motion/vector';
import { type UpAxis, upVector } from './axes.ts';
import type { BvhHumanoid } from './humanoid.ts';
import type { BvhMotion } from './motion.ts';

export type Quat = Float64Array;

/** Direction of a bone of the human skeleton in its rest pose. */
export function restDirection(child: string): Vec3 {
  const [x, y, z] = HUMAN_SKELETON.joints[jointIndex(HUMAN_SKELETON, child)].translationM;
  const l = Math.hypot(x, y, z);
  return [x / l, y / l, z / l];
}

/** Positions of the joints when every channel is zero, `joints × 3`. */
export function zeroPose(motion: BvhMotion): Float64Array {
  const out = new Float64Array(motion.joints.length * 3);
  motion.joints.forEach((joint, j) => {
    for (let k = 0; k < 3; k++) out[j * 3 + k] = joint.offset[k] + (joint.parent < 0 ? 0 : out[joint.parent * 3 + k]);
  });
  return out;
}

/**
 * The axes of a person (left, up, forward) in the zero pose as a rotation from the human rest frame, or null where the zero pose
 * is not a person standing upright (some rigs have all bones along one axis).
 */
export function zeroPoseAxes(motion: BvhMotion, body: BvhHumanoid, upAxis: UpAxis): Quat | null {
  const zero = zeroPose(motion);
  const up = upVector(upAxis);
  const between = (a: number, b: number): Float64Array => {
    const d = Float64Array.from([0, 1, 2], (k) => zero[b * 3 + k] - zero[a * 3 + k]);
    normalizeVector(d, 0);
    return d;
  };
  const along = (d: Float64Array): number => d[0] * up[0] + d[1] * up[1] + d[2] * up[2];
  const legsDown = [body.left, body.right].every(
    (limb) => along(between(limb.thigh, limb.shin)) < -0.8 && along(between(limb.shin, limb.foot)) < -0.8,
  );
  if (!legsDown || along(between(body.left.foot, body.chest)) < 0.7) return null;
  const left = between(body.right.thigh, body.left.thigh);
  const lean = along(left);
  for (let k = 0; k < 3; k++) left[k] -= lean * up[k];
  if (normalizeVector(left, 0) === 0) return null;
  return axesOf(left, Float64Array.from(up));
}

/** Rotation with columns left, up and left × up. */
export function axesOf(left: Float64Array, up: Float64Array): Quat {
  const forward = new Float64Array(3);
  cross(forward, 0, left, 0, up, 0);
  const out = new Float64Array(4);
  fromBasis(out, 0, left, 0, up, 0, forward, 0);
  return out;
}

/** Offset from the human rest frame to a joint frame of the file: turns the rest bone onto the bone of the file and no more. */
export function boneOffset(axes: Quat, rest: Vec3, bone: Float64Array): Quat {
  const turned = new Float64Array(3);
  rotate(turned, 0, axes, 0, rest, 0);
  const out = new Float64Array(4);
  fromTo(out, 0, turned, 0, bone, 0);
  multiply(out, 0, out, 0, axes, 0);
  return out;
}

/** Frame with the primary axis exact and the secondary as near as it can be: rest pair → world pair. */
export function framePair(rest: Vec3, restSide: Vec3, bone: Float64Array, side: Float64Array): Quat {
  const a = pairBasis(Float64Array.from(rest), Float64Array.from(restSide));
  const b = pairBasis(bone, side);
  const out = new Float64Array(4);
  a[0] *= -1;
  a[1] *= -1;
  a[2] *= -1;
  multiply(out, 0, b, 0, a, 0);
  return out;
}

function pairBasis(bone: Float64Array, side: Float64Array): Quat {
  const x = bone.slice();
  normalizeVector(x, 0);
  const z = new Float64Array(3);
  cross(z, 0, x, 0, side, 0);
  normalizeVector(z, 0);
  const y = new Float64Array(3);
  cross(y, 0, z, 0, x, 0);
  const out = new Float64Array(4);
  fromBasis(out, 0, x, 0, y, 0, z, 0);
  return out;
}

/** Weighted mean of joint⁻¹ · wanted over frames: the constant offset of a joint whose meaning is only known from the motion. */
export class MeanOffset {
  readonly #sum = new Float64Array(4);
  #weight = 0;

  add(joint: ArrayLike<number>, jointAt: number, wanted: ArrayLike<number>, wantedAt: number, weight: number): void {
    if (!(weight > 0)) return;
    const q = new Float64Array(4);
    multiplyInverse(q, 0, joint, jointAt, wanted, wantedAt);
    const s = this.#sum;
    const sign = s[0] * q[0] + s[1] * q[1] + s[2] * q[2] + s[3] * q[3] < 0 ? -weight : weight;
    for (let k = 0; k < 4; k++) s[k] += sign * q[k];
    this.#weight += weight;
  }

  /** Null where no frame said anything. */
  value(): Quat | null {
    if (this.#weight === 0) return null;
    const out = this.#sum.slice();
    normalize(out, 0);
    return out;
  }
}

/** How well two bones of a limb define the axis of the joint between them: the sine of their angle; `out` gets the unit axis. */
export function hingeAxis(out: Float64Array, upper: Float64Array, lower: Float64Array): number {
  cross(out, 0, upper, 0, lower, 0);
  const sine = length(out, 0) / (length(upper, 0) * length(lower, 0) || 1);
  normalizeVector(out, 0);
  return sine;
}
