import { HUMAN_JOINTS } from '@gaitway/motion/human';
import { multiply, multiplyInverse, setIdentity } from '@gaitway/motion/quaternion';
import { fromAxisAngle, fromBasis, fromTo, setBlend, twistAngleRad } from '@gaitway/motion/rotation';
import { addScaled, cross, dot, normalizeVector, subtract } from '@gaitway/motion/vector';
import { keepHipsNear } from './hip-line.ts';
import type { ArmRig, LegRig } from './rig.ts';
import { ARMS, EARS, FINGER_CURL, LEGS, NECK, NOSE, PELVIS, SPINE } from './rig.ts';

/**
 * One frame's joint rotations from landmark positions, in closed form: torso frames from the lines of hips and shoulders, limb
 * swing from bone directions, limb twist from the plane in which the hinge bends, hands and feet from their triangles.
 *
 * Rest axes as in `HUMAN_SKELETON`: the arm points along (±0.707, −0.707, 0) and its elbow bends it towards +z; the leg points
 * along −y and its knee bends it towards −z.
 */
export interface PoseScratch {
  /** World rotation of every joint, 4 numbers each. */
  readonly world: Float64Array;
  readonly v: Float64Array;
  readonly q: Float64Array;
}

export const createPoseScratch = (): PoseScratch => ({
  world: new Float64Array(HUMAN_JOINTS.length * 4),
  v: new Float64Array(48),
  q: new Float64Array(16),
});

const HIP = Math.SQRT1_2;
const FORWARD = Float64Array.of(0, 0, 1);

/** Slots of scratch vectors. */
const X = 0;
const Y = 3;
const Z = 6;
const UP = 9;
const BONE = 12;
const NEXT = 15;
const HINGE = 18;
const FALLBACK = 21;
const REST = 24;
const REST_HINGE = 27;
const REST_THIRD = 30;
const THIRD = 33;
const MID_A = 36;
const MID_B = 39;
const TEMP = 42;

/**
 * Writes the local rotations (`HUMAN_JOINTS × 4` at `o`) of the pose seen in `points` (`33 × 3` at `p`, y up).
 * With `legs` false the legs keep the rest pose.
 */
export function analyticPose(out: Float32Array, o: number, points: Float64Array, p: number, legs: boolean, s: PoseScratch): void {
  for (let j = 0; j < HUMAN_JOINTS.length; j++) {
    setIdentity(out, o + j * 4);
    setIdentity(s.world, j * 4);
  }
  torso(out, o, points, p, s);
  head(out, o, points, p, s);
  for (const rig of ARMS) arm(out, o, points, p, rig, s);
  if (legs) for (const rig of LEGS) leg(out, o, points, p, rig, s);
  for (const [joint, mirror, angleRad] of FINGER_CURL) fromAxisAngle(out, o + joint * 4, 0, 0, -mirror, angleRad);
}

const mark = (p: number, landmark: number): number => p + landmark * 3;

function midpoint(s: PoseScratch, slot: number, points: Float64Array, a: number, b: number): void {
  for (let k = 0; k < 3; k++) s.v[slot + k] = (points[a + k] + points[b + k]) / 2;
}

/** Rotation with the given left direction (X) and, as nearly as that allows, the up direction (UP). */
function frameFrom(out: Float64Array, o: number, s: PoseScratch): void {
  const { v } = s;
  normalizeVector(v, X);
  cross(v, Z, v, X, v, UP);
  if (normalizeVector(v, Z) < 1e-9) {
    setIdentity(out, o);
    return;
  }
  cross(v, Y, v, Z, v, X);
  fromBasis(out, o, v, X, v, Y, v, Z);
}

function setLocal(out: Float32Array, o: number, joint: number, parent: number, s: PoseScratch): void {
  multiplyInverse(out, o + joint * 4, s.world, parent * 4, s.world, joint * 4);
}

function torso(out: Float32Array, o: number, points: Float64Array, p: number, s: PoseScratch): void {
  const { v, q } = s;
  midpoint(s, MID_A, points, mark(p, 23), mark(p, 24));
  midpoint(s, MID_B, points, mark(p, 11), mark(p, 12));
  subtract(v, UP, v, MID_B, v, MID_A);
  subtract(v, X, points, mark(p, 23), points, mark(p, 24));
  subtract(v, TEMP, points, mark(p, 11), points, mark(p, 12));
  keepHipsNear(v, X, TEMP);
  frameFrom(s.world, PELVIS * 4, s);
  for (let k = 0; k < 4; k++) out[o + k] = s.world[k];
  subtract(v, X, points, mark(p, 11), points, mark(p, 12));
  frameFrom(q, 0, s);
  spread(out, o, q, PELVIS, SPINE, s);
}

