import { rotate } from '@gaitway/motion/quaternion';
import type { PersonShape, Segment } from '../solve/person.ts';
import { averageShape, SEGMENTS, segmentOf } from '../solve/person.ts';
import { BODY_JOINT_COUNT, BODY_JOINTS, BODY_PARENTS, CHAINS } from './body-model.ts';
import type { BodyPose, BodyState } from './body-state.ts';
import { createBodyPose, poseBody } from './body-state.ts';
import type { LandmarkScene } from './landmark-terms.ts';
import { NEAR_M, pointOf, ROBUST_WIDTH } from './landmark-terms.ts';

/**
 * One Gauss–Newton step on what is constant over a clip: the person's segment lengths and the scale of the model's
 * metres. Joint rotations are held; the root of each frame is eliminated (Schur complement), because a bigger body in the same
 * picture only means a body farther away. The focal length is not among them: left free, it ran to the end of its prior on
 * every sample, driven by biases of the landmarks and not by perspective.
 */
export interface ClipVariables {
  readonly shape: PersonShape;
  readonly worldScale: number;
}

/** Segment lengths differ between people of one height by about this much. */
const SEGMENT_SD = 0.04;
/** Landmarks of a frame, and frames of a clip, repeat each other's errors: their information is divided by this. */
const REPETITION = 12;

const WORLD = SEGMENTS.length;
const COUNT = WORLD + 1;

/** Segment index of each body joint's offset; −1 where it does not vary. */
const SEGMENT_INDEX = BODY_JOINTS.map((name) => {
  const segment = segmentOf(name);
  return segment === undefined ? -1 : SEGMENTS.indexOf(segment);
});

interface Step {
  readonly h: Float64Array;
  readonly g: Float64Array;
  readonly hr: Float64Array;
  readonly rr: Float64Array;
  readonly gr: Float64Array;
  readonly j: Float64Array;
}

const createStep = (): Step => ({
  h: new Float64Array(COUNT * COUNT),
  g: new Float64Array(COUNT),
  hr: new Float64Array(COUNT * 3),
  rr: new Float64Array(9),
  gr: new Float64Array(3),
  j: new Float64Array(COUNT * 3),
});

/** @param offsets joint offsets of the current shape, `BODY_JOINT_COUNT × 3` */
export function refineClipVariables(
  now: ClipVariables,
  scene: LandmarkScene,
  state: BodyState,
  offsets: Float64Array,
  heightM: number,
): ClipVariables {
  const s = createStep();
  const pose = createBodyPose();
  const carried = new Float64Array(BODY_JOINT_COUNT * 3);
  for (let f = 0; f < state.frameCount; f++) {
    poseBody(pose, state, f, offsets);
    for (let j = 1; j < BODY_JOINT_COUNT; j++) rotate(carried, j * 3, pose.rotations, BODY_PARENTS[j] * 4, offsets, j * 3);
    addFrame(s, now, scene, pose, carried, f);
  }
  for (let i = 0; i < s.h.length; i++) s.h[i] /= REPETITION;
  for (let i = 0; i < COUNT; i++) s.g[i] /= REPETITION;
  addPriors(s, now, heightM, scene.seen.bodyScale(heightM));
  const step = solveDense(s.h, s.g);
  return applyStep(now, step);
}

function addPriors(s: Step, now: ClipVariables, heightM: number, body: { readonly scale: number; readonly sd: number }): void {
  const average = averageShape(heightM);
  const add = (i: number, residual: number, sd: number): void => {
    s.h[i * COUNT + i] += 1 / (sd * sd);
    s.g[i] += residual / (sd * sd);
  };
  SEGMENTS.forEach((segment, i) => {
    add(i, Math.log(now.shape[segment] / average[segment]), SEGMENT_SD);
  });
  addHeight(s, now, average);
  add(WORLD, Math.log(now.worldScale / body.scale), body.sd);
}

