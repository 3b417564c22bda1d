import { addBodyFloor, addSelfCollision } from './collision.ts';
import { addBone, addDiagonal, addDirection, addGap, addPoint, addRotation, type Equations, resetEquations } from './equations.ts';
import type { Goals } from './goals.ts';
import { g1Forward, JOINTS_AT, linkPoint } from './kinematics.ts';
import { FOOT_LINKS, G1_DOF, g1Joint, g1Link, HEEL_POINT_M, SOLE_POINTS_M, TOE_POINT_M } from './model.ts';
import { FRAME, FRAMES, SEGMENT_COUNT } from './source.ts';
import type { G1Motion } from './trajectory.ts';

export type HandMode = 'follow' | 'neutral';

/** Weights: per metre for points, per radian for rotations and directions. The cost is the sum of (weight × residual)². */
export const WEIGHTS = {
  rootXy: 3,
  rootZ: 10,
  pelvis: 9,
  torso: 25,
  leg: 35,
  arm: 16,
  footSwing: 8,
  footFlat: 25,
  footYaw: 20,
  anchorXy: 490,
  anchorZ: 600,
  sole: 1000,
  bodyFloor: 150,
  hand: 2,
  rest: 0.6,
  softLimit: 30,
  collision: 400,
} as const;

const SOFT_LIMIT_SHARE = 0.02;
const COLLISION_MARGIN_M = 0.008;
/** The robot stands this much above the floor before the sole hinge acts, metres. */
const SOLE_CLEARANCE_M = 0.0005;

const TORSO = g1Link('torso_link');
const SIDES = ['left', 'right'] as const;
const LINKS = SIDES.map((side) => ({
  hip: g1Link(`${side}_hip_roll_link`),
  knee: g1Link(`${side}_knee_link`),
  ankle: g1Link(`${side}_ankle_pitch_link`),
  upperArm: g1Link(`${side}_shoulder_yaw_link`),
  elbow: g1Link(`${side}_elbow_link`),
  hand: g1Link(`${side}_wrist_yaw_link`),
}));
const RELAXED = [
  'waist_yaw',
  'waist_roll',
  'waist_pitch',
  ...SIDES.flatMap((s) => ['wrist_roll', 'wrist_pitch', 'wrist_yaw'].map((j) => `${s}_${j}`)),
].map(g1Joint);

const point = new Float64Array(3);
const otherPoint = new Float64Array(3);
const goalRotation = new Float64Array(9);
const down = new Float64Array(3);
const UP = Float64Array.of(0, 0, 1);

/** Equations of one frame of `motion` towards the goals: everything but what ties frames together. */
export function frameEquations(e: Equations, goals: Goals, motion: G1Motion, f: number, handMode: HandMode): void {
  resetEquations(e);
  g1Forward(e.pose, e.model, motion.rootM, f * 3, motion.rootQuaternion, f * 4, motion.angles, f * G1_DOF);
  addRoot(e, goals, motion, f);
  for (let side = 0; side < 2; side++) {
    addLimbs(e, goals, f, side);
    addFoot(e, goals, f, side);
    if (handMode === 'follow') addHand(e, goals, f, side);
  }
  addJointTerms(e, motion, f, handMode);
  addSelfCollision(e, COLLISION_MARGIN_M, WEIGHTS.collision);
  addBodyFloor(e, WEIGHTS.bodyFloor);
}

function addRoot(e: Equations, goals: Goals, motion: G1Motion, f: number): void {
  for (let k = 0; k < 3; k++) addDiagonal(e, k, goals.rootM[f * 3 + k] - motion.rootM[f * 3 + k], k < 2 ? WEIGHTS.rootXy : WEIGHTS.rootZ);
  const c = goals.source.frameConfidence;
  const at = f * FRAMES.length;
  const pelvis = WEIGHTS.pelvis * trust(c[at + FRAME.pelvis]);
  const torso = WEIGHTS.torso * trust(c[at + FRAME.torso]);
  addRotation(e, 0, goals.rotations, (at + FRAME.pelvis) * 9, pelvis, pelvis, pelvis);
  addRotation(e, TORSO, goals.rotations, (at + FRAME.torso) * 9, torso, torso, torso);
}

/** Weight factor of a confidence: a guessed joint still has a say where nothing else speaks. */
const trust = (confidence: number): number => 0.15 + 0.85 * confidence;

function addLimbs(e: Equations, goals: Goals, f: number, side: number): void {
  const { directions, segmentConfidence } = goals.source;
  const links = LINKS[side];
  const leg = f * SEGMENT_COUNT + side * 2;
  const arm = leg + 4;
  addBone(e, links.hip, links.knee, directions, leg * 3, WEIGHTS.leg * trust(segmentConfidence[leg]));
  addBone(e, links.knee, links.ankle, directions, (leg + 1) * 3, WEIGHTS.leg * trust(segmentConfidence[leg + 1]));
  for (let r = 0; r < 3; r++) down[r] = -e.pose.rotations[links.upperArm * 9 + r * 3 + 2];
  addDirection(e, links.upperArm, down, 0, directions, arm * 3, WEIGHTS.arm * trust(segmentConfidence[arm]));
  addBone(e, links.elbow, links.hand, directions, (arm + 1) * 3, WEIGHTS.arm * trust(segmentConfidence[arm + 1]));
}

