import { gaussian } from '@gaitway/motion/filters';
import { toMatrix } from '@gaitway/motion/rotation';
import { createG1Pose, g1Forward } from './kinematics.ts';
import { FOOT_LINKS, G1_DOF, type G1Model, g1Link, HEEL_POINT_M, SOLE_POINTS_M, TOE_POINT_M } from './model.ts';
import { findPlants, keptContacts, type Plant } from './plants.ts';
import { seedAnkle, seedArm, seedLeg, seedWaist } from './seed.ts';
import { FRAME, FRAMES, SEGMENT_COUNT, type SourceMotion } from './source.ts';
import { createG1Motion, type G1Motion } from './trajectory.ts';

/** Thigh plus shank of the robot, metres: what root travel is scaled by. */
export const G1_LEG_M = 0.3061 + 0.30001;

/** Everything the solvers pull the robot towards. */
export interface Goals {
  readonly source: SourceMotion;
  readonly rootScale: number;
  /** `frameCount × 3`. */
  readonly rootM: Float64Array;
  /** `frameCount × 8 × 9`: rotations of `FRAMES`, row-major. */
  readonly rotations: Float64Array;
  /** `frameCount × 4 × 3`: where heels and toes stand while planted. */
  readonly anchorsM: Float64Array;
  /** `frameCount × 4`: 1 while planted, less on the ramps around it, 0 in the air. */
  readonly anchorWeight: Float64Array;
  /** `frameCount × 2`: yaw a planted foot keeps; NaN in the air. */
  readonly plantYawRad: Float64Array;
  readonly plants: readonly Plant[];
  /** Closed-form angles, root included: where the first solve starts. */
  readonly seed: G1Motion;
}

/** Derives goals from a source at the rate of the output. The contacts of its source are those that the robot keeps. */
export function makeGoals(model: G1Model, captured: SourceMotion): Goals {
  const count = captured.frameCount;
  const rotations = new Float64Array(count * FRAMES.length * 9);
  for (let i = 0; i < count * FRAMES.length; i++) toMatrix(rotations, i * 9, captured.rotations, i * 4);
  for (let f = 0; f < count; f++)
    for (const side of [0, 1] as const) toHandFrame(rotations, (f * FRAMES.length + FRAME.hand[side]) * 9, side);
  const rootScale = G1_LEG_M / captured.legM;
  const seed = seedMotion(model, captured, rotations, rootScale);
  const points = footPoints(model, captured, seed);
  placeHeights(captured, seed, points);
  const plants = findPlants(captured, rootScale, points.contact);
  const source = { ...captured, contacts: keptContacts(captured, plants) };
  const shift = plantShift(source, plants, points.contact);
  for (let i = 0; i < count; i++) for (let k = 0; k < 2; k++) seed.rootM[i * 3 + k] += shift[i * 2 + k];
  const goals: Goals = {
    source,
    rootScale,
    rootM: seed.rootM.slice(),
    rotations,
    anchorsM: new Float64Array(count * 12),
    anchorWeight: new Float64Array(count * 4),
    plantYawRad: new Float64Array(count * 2).fill(Number.NaN),
    plants,
    seed,
  };
  setAnchors(goals);
  return goals;
}

/** From the human hand (rest: arm 45° down, thumb forward) to the robot's hand link (x along the hand, z towards the thumb). */
function toHandFrame(R: Float64Array, at: number, side: 0 | 1): void {
  const b = Math.SQRT1_2;
  const a = side === 0 ? b : -b;
  for (let r = at; r < at + 9; r += 3) {
    const [x, y, z] = [R[r], R[r + 1], R[r + 2]];
    R[r] = a * y - b * z;
    R[r + 1] = b * y + a * z;
    R[r + 2] = x;
  }
}

function seedMotion(model: G1Model, source: SourceMotion, rotations: Float64Array, rootScale: number): G1Motion {
  const seed = createG1Motion(source.fps, source.frameCount);
  const q = new Float64Array(G1_DOF);
  const toes = new Float64Array(3);
  const pose = createG1Pose();
  for (let f = 0; f < source.frameCount; f++) {
    const at = (frame: number): number => (f * FRAMES.length + frame) * 9;
    const pelvis = rotations.subarray(at(FRAME.pelvis), at(FRAME.pelvis) + 9);
    const torso = rotations.subarray(at(FRAME.torso), at(FRAME.torso) + 9);
    for (const side of [0, 1] as const) {
      for (let r = 0; r < 3; r++) toes[r] = rotations[at(FRAME.foot[side]) + r * 3];
      const d = f * SEGMENT_COUNT * 3 + side * 6;
      seedLeg(q, side, pelvis, source.directions, d, source.directions, d + 3, toes);
      seedArm(q, side, torso, source.directions, d + 12, source.directions, d + 15);
    }
    seedWaist(q, pelvis, torso);
    clampToLimits(model, q);
    for (let k = 0; k < 3; k++) seed.rootM[f * 3 + k] = source.rootM[f * 3 + k] * rootScale;
    for (let k = 0; k < 4; k++) seed.rootQuaternion[f * 4 + k] = source.rotations[f * FRAMES.length * 4 + k];
    g1Forward(pose, model, seed.rootM, f * 3, seed.rootQuaternion, f * 4, q, 0);
    for (const side of [0, 1] as const) seedAnkle(q, side, pose.rotations, KNEES[side] * 9, rotations, at(FRAME.foot[side]));
    clampToLimits(model, q);
    seed.angles.set(q, f * G1_DOF);
  }
  return seed;
}