/** Segments that make up the height of a standing body with their share of it. */
const HEIGHT_SHARES: readonly (readonly [Segment, number])[] = [
  ['torso', 0.36],
  ['thigh', 0.31],
  ['calf', 0.33],
];
/** Relative standard deviation of their sum once the height is known. */
const HEIGHT_SD = 0.01;

function addHeight(s: Step, now: ClipVariables, average: PersonShape): void {
  const residual = HEIGHT_SHARES.reduce((sum, [segment, share]) => sum + share * Math.log(now.shape[segment] / average[segment]), 0);
  for (const [a, shareA] of HEIGHT_SHARES) {
    const i = SEGMENTS.indexOf(a);
    s.g[i] += (shareA * residual) / HEIGHT_SD ** 2;
    for (const [b, shareB] of HEIGHT_SHARES) s.h[i * COUNT + SEGMENTS.indexOf(b)] += (shareA * shareB) / HEIGHT_SD ** 2;
  }
}

const MAX_STEP = 0.15;

function applyStep(now: ClipVariables, step: Float64Array): ClipVariables {
  const factor = (i: number): number => Math.exp(-Math.max(-MAX_STEP, Math.min(MAX_STEP, step[i])));
  const shape: Record<Segment | 'body', number> = { ...now.shape };
  SEGMENTS.forEach((segment, i) => {
    shape[segment] *= factor(i);
  });
  return { shape, worldScale: now.worldScale * factor(WORLD) };
}

/** Points that were hardly seen say nothing about lengths. */
const FEWEST_SHARE = 0.09;

/** Adds one frame, its root eliminated. All variables are logarithms of lengths. */
function addFrame(s: Step, now: ClipVariables, scene: LandmarkScene, pose: BodyPose, carried: Float64Array, f: number): void {
  s.hr.fill(0);
  s.rr.fill(0);
  s.gr.fill(0);
  const point = new Float64Array(3);
  const hips = new Float64Array(3);
  const { seen, marks } = scene;
  pointOf(hips, pose, 0, marks.origin, 0);
  for (const a of seen.points) {
    const o = f * seen.stride + a.index;
    if (seen.imageShare[o] < FEWEST_SHARE) continue;
    segmentColumns(s, a.near, carried);
    pointOf(point, pose, a.joint, marks.world, a.index * 3);
    const own = [0, 1, 2].map((k) => now.worldScale * seen.bodyM[o * 3 + k]);
    const r = [0, 1, 2].map((k) => point[k] - hips[k] - own[k]);
    const [across, depth] = [0, 1].map((k) => 1 / seen.bodySigmaM[o * 2 + k] ** 2);
    const squared = (r[0] ** 2 + r[1] ** 2) * across + r[2] ** 2 * depth;
    const share = seen.bodyShare[o] / (1 + squared / ROBUST_WIDTH ** 2);
    for (let k = 0; k < 3; k++) {
      s.j[WORLD * 3 + k] = -own[k];
      addRow(s, k, r[k], share * (k === 2 ? depth : across));
    }
    pointOf(point, pose, a.joint, marks.image, a.index * 3);
    addImageRows(s, scene, point, pose.positions[2], o);
  }
  eliminateRoot(s);
}

/** Derivatives of a point next to joint `near` by the logarithm of each segment's length. */
function segmentColumns(s: Step, near: number, carried: Float64Array): void {
  s.j.fill(0);
  for (const j of CHAINS[near]) {
    const g = SEGMENT_INDEX[j];
    if (g < 0) continue;
    for (let k = 0; k < 3; k++) s.j[g * 3 + k] += carried[j * 3 + k];
  }
}

/** A world coordinate: no part of the root in it. */
function addRow(s: Step, k: number, r: number, w: number): void {
  for (let a = 0; a < COUNT; a++) {
    const ja = s.j[a * 3 + k];
    if (ja === 0) continue;
    s.g[a] += w * ja * r;
    for (let b = 0; b < COUNT; b++) s.h[a * COUNT + b] += w * ja * s.j[b * 3 + k];
  }
}

