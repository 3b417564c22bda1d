import { rotate } from '@gaitway/motion/quaternion';
import { toMatrix } from '@gaitway/motion/rotation';
import { LANDMARK_COUNT } from '../landmarks.ts';
import type { Camera } from '../solve/camera.ts';
import type { Observations } from '../solve/observations.ts';
import { BLOCK_OF, BLOCKS, BODY_JOINT_COUNT, CHAINS, DOFS } from './body-model.ts';
import type { BodyPose } from './body-state.ts';
import type { Attachment, MarkOffsets } from './landmark-model.ts';
import type { NormalEquations } from './normal-equations.ts';
import { BAND } from './normal-equations.ts';

/** How far the two kinds of landmark positions are believed, metres, and their robust width in standard deviations. */
export interface LandmarkWeights {
  readonly worldAcrossM: number;
  readonly worldDepthM: number;
  /** Multiplies the image sigmas of the attachments. */
  readonly imageScale: number;
  readonly robustWidth: number;
}

export const LANDMARK_WEIGHTS: LandmarkWeights = { worldAcrossM: 0.055, worldDepthM: 0.14, imageScale: 1, robustWidth: 1.5 };

/** What the landmark terms need besides the pose. */
export interface LandmarkScene {
  readonly seen: Observations;
  readonly camera: Camera;
  readonly marks: MarkOffsets;
  /** Distance of the body in each frame, metres: what a residual in the picture is worth. Held while the motion is solved. */
  readonly distanceM: Float64Array;
  /** Factor from the model's metres to this person's. */
  readonly worldScale: number;
  readonly weights: LandmarkWeights;
  readonly attachments: readonly Attachment[];
}

/** Working memory of one frame's terms. */
export interface TermScratch {
  readonly axes: Float64Array;
  readonly point: Float64Array;
  readonly centre: Float64Array;
  /** 3 × DOFS: derivative of the point. */
  readonly jacobian: Float64Array;
  readonly columns: Int32Array;
  readonly used: Uint8Array;
  /** 3 × 3 information and 3 right-hand side. */
  readonly information: Float64Array;
  readonly rhs: Float64Array;
  readonly work: Float64Array;
}

export const createTermScratch = (): TermScratch => ({
  axes: new Float64Array(BODY_JOINT_COUNT * 9),
  point: new Float64Array(3),
  centre: new Float64Array(3),
  jacobian: new Float64Array(3 * DOFS),
  columns: new Int32Array(DOFS),
  used: new Uint8Array(DOFS),
  information: new Float64Array(9),
  rhs: new Float64Array(3),
  work: new Float64Array(3 * DOFS),
});

export function prepareAxes(s: TermScratch, pose: BodyPose): void {
  for (let j = 0; j < BODY_JOINT_COUNT; j++) toMatrix(s.axes, j * 9, pose.rotations, j * 4);
}

/** World position of a point that is rigid to `joint`. */
export function pointOf(out: Float64Array, pose: BodyPose, joint: number, offsets: Float64Array, at: number): void {
  rotate(out, 0, pose.rotations, joint * 4, offsets, at);
  for (let k = 0; k < 3; k++) out[k] += pose.positions[joint * 3 + k];
}

/** Robust weight of Cauchy for a squared residual in standard deviations. */
const cauchyWeight = (squared: number, width: number): number => 1 / (1 + squared / (width * width));
const cauchyCost = (squared: number, width: number): number => 0.5 * width * width * Math.log1p(squared / (width * width));

/**
 * Columns of the derivative of `s.point`, rigid to `joint`, by the frame's degrees of freedom; returns how many are not zero.
 * With `pelvisPivot` the point is taken relative to that point of the pelvis: no root columns, and the pelvis turns about it.
 */
