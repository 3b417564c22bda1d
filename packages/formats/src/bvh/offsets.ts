import { multiply } from '@gaitway/motion/quaternion';
import type { Vec3 } from '@gaitway/motion/vector';
import { normalizeVector } from '@gaitway/motion/vector';
import { type UpAxis, upVector } from './axes.ts';
import { axesOf, boneOffset, framePair, hingeAxis, MeanOffset, type Quat, restDirection, zeroPoseAxes } from './calibrate.ts';
import type { BvhHumanoid, BvhLimbs } from './humanoid.ts';
import type { BvhWorld } from './kinematics.ts';
import type { BvhMotion } from './motion.ts';

/** A file with everything that was found out about it. */
export interface BvhBody {
  readonly motion: BvhMotion;
  readonly world: BvhWorld;
  readonly humanoid: BvhHumanoid;
  readonly upAxis: UpAxis;
}

/** Human joint → its joint in the file and the constant rotation from the human rest frame to that joint's frame. */
export type JointOffsets = ReadonlyMap<string, { readonly joint: number; readonly offset: Quat }>;

const FORWARD: Vec3 = [0, 0, 1];
const BACKWARD: Vec3 = [0, 0, -1];

/** Offsets of pelvis, chest, head and limbs; where the zero pose is not a standing person, from the motion itself. */
export function jointOffsetsOf(body: BvhBody): JointOffsets {
  const axes = zeroPoseAxes(body.motion, body.humanoid, body.upAxis);
  const out = new Map<string, { joint: number; offset: Quat }>();
  const h = body.humanoid;
  const trunk = (name: string, joint: number): void => {
    out.set(name, { joint, offset: axes ?? trunkFromMotion(body, joint) });
  };
  trunk('pelvis', h.hips);
  trunk('spine_05', h.chest);
  if (h.head !== null) out.set('head', { joint: h.head, offset: axes ?? followMean(body, h.head, out.get('spine_05')) });
  for (const [side, limb] of [
    ['l', h.left],
    ['r', h.right],
  ] as const)
    addLimb(out, body, axes, side, limb);
  return out;
}

function addLimb(
  out: Map<string, { joint: number; offset: Quat }>,
  body: BvhBody,
  axes: Quat | null,
  side: 'l' | 'r',
  limb: BvhLimbs,
): void {
  const bone = (name: string, child: string, joints: readonly [number, number, number, number], bend: Vec3): void => {
    const rest = restDirection(child);
    const direction = bodyOffset(body, joints[0], joints[1]);
    const offset = axes ? boneOffset(axes, rest, direction) : boneFromMotion(body, joints, rest, bend, direction);
    out.set(name, { joint: joints[0], offset });
  };
  bone(`thigh_${side}`, `calf_${side}`, [limb.thigh, limb.shin, limb.shin, limb.foot], BACKWARD);
  bone(`calf_${side}`, `foot_${side}`, [limb.shin, limb.foot, limb.thigh, limb.shin], BACKWARD);
  bone(`upperarm_${side}`, `lowerarm_${side}`, [limb.upperArm, limb.forearm, limb.forearm, limb.hand], FORWARD);
  bone(`lowerarm_${side}`, `hand_${side}`, [limb.forearm, limb.hand, limb.upperArm, limb.forearm], FORWARD);
  const forearm = out.get(`lowerarm_${side}`);
  const handAxes = axes ? boneOffset(axes, restDirection(`hand_${side}`), bodyOffset(body, limb.forearm, limb.hand)) : null;
  out.set(`hand_${side}`, { joint: limb.hand, offset: handAxes ?? followMean(body, limb.hand, forearm) });
  if (limb.clavicle !== null) {
    out.set(`clavicle_${side}`, { joint: limb.clavicle, offset: axes ?? followMean(body, limb.clavicle, out.get('spine_05')) });
  }
  out.set(`foot_${side}`, { joint: limb.foot, offset: footOffset(body, limb, axes) });
}

/** Direction from one joint to another, rigid in the frame of the first: its mean over the clip. */
function bodyOffset(body: BvhBody, from: number, to: number): Float64Array {
  const sum = new Float64Array(3);
  const q = body.world.rotations;
  const joints = body.motion.joints.length;
  const d = new Float64Array(3);
  const inverse = new Float64Array(4);
  for (let f = 0; f < body.motion.frameCount; f++) {
    span(d, body, f, from, to);
    for (let k = 0; k < 4; k++) inverse[k] = q[(f * joints + from) * 4 + k] * (k < 3 ? -1 : 1);
    turn(d, inverse);
    for (let k = 0; k < 3; k++) sum[k] += d[k];
  }
  normalizeVector(sum, 0);
  return sum;
}

function turn(v: Float64Array, q: Float64Array): void {
  const [x, y, z, w] = q;
  const tx = 2 * (y * v[2] - z * v[1]);
  const ty = 2 * (z * v[0] - x * v[2]);
  const tz = 2 * (x * v[1] - y * v[0]);
  v.set([v[0] + w * tx + y * tz - z * ty, v[1] + w * ty + z * tx - x * tz, v[2] + w * tz + x * ty - y * tx]);
}

/** out = position of joint b minus that of joint a. */
export function span(out: Float64Array, body: BvhBody, frame: number, a: number, b: number): void {
  const at = frame * body.motion.joints.length;
  for (let k = 0; k < 3; k++) out[k] = body.world.positions[(at + b) * 3 + k] - body.world.positions[(at + a) * 3 + k];
}