function addImageRows(s: Step, scene: LandmarkScene, p: Float64Array, rootZ: number, o: number): void {
  const { camera, seen } = scene;
  const depth = Math.max(NEAR_M, -p[2]);
  const scale = Math.max(NEAR_M, -rootZ);
  const rays = [(seen.imagePx[o * 2] - camera.centreXPx) / camera.focalPx, (camera.centreYPx - seen.imagePx[o * 2 + 1]) / camera.focalPx];
  const projected = [p[0] / depth, p[1] / depth];
  const r = [0, 1].map((i) => scale * (projected[i] - rays[i]));
  const sigma = seen.imageSigmaM[o];
  const w = seen.imageShare[o] / sigma ** 2 / (1 + (r[0] ** 2 + r[1] ** 2) / sigma ** 2 / ROBUST_WIDTH ** 2);
  const k = scale / depth;
  const row = new Float64Array(COUNT);
  for (let i = 0; i < 2; i++) {
    for (let a = 0; a < WORLD; a++) row[a] = k * (s.j[a * 3 + i] + projected[i] * s.j[a * 3 + 2]);
    row[WORLD] = 0;
    const root = [i === 0 ? k : 0, i === 1 ? k : 0, k * projected[i]];
    for (let a = 0; a < COUNT; a++) {
      s.g[a] += w * row[a] * r[i];
      for (let b = 0; b < COUNT; b++) s.h[a * COUNT + b] += w * row[a] * row[b];
      for (let c = 0; c < 3; c++) s.hr[a * 3 + c] += w * row[a] * root[c];
    }
    for (let c = 0; c < 3; c++) {
      s.gr[c] += w * root[c] * r[i];
      for (let d = 0; d < 3; d++) s.rr[c * 3 + d] += w * root[c] * root[d];
    }
  }
}

/** h −= hr · rr⁻¹ · hrᵀ, g −= hr · rr⁻¹ · gr. */
function eliminateRoot(s: Step): void {
  const matrix = s.rr.map((v, i) => v + (i % 4 === 0 ? 1e-3 : 0));
  for (let a = 0; a <= COUNT; a++) {
    const rhs = a < COUNT ? s.hr.slice(a * 3, a * 3 + 3) : s.gr.slice();
    const x = solveDense(matrix, rhs);
    for (let b = 0; b < COUNT; b++) {
      const product = s.hr[b * 3] * x[0] + s.hr[b * 3 + 1] * x[1] + s.hr[b * 3 + 2] * x[2];
      if (a < COUNT) s.h[b * COUNT + a] -= product;
      else s.g[b] -= product;
    }
  }
}

/** Solves a small symmetric system by Gaussian elimination with pivoting; unknowns without information become 0. */
export function solveDense(matrix: Float64Array, rhs: Float64Array): Float64Array {
  const n = rhs.length;
  const m = matrix.slice();
  const x = rhs.slice();
  for (let i = 0; i < n; i++) {
    let best = i;
    for (let r = i + 1; r < n; r++) if (Math.abs(m[r * n + i]) > Math.abs(m[best * n + i])) best = r;
    if (!(Math.abs(m[best * n + i]) > 1e-12)) return x.fill(0);
    for (let c = 0; c < n; c++) [m[i * n + c], m[best * n + c]] = [m[best * n + c], m[i * n + c]];
    [x[i], x[best]] = [x[best], x[i]];
    for (let r = i + 1; r < n; r++) {
      const k = m[r * n + i] / m[i * n + i];
      for (let c = i; c < n; c++) m[r * n + c] -= k * m[i * n + c];
      x[r] -= k * x[i];
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let c = i + 1; c < n; c++) x[i] -= m[i * n + c] * x[c];
    x[i] /= m[i * n + i];
  }
  return x;
}