/** Shares the turn from the world rotation of `parent` to the target `q[0..3]` equally among a chain of joints. */
function spread(out: Float32Array, o: number, q: Float64Array, parent: number, chain: readonly number[], s: PoseScratch): void {
  multiplyInverse(q, 4, s.world, parent * 4, q, 0);
  setBlend(q, 4, 1 / chain.length);
  let above = parent;
  for (const joint of chain) {
    for (let k = 0; k < 4; k++) out[o + joint * 4 + k] = q[4 + k];
    multiply(s.world, joint * 4, s.world, above * 4, q, 4);
    above = joint;
  }
}

/** The nose lies this far below the ears' height at level gaze, as a fraction of its distance in front of them. */
const NOSE_DROP = 0.2;

function head(out: Float32Array, o: number, points: Float64Array, p: number, s: PoseScratch): void {
  const { v, q } = s;
  midpoint(s, MID_A, points, mark(p, EARS[0]), mark(p, EARS[1]));
  subtract(v, X, points, mark(p, EARS[0]), points, mark(p, EARS[1]));
  subtract(v, Z, points, mark(p, NOSE), v, MID_A);
  if (normalizeVector(v, X) < 1e-6) return;
  cross(v, UP, v, Z, v, X);
  normalizeVector(v, UP);
  normalizeVector(v, Z);
  addScaled(v, Z, v, Z, v, UP, NOSE_DROP);
  cross(v, UP, v, Z, v, X);
  frameFrom(q, 0, s);
  const chest = SPINE[SPINE.length - 1];
  spread(out, o, q, chest, NECK, s);
}

/** Turns `parent`'s frame by the least that takes the rest direction to BONE: the fallback where a hinge shows no plane. */
function swingHinge(parent: number, s: PoseScratch): void {
  const { v, q, world } = s;
  rotateInto(v, TEMP, world, parent * 4, v, REST);
  fromTo(q, 8, v, TEMP, v, BONE);
  rotateInto(v, FALLBACK, world, parent * 4, v, REST_HINGE);
  rotateInto(v, FALLBACK, q, 8, v, FALLBACK);
}

function rotateInto(out: Float64Array, o: number, q: Float64Array, i: number, v: Float64Array, j: number): void {
  const x = q[i];
  const y = q[i + 1];
  const z = q[i + 2];
  const w = q[i + 3];
  const tx = 2 * (y * v[j + 2] - z * v[j + 1]);
  const ty = 2 * (z * v[j] - x * v[j + 2]);
  const tz = 2 * (x * v[j + 1] - y * v[j]);
  const vx = v[j] + w * tx + y * tz - z * ty;
  const vy = v[j + 1] + w * ty + z * tx - x * tz;
  const vz = v[j + 2] + w * tz + x * ty - y * tx;
  out[o] = vx;
  out[o + 1] = vy;
  out[o + 2] = vz;
}

/** Sine of the bend below which the plane of a limb is not believed, and above which it is believed fully. */
const BLIND_SINE = 0.12;
const SURE_SINE = 0.5;

/** Blends the measured hinge axis (BONE × NEXT) with the fallback, then makes the frame (BONE, hinge) of the upper bone. */
function limbFrames(upper: number, lower: number, parent: number, s: PoseScratch): void {
  const { v, world, q } = s;
  normalizeVector(v, BONE);
  normalizeVector(v, NEXT);
  swingHinge(parent, s);
  cross(v, HINGE, v, BONE, v, NEXT);
  const sine = normalizeVector(v, HINGE);
  const x = Math.max(0, Math.min(1, (sine - BLIND_SINE) / (SURE_SINE - BLIND_SINE)));
  // A limb bent the wrong way round is a wrong depth, not a broken joint.
  const trust = x * x * (3 - 2 * x) * (dot(v, HINGE, v, FALLBACK) < -0.2 ? 0.3 : 1);
  for (let k = 0; k < 3; k++) v[HINGE + k] = trust * v[HINGE + k] + (1 - trust) * v[FALLBACK + k];
  addScaled(v, HINGE, v, HINGE, v, BONE, -dot(v, HINGE, v, BONE));
  if (normalizeVector(v, HINGE) < 1e-6) for (let k = 0; k < 3; k++) v[HINGE + k] = v[FALLBACK + k];
  cross(v, REST_THIRD, v, REST, v, REST_HINGE);
  cross(v, THIRD, v, BONE, v, HINGE);
  fromBasis(q, 8, v, REST, v, REST_HINGE, v, REST_THIRD);
  fromBasis(q, 12, v, BONE, v, HINGE, v, THIRD);
  multiplyInverse(q, 4, q, 8, q, 12);
  conjugate(q, 8);
  multiply(world, upper * 4, q, 12, q, 8);
  fromTo(q, 4, v, BONE, v, NEXT);
  multiply(world, lower * 4, q, 4, world, upper * 4);
}

function conjugate(q: Float64Array, i: number): void {
  for (let k = 0; k < 3; k++) q[i + k] = -q[i + k];
}

/** Furthest a forearm turns about its axis, and a wrist bends, radians. */
const MAX_PRONATION_RAD = 1.6;
const MAX_WRIST = 0.7;