const KNEES = [g1Link('left_knee_link'), g1Link('right_knee_link')] as const;

function clampToLimits(model: G1Model, q: Float64Array): void {
  for (let j = 0; j < G1_DOF; j++) q[j] = Math.min(model.upperRad[j], Math.max(model.lowerRad[j], q[j]));
}

interface FootPoints {
  /** `frameCount × 4 × 3`: heels and toes. */
  readonly contact: Float64Array;
  /** `frameCount`: height of the lowest sole point, metres. */
  readonly lowest: Float64Array;
}

/**
 * Where heels and toes would be, and the lowest sole point, in every frame: thigh and shank of the robot laid along the directions
 * of the source from its own hips. Exact where the closed-form angles are not.
 */
function footPoints(model: G1Model, source: SourceMotion, seed: G1Motion): FootPoints {
  const contact = new Float64Array(seed.frameCount * 12);
  const lowest = new Float64Array(seed.frameCount).fill(Number.POSITIVE_INFINITY);
  const pose = createG1Pose();
  const ankle = new Float64Array(3);
  const foot = new Float64Array(9);
  for (let f = 0; f < seed.frameCount; f++) {
    g1Forward(pose, model, seed.rootM, f * 3, seed.rootQuaternion, f * 4, seed.angles, f * G1_DOF);
    for (const side of [0, 1] as const) {
      setFootRotation(foot, source, pose.rotations, f, side);
      const d = (f * SEGMENT_COUNT + side * 2) * 3;
      for (let k = 0; k < 3; k++) {
        ankle[k] =
          pose.positionsM[HIPS[side] * 3 + k] +
          THIGH_M * source.directions[d + k] +
          SHANK_M * source.directions[d + 3 + k] -
          ANKLE_DROP_M * foot[k * 3 + 2];
      }
      setPoint(contact, f * 12 + side * 6, ankle, foot, HEEL_POINT_M, 0);
      setPoint(contact, f * 12 + side * 6 + 3, ankle, foot, TOE_POINT_M, 0);
      for (let c = 0; c < 4; c++) lowest[f] = Math.min(lowest[f], soleHeight(ankle, foot, c));
    }
  }
  return { contact, lowest };
}

/** Hip roll axis to knee axis, knee axis to ankle pitch axis, ankle pitch axis to ankle roll axis, metres. */
const THIGH_M = 0.306138;
const SHANK_M = 0.30001;
const ANKLE_DROP_M = 0.017558;
const HIPS = [g1Link('left_hip_roll_link'), g1Link('right_hip_roll_link')] as const;

/** The robot's ankle has no yaw: a foot heads where the closed-form leg turns it; a flat one is level. */
function setFootRotation(out: Float64Array, source: SourceMotion, R: Float64Array, f: number, side: 0 | 1): void {
  const at = FOOT_LINKS[side] * 9;
  const isFlat = source.contacts[f * 4 + side * 2] && source.contacts[f * 4 + side * 2 + 1];
  if (!isFlat) {
    out.set(R.subarray(at, at + 9));
    return;
  }
  const length = Math.hypot(R[at], R[at + 3]) || 1;
  const c = R[at] / length;
  const s = R[at + 3] / length;
  out.set([c, -s, 0, s, c, 0, 0, 0, 1]);
}

function setPoint(out: Float64Array, o: number, origin: Float64Array, R: Float64Array, local: Float64Array, at: number): void {
  for (let k = 0; k < 3; k++) out[o + k] = origin[k] + R[k * 3] * local[at] + R[k * 3 + 1] * local[at + 1] + R[k * 3 + 2] * local[at + 2];
}

const soleHeight = (ankle: Float64Array, R: Float64Array, corner: number): number =>
  ankle[2] + R[6] * SOLE_POINTS_M[corner * 3] + R[7] * SOLE_POINTS_M[corner * 3 + 1] + R[8] * SOLE_POINTS_M[corner * 3 + 2];

