import { rotate } from '@gaitway/motion/quaternion';
import { toMatrix } from '@gaitway/motion/rotation';
import type { Camera } from '../solve/camera.ts';
import { BLOCK_OF, BLOCKS, BODY_JOINT_COUNT, CHAINS, DOFS } from './body-model.ts';
import type { BodyPose } from './body-state.ts';
import type { NormalEquations } from './normal-equations.ts';
import type { PointSums } from './point-sums.ts';
import { addPoint, addPointSums, clearPointSums, createPointSums } from './point-sums.ts';
import type { Marks, SeenPoint, Sightings } from './sightings.ts';

/** Errors beyond this many standard deviations are outliers rather than noise (width of Cauchy's loss). */
export const ROBUST_WIDTH = 1.5;

/** What the landmark terms need besides the pose. */
export interface LandmarkScene {
  readonly seen: Sightings;
  readonly camera: Camera;
  readonly marks: Marks;
  /** Distance of the body in each frame, metres: what a residual in the picture is worth. Held while the motion is solved. */
  readonly distanceM: Float64Array;
  /** Factor from the observer's metres to this person's. */
  readonly worldScale: number;
}

/** Working memory of one frame's terms. */
export interface TermScratch {
  readonly axes: Float64Array;
  readonly point: Float64Array;
  readonly centre: Float64Array;
  /** 3 × DOFS: derivative of the point. */
  readonly jacobian: Float64Array;
  readonly columns: Int32Array;
  /** Information of a point: xx, xy, xz, yy, yz, zz. */
  readonly information: Float64Array;
  readonly sums: PointSums;
}

export const createTermScratch = (): TermScratch => ({
  axes: new Float64Array(BODY_JOINT_COUNT * 9),
  point: new Float64Array(3),
  centre: new Float64Array(3),
  jacobian: new Float64Array(3 * DOFS),
  columns: new Int32Array(DOFS),
  information: new Float64Array(6),
  sums: createPointSums(),
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

/** Columns of the derivative of `s.point`, rigid to `joint`, by the frame's degrees of freedom; returns how many are not zero. */
export function pointJacobian(s: TermScratch, pose: BodyPose, joint: number): number {
  let count = 0;
  const J = s.jacobian;
  for (let k = 0; k < 3; k++) {
    s.columns[count++] = k;
    for (let r = 0; r < 3; r++) J[r * DOFS + k] = r === k ? 1 : 0;
  }
  const chain = CHAINS[joint];
  let last = -1;
  for (let c = 0; c < chain.length; c++) {
    const j = chain[c];
    const b = BLOCK_OF[j];
    const x = s.point[0] - pose.positions[j * 3];
    const y = s.point[1] - pose.positions[j * 3 + 1];
    const z = s.point[2] - pose.positions[j * 3 + 2];
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

/**
 * Cost of a frame's landmarks; with `n` also adds their normal equations at `base`. The pose must be prepared (`prepareAxes`)
 * when `n` is given.
 */
export function landmarkTerms(scene: LandmarkScene, frame: number, pose: BodyPose, s: TermScratch, n?: NormalEquations, base = 0): number {
  const { seen } = scene;
  pointOf(s.centre, pose, 0, scene.marks.origin, 0);
  if (n !== undefined) clearPointSums(s.sums);
  let cost = 0;
  for (let i = 0; i < seen.points.length; i++) {
    const a = seen.points[i];
    const o = frame * seen.stride + a.index;
    if (seen.bodyShare[o] > 0) cost += worldTerm(scene, o, a, pose, s, n !== undefined);
    if (seen.imageShare[o] > 0) cost += imageTerm(scene, frame, o, a, pose, s, n !== undefined);
  }
  if (n !== undefined) addPointSums(n, base, s.sums, s.axes, pose.positions, s.centre);
  return cost;
}

function worldTerm(scene: LandmarkScene, o: number, a: SeenPoint, pose: BodyPose, s: TermScratch, derivatives: boolean): number {
  const { bodyM, bodySigmaM, bodyShare } = scene.seen;
  pointOf(s.point, pose, a.joint, scene.marks.world, a.index * 3);
  const rx = s.point[0] - s.centre[0] - scene.worldScale * bodyM[o * 3];
  const ry = s.point[1] - s.centre[1] - scene.worldScale * bodyM[o * 3 + 1];
  const rz = s.point[2] - s.centre[2] - scene.worldScale * bodyM[o * 3 + 2];
  const share = bodyShare[o];
  const across = 1 / (bodySigmaM[o * 2] * bodySigmaM[o * 2]);
  const depth = 1 / (bodySigmaM[o * 2 + 1] * bodySigmaM[o * 2 + 1]);
  // The robust weight judges the residual itself; how far such a point is believed at all comes on top.
  const squared = (rx * rx + ry * ry) * across + rz * rz * depth;
  if (derivatives) {
    const w = share * cauchyWeight(squared, ROBUST_WIDTH);
    const L = s.information;
    L.fill(0);
    L[0] = w * across;
    L[3] = w * across;
    L[5] = w * depth;
    addAt(s.sums.pinned, a.joint, pose, s, w * across * rx, w * across * ry, w * depth * rz);
  }
  return share * cauchyCost(squared, ROBUST_WIDTH);
}

/** Nothing is closer to the camera than this, metres: keeps the projection finite. */
export const NEAR_M = 0.15;

function imageTerm(
  scene: LandmarkScene,
  frame: number,
  o: number,
  a: SeenPoint,
  pose: BodyPose,
  s: TermScratch,
  derivatives: boolean,
): number {
  const { camera, seen } = scene;
  pointOf(s.point, pose, a.joint, scene.marks.image, a.index * 3);
  const u = (seen.imagePx[o * 2] - camera.centreXPx) / camera.focalPx;
  const v = (camera.centreYPx - seen.imagePx[o * 2 + 1]) / camera.focalPx;
  const depth = Math.max(NEAR_M, -s.point[2]);
  const scale = scene.distanceM[frame];
  const px = s.point[0] / depth;
  const py = s.point[1] / depth;
  const rx = scale * (px - u);
  const ry = scale * (py - v);
  const share = seen.imageShare[o];
  const information = 1 / (seen.imageSigmaM[o] * seen.imageSigmaM[o]);
  const squared = (rx * rx + ry * ry) * information;
  if (derivatives) {
    const w = share * cauchyWeight(squared, ROBUST_WIDTH) * information;
    const k = scale / depth;
    const wkk = w * k * k;
    // Rows of the projection: [k, 0, k·px], [0, k, k·py] since depth = −z.
    const L = s.information;
    L[0] = wkk;
    L[1] = 0;
    L[2] = wkk * px;
    L[3] = wkk;
    L[4] = wkk * py;
    L[5] = wkk * (px * px + py * py);
    addAt(s.sums.free, a.joint, pose, s, w * k * rx, w * k * ry, w * k * (px * rx + py * ry));
  }
  return share * cauchyCost(squared, ROBUST_WIDTH);
}

/** Adds `s.point` with `s.information` and its weighted residual to the sums of its joint. */
function addAt(sums: Float64Array, joint: number, { positions }: BodyPose, s: TermScratch, rx: number, ry: number, rz: number): void {
  const { point, information } = s;
  addPoint(sums, joint, point[0] - positions[0], point[1] - positions[1], point[2] - positions[2], information, rx, ry, rz);
}