function addFoot(e: Equations, goals: Goals, f: number, side: number): void {
  const link = FOOT_LINKS[side];
  const heel = goals.anchorWeight[f * 4 + side * 2];
  const toe = goals.anchorWeight[f * 4 + side * 2 + 1];
  const rotationAt = (f * FRAMES.length + FRAME.foot[side]) * 9;
  const confidence = trust(goals.source.frameConfidence[f * FRAMES.length + FRAME.foot[side]]);
  const yaw = goals.plantYawRad[f * 2 + side];
  if (Number.isNaN(yaw)) {
    const w = WEIGHTS.footSwing * confidence;
    addRotation(e, link, goals.rotations, rotationAt, w, w, w);
  } else addStanceRotation(e, goals, rotationAt, link, yaw, heel === 1 && toe === 1);
  if (heel > 0) addAnchor(e, link, HEEL_POINT_M, 0, goals.anchorsM, (f * 4 + side * 2) * 3, heel);
  if (toe > 0) addAnchor(e, link, TOE_POINT_M, 6, goals.anchorsM, (f * 4 + side * 2 + 1) * 3, toe);
  for (let k = 0; k < 4; k++) {
    linkPoint(point, 0, e.pose, link, SOLE_POINTS_M, k * 3);
    if (point[2] < SOLE_CLEARANCE_M) addGap(e, link, point, 0, -1, point, 0, UP, SOLE_CLEARANCE_M - point[2], WEIGHTS.sole);
  }
}

/** A flat foot is level; one that stands on heel or toe alone keeps the pitch of the source and never rolls. */
function addStanceRotation(e: Equations, goals: Goals, rotationAt: number, link: number, yaw: number, isFlat: boolean): void {
  const R = goals.rotations;
  const pitch = isFlat ? 0 : Math.atan2(-R[rotationAt + 6], Math.hypot(R[rotationAt], R[rotationAt + 3]));
  const c = Math.cos(yaw);
  const s = Math.sin(yaw);
  const cp = Math.cos(pitch);
  const sp = Math.sin(pitch);
  goalRotation.set([c * cp, -s, c * sp, s * cp, c, s * sp, -sp, 0, cp]);
  const w = isFlat ? WEIGHTS.footFlat : WEIGHTS.footSwing;
  addRotation(e, link, goalRotation, 0, w, w, WEIGHTS.footYaw);
}

/**
 * A heel or toe held on its place. In height it is the lower of its two sole points that is held: legs further apart than the ankles
 * can roll stand a little on the inner edges of their soles, as feet in shoes do.
 */
function addAnchor(
  e: Equations,
  link: number,
  local: Float64Array,
  corner: number,
  anchors: Float64Array,
  at: number,
  weight: number,
): void {
  linkPoint(point, 0, e.pose, link, local, 0);
  addPoint(e, link, point, 0, anchors, at, WEIGHTS.anchorXy * weight, WEIGHTS.anchorXy * weight, 0);
  if (weight < 1) return;
  linkPoint(point, 0, e.pose, link, SOLE_POINTS_M, corner);
  linkPoint(otherPoint, 0, e.pose, link, SOLE_POINTS_M, corner + 3);
  const lower = point[2] <= otherPoint[2] ? point : otherPoint;
  addGap(e, link, lower, 0, -1, lower, 0, UP, -lower[2], WEIGHTS.anchorZ);
}

function addHand(e: Equations, goals: Goals, f: number, side: number): void {
  const at = f * FRAMES.length + FRAME.hand[side];
  const w = WEIGHTS.hand * goals.source.frameConfidence[at];
  addRotation(e, LINKS[side].hand, goals.rotations, at * 9, w, w, w);
}

function addJointTerms(e: Equations, motion: G1Motion, f: number, handMode: HandMode): void {
  const { lowerRad, upperRad } = e.model;
  const q = motion.angles;
  for (const j of RELAXED) addDiagonal(e, JOINTS_AT + j, -q[f * G1_DOF + j], handMode === 'neutral' && j > 14 ? 4 : WEIGHTS.rest);
  for (let j = 0; j < G1_DOF; j++) {
    const margin = (upperRad[j] - lowerRad[j]) * SOFT_LIMIT_SHARE;
    const angle = q[f * G1_DOF + j];
    if (angle < lowerRad[j] + margin) addDiagonal(e, JOINTS_AT + j, lowerRad[j] + margin - angle, WEIGHTS.softLimit);
    if (angle > upperRad[j] - margin) addDiagonal(e, JOINTS_AT + j, upperRad[j] - margin - angle, WEIGHTS.softLimit);
  }
}