/** Root heights: from the geometry of the standing leg in stance, from the scaled source in between. */
function placeHeights(source: SourceMotion, seed: G1Motion, points: FootPoints): void {
  const count = source.frameCount;
  const lift = new Float64Array(count).fill(Number.NaN);
  for (let f = 0; f < count; f++) {
    let lowest = Number.POSITIVE_INFINITY;
    for (let p = 0; p < 4; p++) if (source.contacts[f * 4 + p]) lowest = Math.min(lowest, points.contact[(f * 4 + p) * 3 + 2]);
    if (Number.isFinite(lowest)) lift[f] = -lowest;
  }
  fillBetween(lift, 1, 0, -percentile(points.lowest, 0.05));
  for (let f = 0; f < count; f++) lift[f] = Math.max(lift[f], -points.lowest[f]);
  gaussian(lift, 0, count, 1, source.fps / 20);
  for (let f = 0; f < count; f++) {
    seed.rootM[f * 3 + 2] += lift[f];
    for (let p = 0; p < 4; p++) points.contact[(f * 4 + p) * 3 + 2] += lift[f];
  }
}

const percentile = (values: Float64Array, share: number): number => values.slice().sort()[Math.floor((values.length - 1) * share)];

/** Linear interpolation over NaN entries of one channel; `fallback` where there is nothing to interpolate. */
export function fillBetween(values: Float64Array, stride: number, at: number, fallback: number): void {
  const count = values.length / stride;
  let before = -1;
  for (let f = 0; f <= count; f++) {
    if (f < count && Number.isNaN(values[f * stride + at])) continue;
    for (let g = before + 1; g < f; g++) {
      const a = before >= 0 ? values[before * stride + at] : f < count ? values[f * stride + at] : fallback;
      const b = f < count ? values[f * stride + at] : a;
      values[g * stride + at] = a + ((b - a) * (g - before)) / (f - before);
    }
    before = f;
  }
}

/** How far the root must move, `frameCount × 2` metres, for the planted points to stand still: mean over what is planted, smoothed. */
function plantShift(source: SourceMotion, plants: readonly Plant[], points: Float64Array): Float64Array {
  const count = source.frameCount;
  const sum = new Float64Array(count * 2);
  const number = new Float64Array(count);
  for (const plant of plants) {
    for (let f = plant.from; f < plant.to; f++) {
      for (const isToe of [0, 1] as const) {
        const p = plant.foot * 2 + isToe;
        if (!source.contacts[f * 4 + p]) continue;
        const [x, y] = anchorOf(plant, isToe);
        sum[f * 2] += x - points[(f * 4 + p) * 3];
        sum[f * 2 + 1] += y - points[(f * 4 + p) * 3 + 1];
        number[f]++;
      }
    }
  }
  for (let f = 0; f < count; f++) for (let k = 0; k < 2; k++) sum[f * 2 + k] = number[f] > 0 ? sum[f * 2 + k] / number[f] : Number.NaN;
  for (let k = 0; k < 2; k++) {
    fillBetween(sum, 2, k, 0);
    gaussian(sum, k, count, 2, source.fps / 15);
  }
  return sum;
}

const FOOT_SPAN_M = TOE_POINT_M[0] - HEEL_POINT_M[0];

function anchorOf(plant: Plant, isToe: 0 | 1): readonly [number, number] {
  const back = isToe ? 0 : FOOT_SPAN_M;
  return [plant.toeXyM[0] - back * Math.cos(plant.yawRad), plant.toeXyM[1] - back * Math.sin(plant.yawRad)];
}

/** Weight of an anchor one, two and three frames (of 30 fps) before and after it holds. */
const RAMP = [0.35, 0.15, 0.05] as const;

function setAnchors(goals: Goals): void {
  const { source } = goals;
  const spread = Math.max(1, Math.round(source.fps / 30));
  for (const plant of goals.plants) {
    for (const isToe of [0, 1] as const) {
      const p = plant.foot * 2 + isToe;
      const [x, y] = anchorOf(plant, isToe);
      for (let f = Math.max(0, plant.from - 3 * spread); f < Math.min(source.frameCount, plant.to + 3 * spread); f++) {
        const weight = plantedWeight(source.contacts, p, f, plant, spread);
        if (weight <= goals.anchorWeight[f * 4 + p]) continue;
        goals.anchorWeight[f * 4 + p] = weight;
        goals.anchorsM.set([x, y, 0], (f * 4 + p) * 3);
        if (weight === 1) goals.plantYawRad[f * 2 + plant.foot] = plant.yawRad;
      }
    }
  }
}

function plantedWeight(contacts: Uint8Array, point: number, f: number, plant: Plant, spread: number): number {
  for (let d = 0; d <= 3 * spread; d++) {
    for (const g of [f - d, f + d]) {
      if (g >= plant.from && g < plant.to && contacts[g * 4 + point]) return d === 0 ? 1 : RAMP[Math.ceil(d / spread) - 1];
    }
  }
  return 0;
}