export function pointJacobian(s: TermScratch, pose: BodyPose, joint: number, pelvisPivot: Float64Array | undefined): number {
  let count = 0;
  const J = s.jacobian;
  if (pelvisPivot === undefined) {
    for (let k = 0; k < 3; k++) {
      s.columns[count++] = k;
      for (let r = 0; r < 3; r++) J[r * DOFS + k] = r === k ? 1 : 0;
    }
  }
  const chain = CHAINS[joint];
  let last = -1;
  for (let c = 0; c < chain.length; c++) {
    const j = chain[c];
    const b = BLOCK_OF[j];
    const pivot = j === 0 && pelvisPivot !== undefined ? pelvisPivot : pose.positions;
    const at = pivot === pelvisPivot ? 0 : j * 3;
    const x = s.point[0] - pivot[at];
    const y = s.point[1] - pivot[at + 1];
    const z = s.point[2] - pivot[at + 2];
    count = addBlock(s, b, j, x, y, z, count, b !== last);
    last = b;
  }
  return count;
}

/** Adds axis × lever of each degree of freedom of a block at one of its joints; a block's first joint starts its columns. */
function addBlock(s: TermScratch, b: number, j: number, x: number, y: number, z: number, count: number, fresh: boolean): number {
  const { dof, axis } = BLOCKS[b];
  const m = j * 9;
  const A = s.axes;
  const dofs = axis ? 1 : 3;
  for (let k = 0; k < dofs; k++) {
    let ax = A[m + k];
    let ay = A[m + 3 + k];
    let az = A[m + 6 + k];
    if (axis) {
      ax = A[m] * axis[0] + A[m + 1] * axis[1] + A[m + 2] * axis[2];
      ay = A[m + 3] * axis[0] + A[m + 4] * axis[1] + A[m + 5] * axis[2];
      az = A[m + 6] * axis[0] + A[m + 7] * axis[1] + A[m + 8] * axis[2];
    }
    addColumn(s, dof + k, ay * z - az * y, az * x - ax * z, ax * y - ay * x, fresh);
    if (fresh) s.columns[count++] = dof + k;
  }
  return count;
}

function addColumn(s: TermScratch, d: number, x: number, y: number, z: number, fresh: boolean): void {
  const J = s.jacobian;
  J[d] = (fresh ? 0 : J[d]) + x;
  J[DOFS + d] = (fresh ? 0 : J[DOFS + d]) + y;
  J[2 * DOFS + d] = (fresh ? 0 : J[2 * DOFS + d]) + z;
}

/** Adds JᵀΛJ and Jᵀr of one point to the block of the frame whose first unknown is `base`. */
export function addPointTerm(n: NormalEquations, base: number, s: TermScratch, count: number): void {
  const { jacobian: J, information: L, rhs, columns, work } = s;
  for (let c = 0; c < count; c++) {
    const d = columns[c];
    const x = J[d];
    const y = J[DOFS + d];
    const z = J[2 * DOFS + d];
    work[c * 3] = L[0] * x + L[1] * y + L[2] * z;
    work[c * 3 + 1] = L[3] * x + L[4] * y + L[5] * z;
    work[c * 3 + 2] = L[6] * x + L[7] * y + L[8] * z;
    n.gradient[base + d] += x * rhs[0] + y * rhs[1] + z * rhs[2];
  }
  const rows = n.matrix.rows;
  for (let c = 0; c < count; c++) {
    const d = columns[c];
    const row = (base + d) * (BAND + 1) + BAND - d;
    const x = J[d];
    const y = J[DOFS + d];
    const z = J[2 * DOFS + d];
    for (let e = 0; e < count; e++) {
      const to = columns[e];
      if (to <= d) rows[row + to] += x * work[e * 3] + y * work[e * 3 + 1] + z * work[e * 3 + 2];
    }
  }
}

/** Midpoint of the hips as the world landmarks have it, in the pelvis frame. */
function hipCentre(s: TermScratch, pose: BodyPose, world: Float64Array): void {
  for (let k = 0; k < 3; k++) s.centre[k] = (world[23 * 3 + k] + world[24 * 3 + k]) / 2;
  pointOf(s.centre, pose, 0, s.centre, 0);
}

/** Hidden landmarks are guesses of the model: they weigh little, never nothing. */
const MIN_SHARE = 0.02;

/**
 * Cost of a frame's landmarks; with `n` also adds their normal equations at `base`. The pose must be prepared (`prepareAxes`)
 * when `n` is given.
 */