function arm(out: Float32Array, o: number, points: Float64Array, p: number, rig: ArmRig, s: PoseScratch): void {
  const { v, q, world } = s;
  const chest = SPINE[SPINE.length - 1];
  for (let k = 0; k < 4; k++) world[rig.clavicle * 4 + k] = world[chest * 4 + k];
  v[REST] = rig.mirror * HIP;
  v[REST + 1] = -HIP;
  v[REST + 2] = 0;
  cross(v, REST_HINGE, v, REST, FORWARD, 0);
  subtract(v, BONE, points, mark(p, rig.elbowMark), points, mark(p, rig.shoulderMark));
  subtract(v, NEXT, points, mark(p, rig.wristMark), points, mark(p, rig.elbowMark));
  limbFrames(rig.upper, rig.lower, rig.clavicle, s);
  setLocal(out, o, rig.upper, rig.clavicle, s);
  handFrame(points, p, rig, s);
  // Turning the palm is the forearm's work: the hand keeps only what bends the wrist.
  multiplyInverse(q, 4, world, rig.lower * 4, q, 0);
  const turn = Math.max(-MAX_PRONATION_RAD, Math.min(MAX_PRONATION_RAD, twistAngleRad(q, 4, v[REST], v[REST + 1], v[REST + 2])));
  fromAxisAngle(q, 8, v[REST], v[REST + 1], v[REST + 2], turn);
  multiply(world, rig.lower * 4, world, rig.lower * 4, q, 8);
  setLocal(out, o, rig.lower, rig.upper, s);
  multiplyInverse(q, 4, world, rig.lower * 4, q, 0);
  setBlend(q, 4, MAX_WRIST);
  for (let k = 0; k < 4; k++) out[o + rig.hand * 4 + k] = q[4 + k];
}

/** World rotation of the hand in `q[0..3]`: along wrist → knuckles, across little finger → index. */
function handFrame(points: Float64Array, p: number, rig: ArmRig, s: PoseScratch): void {
  const { v, q } = s;
  midpoint(s, MID_A, points, mark(p, rig.pinkyMark), mark(p, rig.indexMark));
  subtract(v, BONE, v, MID_A, points, mark(p, rig.wristMark));
  subtract(v, Z, points, mark(p, rig.indexMark), points, mark(p, rig.pinkyMark));
  normalizeVector(v, BONE);
  addScaled(v, Z, v, Z, v, BONE, -dot(v, Z, v, BONE));
  if (normalizeVector(v, Z) < 1e-6) {
    for (let k = 0; k < 4; k++) q[k] = s.world[rig.lower * 4 + k];
    return;
  }
  cross(v, Y, v, Z, v, BONE);
  cross(v, REST_THIRD, FORWARD, 0, v, REST);
  fromBasis(q, 8, v, REST, v, REST_THIRD, FORWARD, 0);
  fromBasis(q, 0, v, BONE, v, Y, v, Z);
  conjugate(q, 8);
  multiply(q, 0, q, 0, q, 8);
}

function leg(out: Float32Array, o: number, points: Float64Array, p: number, rig: LegRig, s: PoseScratch): void {
  const { v, world } = s;
  for (let k = 0; k < 3; k++) {
    v[REST + k] = k === 1 ? -1 : 0;
    v[REST_HINGE + k] = k === 0 ? 1 : 0;
  }
  subtract(v, BONE, points, mark(p, rig.kneeMark), points, mark(p, rig.hipMark));
  subtract(v, NEXT, points, mark(p, rig.ankleMark), points, mark(p, rig.kneeMark));
  limbFrames(rig.thigh, rig.calf, PELVIS, s);
  setLocal(out, o, rig.thigh, PELVIS, s);
  setLocal(out, o, rig.calf, rig.thigh, s);
  footFrame(points, p, rig, s);
  multiplyInverse(s.q, 4, world, rig.calf * 4, s.q, 0);
  for (let k = 0; k < 4; k++) out[o + rig.foot * 4 + k] = s.q[4 + k];
}

/** World rotation of the foot in `q[0..3]`: along heel → toe, its sideways axis the knee's hinge. */
function footFrame(points: Float64Array, p: number, rig: LegRig, s: PoseScratch): void {
  const { v, q } = s;
  subtract(v, Z, points, mark(p, rig.toeMark), points, mark(p, rig.heelMark));
  if (normalizeVector(v, Z) < 1e-6) {
    for (let k = 0; k < 4; k++) q[k] = s.world[rig.calf * 4 + k];
    return;
  }
  for (let k = 0; k < 3; k++) v[X + k] = v[HINGE + k];
  addScaled(v, X, v, X, v, Z, -dot(v, X, v, Z));
  normalizeVector(v, X);
  cross(v, Y, v, Z, v, X);
  fromBasis(q, 0, v, X, v, Y, v, Z);
}