function trunkFromMotion(body: BvhBody, joint: number): Quat {
  const mean = new MeanOffset();
  const left = new Float64Array(3);
  const up = new Float64Array(3);
  for (let f = 0; f < body.motion.frameCount; f++) {
    const pair = joint === body.humanoid.hips ? 'thigh' : 'upperArm';
    span(left, body, f, body.humanoid.right[pair], body.humanoid.left[pair]);
    span(up, body, f, body.humanoid.hips, body.humanoid.chest);
    mean.add(body.world.rotations, (f * body.motion.joints.length + joint) * 4, orthogonalAxes(left, up), 0, 1);
  }
  return mean.value() ?? Float64Array.of(0, 0, 0, 1);
}

/** Axes with `left` exact and `up` made perpendicular to it. */
function orthogonalAxes(left: Float64Array, up: Float64Array): Quat {
  normalizeVector(left, 0);
  const along = left[0] * up[0] + left[1] * up[1] + left[2] * up[2];
  for (let k = 0; k < 3; k++) up[k] -= along * left[k];
  normalizeVector(up, 0);
  return axesOf(left, up);
}

function boneFromMotion(
  body: BvhBody,
  [joint, child, a, b]: readonly [number, number, number, number],
  rest: Vec3,
  bend: Vec3,
  direction: Float64Array,
): Quat {
  const mean = new MeanOffset();
  const bone = new Float64Array(3);
  const other = new Float64Array(3);
  const hinge = new Float64Array(3);
  const restHinge = crossed(rest, bend);
  for (let f = 0; f < body.motion.frameCount; f++) {
    span(bone, body, f, joint, child);
    span(other, body, f, a, b);
    const isUpper = child === a;
    const sine = isUpper ? hingeAxis(hinge, bone, other) : hingeAxis(hinge, other, bone);
    if (sine < 0.1) continue;
    mean.add(body.world.rotations, (f * body.motion.joints.length + joint) * 4, framePair(rest, restHinge, bone, hinge), 0, sine);
  }
  return mean.value() ?? boneOffset(Float64Array.of(0, 0, 0, 1), rest, direction);
}

const crossed = (a: Vec3, b: Vec3): Vec3 => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];

/** Mean offset that makes a joint follow another one: a hand its forearm, a head the chest. */
function followMean(body: BvhBody, joint: number, leader: { readonly joint: number; readonly offset: Quat } | undefined): Quat {
  const mean = new MeanOffset();
  const wanted = new Float64Array(4);
  const joints = body.motion.joints.length;
  if (!leader) return Float64Array.of(0, 0, 0, 1);
  for (let f = 0; f < body.motion.frameCount; f++) {
    multiply(wanted, 0, body.world.rotations, (f * joints + leader.joint) * 4, leader.offset, 0);
    mean.add(body.world.rotations, (f * joints + joint) * 4, wanted, 0, 1);
  }
  return mean.value() ?? Float64Array.of(0, 0, 0, 1);
}

/** Share of the frames, the lowest and slowest, in which a foot is taken to stand flat. */
const FLAT_SHARE = 0.25;

/** The foot is level and points along ankle → toe in the frames in which it stands. */
function footOffset(body: BvhBody, limb: BvhLimbs, axes: Quat | null): Quat {
  const up = upVector(body.upAxis);
  const frames = body.motion.frameCount;
  const score = Float64Array.from({ length: frames }, (_, f) => footRestlessness(body, limb, up, f));
  const limit = score.slice().sort()[Math.floor((frames - 1) * FLAT_SHARE)];
  const mean = new MeanOffset();
  const forward = new Float64Array(3);
  for (let f = 0; f < frames; f++) {
    if (score[f] > limit) continue;
    toeSpan(forward, body, limb, f);
    const lift = forward[0] * up[0] + forward[1] * up[1] + forward[2] * up[2];
    for (let k = 0; k < 3; k++) forward[k] -= lift * up[k];
    if (normalizeVector(forward, 0) === 0) continue;
    const left = Float64Array.from(crossed(up, [forward[0], forward[1], forward[2]]));
    mean.add(body.world.rotations, (f * body.motion.joints.length + limb.foot) * 4, axesOf(left, Float64Array.from(up)), 0, 1);
  }
  return mean.value() ?? axes ?? Float64Array.of(0, 0, 0, 1);
}

/** Height of the ankle plus its travel in the next frame (file units, weighted): small while the foot stands. */
function footRestlessness(body: BvhBody, limb: BvhLimbs, up: Vec3, frame: number): number {
  const joints = body.motion.joints.length;
  const p = body.world.positions;
  const a = (frame * joints + limb.foot) * 3;
  const b = (Math.min(frame + 1, body.motion.frameCount - 1) * joints + limb.foot) * 3;
  const height = p[a] * up[0] + p[a + 1] * up[1] + p[a + 2] * up[2];
  return height + 5 * Math.hypot(p[b] - p[a], p[b + 1] - p[a + 1], p[b + 2] - p[a + 2]);
}

/** Ankle → toe: the toe joint, the End Site of the foot, or straight ahead of the shin's plane where the file has neither. */
function toeSpan(out: Float64Array, body: BvhBody, limb: BvhLimbs, frame: number): void {
  if (limb.toe !== null) {
    span(out, body, frame, limb.foot, limb.toe);
    return;
  }
  const end = body.motion.joints[limb.foot].endSite;
  out.set(end ?? [0, 0, 1]);
  turn(
    out,
    body.world.rotations.slice(
      (frame * body.motion.joints.length + limb.foot) * 4,
      (frame * body.motion.joints.length + limb.foot) * 4 + 4,
    ),
  );
}