export function landmarkTerms(scene: LandmarkScene, frame: number, pose: BodyPose, s: TermScratch, n?: NormalEquations, base = 0): number {
  hipCentre(s, pose, scene.marks.world);
  let cost = 0;
  for (let i = 0; i < scene.attachments.length; i++) {
    const a = scene.attachments[i];
    const visibility = scene.seen.visibility[frame * LANDMARK_COUNT + a.landmark];
    if (!(visibility > 0)) continue;
    const share = Math.max(MIN_SHARE, visibility * visibility);
    cost += worldTerm(scene, frame, a, pose, s, share, n, base);
    cost += imageTerm(scene, frame, a, pose, s, share, n, base);
  }
  return cost;
}

function worldTerm(
  scene: LandmarkScene,
  frame: number,
  a: Attachment,
  pose: BodyPose,
  s: TermScratch,
  share: number,
  n: NormalEquations | undefined,
  base: number,
): number {
  const { worldAcrossM, worldDepthM, robustWidth } = scene.weights;
  pointOf(s.point, pose, a.joint, scene.marks.world, a.landmark * 3);
  const o = (frame * LANDMARK_COUNT + a.landmark) * 3;
  const body = scene.seen.bodyM;
  const rx = s.point[0] - s.centre[0] - scene.worldScale * body[o];
  const ry = s.point[1] - s.centre[1] - scene.worldScale * body[o + 1];
  const rz = s.point[2] - s.centre[2] - scene.worldScale * body[o + 2];
  const ix = (share * a.worldShare) / (worldAcrossM * worldAcrossM);
  const iz = (share * a.worldShare) / (worldDepthM * worldDepthM);
  // The robust weight judges the residual itself; how often such a landmark is believed at all comes on top.
  const squared = (rx * rx + ry * ry) / (worldAcrossM * worldAcrossM) + (rz * rz) / (worldDepthM * worldDepthM);
  if (n !== undefined) {
    const w = cauchyWeight(squared, robustWidth);
    const L = s.information;
    L.fill(0);
    L[0] = w * ix;
    L[4] = w * ix;
    L[8] = w * iz;
    s.rhs[0] = w * ix * rx;
    s.rhs[1] = w * ix * ry;
    s.rhs[2] = w * iz * rz;
    addPointTerm(n, base, s, pointJacobian(s, pose, a.joint, s.centre));
  }
  return share * a.worldShare * cauchyCost(squared, robustWidth);
}

/** Nothing is closer to the camera than this, metres: keeps the projection finite. */
const NEAR_M = 0.15;

function imageTerm(
  scene: LandmarkScene,
  frame: number,
  a: Attachment,
  pose: BodyPose,
  s: TermScratch,
  share: number,
  n: NormalEquations | undefined,
  base: number,
): number {
  const { camera, weights } = scene;
  pointOf(s.point, pose, a.joint, scene.marks.image, a.landmark * 3);
  const o = (frame * LANDMARK_COUNT + a.landmark) * 2;
  const u = (scene.seen.imagePx[o] - camera.centreXPx) / camera.focalPx;
  const v = (camera.centreYPx - scene.seen.imagePx[o + 1]) / camera.focalPx;
  const depth = Math.max(NEAR_M, -s.point[2]);
  const scale = scene.distanceM[frame];
  const px = s.point[0] / depth;
  const py = s.point[1] / depth;
  const rx = scale * (px - u);
  const ry = scale * (py - v);
  const sigma = a.imageSigmaM * weights.imageScale;
  const information = share / (sigma * sigma);
  const squared = (rx * rx + ry * ry) / (sigma * sigma);
  if (n !== undefined) {
    const w = cauchyWeight(squared, weights.robustWidth) * information;
    const k = scale / depth;
    // Rows of the projection: [k, 0, k·px], [0, k, k·py] since depth = −z.
    const L = s.information;
    L[0] = w * k * k;
    L[1] = 0;
    L[2] = w * k * k * px;
    L[3] = 0;
    L[4] = w * k * k;
    L[5] = w * k * k * py;
    L[6] = L[2];
    L[7] = L[5];
    L[8] = w * k * k * (px * px + py * py);
    s.rhs[0] = w * k * rx;
    s.rhs[1] = w * k * ry;
    s.rhs[2] = w * k * (px * rx + py * ry);
    addPointTerm(n, base, s, pointJacobian(s, pose, a.joint, undefined));
  }
  return share * cauchyCost(squared, weights.robustWidth);
}
