import { BLOCK_OF, BLOCKS, BODY_JOINT_COUNT, BODY_PARENTS } from './body-model.ts';
import type { NormalEquations } from './normal-equations.ts';
import { ROW_STEP } from './normal-equations.ts';

/**
 * Normal equations of all points of a frame at once. A point p that hangs on a joint at o moves by ω × (p − o) when the joint turns by
 * ω: by [−[p]×, 1] ξ with the joint's twist ξ = (ω, o × ω). So the points below a joint add up to one symmetric 6 × 6 matrix
 * C = Σ Xᵀ Λ X (their information) and one wrench Σ Xᵀ r, and every entry of the equations is ξᵀ C ξ' of two joints of a chain, C that
 * of the deeper one: composite bodies (Featherstone, "Rigid Body Dynamics Algorithms", 2008, section 6.2). Positions are counted from the
 * pelvis.
 */
export interface PointSums {
  /** Of points in the world, `BODY_JOINT_COUNT × SUM`. */
  readonly free: Float64Array;
  /** Of points relative to a point of the pelvis: its travel does not move them, and its turns move them about that point. */
  readonly pinned: Float64Array;
  /** `TWISTS × 6`: twists of the degrees of freedom of all joints but the pelvis. */
  readonly twists: Float64Array;
  /** `3 × 6`: turns of the pelvis as points relative to it see them. */
  readonly pelvis: Float64Array;
  /** C ξ of free and of pinned points, and of both. */
  readonly moment: Float64Array;
}

/** Upper part of C: PΛPᵀ (6 of a symmetric matrix), PΛ (9), Λ (6), with P = [p]×; then torque and force of the wrench. */
const COUPLING = 6;
const INFORMATION = 15;
const WRENCH = 21;
const SUM = 27;

/** First twist of every joint, and of how many: a joint has those of its block. */
const TWIST_COUNT = Int32Array.from(BLOCK_OF, (b, j) => (j === 0 ? 0 : BLOCKS[b].axis ? 1 : 3));
const FIRST_TWIST = TWIST_COUNT.map((_, j) => TWIST_COUNT.subarray(0, j).reduce((sum, count) => sum + count, 0));
const TWISTS = TWIST_COUNT.reduce((sum, count) => sum + count, 0);
/** First degree of freedom of every joint's block. */
const DOF_OF = BLOCK_OF.map((b) => BLOCKS[b].dof);
/** First turn of the pelvis; its travel comes before. */
const PELVIS_TURN = DOF_OF[0];

export const createPointSums = (): PointSums => ({
  free: new Float64Array(BODY_JOINT_COUNT * SUM),
  pinned: new Float64Array(BODY_JOINT_COUNT * SUM),
  twists: new Float64Array(TWISTS * 6),
  pelvis: new Float64Array(18),
  moment: new Float64Array(18),
});

export function clearPointSums({ free, pinned }: PointSums): void {
  free.fill(0);
  pinned.fill(0);
}

/**
 * Adds a point of `joint` at (x, y, z) from the pelvis, with the six numbers of its information (xx, xy, xz, yy, yz, zz) and its
 * weighted residual r.
 */
export function addPoint(
  sums: Float64Array,
  joint: number,
  x: number,
  y: number,
  z: number,
  L: Float64Array,
  rx: number,
  ry: number,
  rz: number,
): void {
  const o = joint * SUM;
  const [xx, xy, xz, yy, yz, zz] = [L[0], L[1], L[2], L[3], L[4], L[5]];
  const m00 = y * xz - z * xy;
  const m01 = y * yz - z * yy;
  const m02 = y * zz - z * yz;
  const m10 = z * xx - x * xz;
  const m11 = z * xy - x * yz;
  const m12 = z * xz - x * zz;
  const m20 = x * xy - y * xx;
  const m21 = x * yy - y * xy;
  const m22 = x * yz - y * xz;
  sums[o] += m02 * y - m01 * z;
  sums[o + 1] += m00 * z - m02 * x;
  sums[o + 2] += m01 * x - m00 * y;
  sums[o + 3] += m10 * z - m12 * x;
  sums[o + 4] += m11 * x - m10 * y;
  sums[o + 5] += m21 * x - m20 * y;
  sums[o + 6] += m00;
  sums[o + 7] += m01;
  sums[o + 8] += m02;
  sums[o + 9] += m10;
  sums[o + 10] += m11;
  sums[o + 11] += m12;
  sums[o + 12] += m20;
  sums[o + 13] += m21;
  sums[o + 14] += m22;
  sums[o + 15] += xx;
  sums[o + 16] += xy;
  sums[o + 17] += xz;
  sums[o + 18] += yy;
  sums[o + 19] += yz;
  sums[o + 20] += zz;
  sums[o + 21] += y * rz - z * ry;
  sums[o + 22] += z * rx - x * rz;
  sums[o + 23] += x * ry - y * rx;
  sums[o + 24] += rx;
  sums[o + 25] += ry;
  sums[o + 26] += rz;
}

/** out = C ξ. */
function momentOf(out: Float64Array, at: number, sums: Float64Array, joint: number, twist: Float64Array, t: number): void {
  const o = joint * SUM;
  const c = o + COUPLING;
  const l = o + INFORMATION;
  const [a, b, d] = [twist[t], twist[t + 1], twist[t + 2]];
  const [u, v, w] = [twist[t + 3], twist[t + 4], twist[t + 5]];
  out[at] = sums[o] * a + sums[o + 1] * b + sums[o + 2] * d + sums[c] * u + sums[c + 1] * v + sums[c + 2] * w;
  out[at + 1] = sums[o + 1] * a + sums[o + 3] * b + sums[o + 4] * d + sums[c + 3] * u + sums[c + 4] * v + sums[c + 5] * w;
  out[at + 2] = sums[o + 2] * a + sums[o + 4] * b + sums[o + 5] * d + sums[c + 6] * u + sums[c + 7] * v + sums[c + 8] * w;
  out[at + 3] = sums[c] * a + sums[c + 3] * b + sums[c + 6] * d + sums[l] * u + sums[l + 1] * v + sums[l + 2] * w;
  out[at + 4] = sums[c + 1] * a + sums[c + 4] * b + sums[c + 7] * d + sums[l + 1] * u + sums[l + 3] * v + sums[l + 4] * w;
  out[at + 5] = sums[c + 2] * a + sums[c + 5] * b + sums[c + 8] * d + sums[l + 2] * u + sums[l + 4] * v + sums[l + 5] * w;
}

/** Product of the six numbers at `i` of `a` and at `j` of `b`. */
const dot6 = (a: Float64Array, i: number, b: Float64Array, j: number): number =>
  a[i] * b[j] + a[i + 1] * b[j + 1] + a[i + 2] * b[j + 2] + a[i + 3] * b[j + 3] + a[i + 4] * b[j + 4] + a[i + 5] * b[j + 5];

const turned = (a: Float64Array, i: number, b: Float64Array, j: number): number => a[i] * b[j] + a[i + 1] * b[j + 1] + a[i + 2] * b[j + 2];

/** Writes the twist of a turn about the axis (x, y, z) through a point (px, py, pz). */
function setTwist(out: Float64Array, o: number, x: number, y: number, z: number, px: number, py: number, pz: number): void {
  out[o] = x;
  out[o + 1] = y;
  out[o + 2] = z;
  out[o + 3] = py * z - pz * y;
  out[o + 4] = pz * x - px * z;
  out[o + 5] = px * y - py * x;
}

/** @param A rotation matrices of the joints, `BODY_JOINT_COUNT × 9`  @param positions of the joints  @param pivot what pinned points are relative to */
function prepareTwists(s: PointSums, A: Float64Array, positions: Float64Array, pivot: Float64Array): void {
  const [x, y, z] = positions;
  for (let j = 1; j < BODY_JOINT_COUNT; j++) {
    const axis = BLOCKS[BLOCK_OF[j]].axis;
    const m = j * 9;
    const [px, py, pz] = [positions[j * 3] - x, positions[j * 3 + 1] - y, positions[j * 3 + 2] - z];
    const o = FIRST_TWIST[j] * 6;
    if (axis) {
      const [a, b, c] = axis;
      const ax = A[m] * a + A[m + 1] * b + A[m + 2] * c;
      const ay = A[m + 3] * a + A[m + 4] * b + A[m + 5] * c;
      const az = A[m + 6] * a + A[m + 7] * b + A[m + 8] * c;
      setTwist(s.twists, o, ax, ay, az, px, py, pz);
      continue;
    }
    for (let k = 0; k < 3; k++) setTwist(s.twists, o + k * 6, A[m + k], A[m + 3 + k], A[m + 6 + k], px, py, pz);
  }
  for (let k = 0; k < 3; k++) setTwist(s.pelvis, k * 6, A[k], A[3 + k], A[6 + k], pivot[0] - x, pivot[1] - y, pivot[2] - z);
}

/** Adds the equations of all points that were added, at the frame whose first unknown is `base`. Spoils the sums. */
export function addPointSums(
  n: NormalEquations,
  base: number,
  s: PointSums,
  axes: Float64Array,
  positions: Float64Array,
  pivot: Float64Array,
): void {
  prepareTwists(s, axes, positions, pivot);
  const { free, pinned } = s;
  for (let j = BODY_JOINT_COUNT - 1; j > 0; j--) {
    const up = BODY_PARENTS[j] * SUM;
    for (let i = 0; i < SUM; i++) {
      free[up + i] += free[j * SUM + i];
      pinned[up + i] += pinned[j * SUM + i];
    }
    for (let k = 0; k < TWIST_COUNT[j]; k++) addJointRow(n, base, s, j, k);
  }
  addPelvisRows(n, base, s);
}

/** Equations of one degree of freedom of a joint: with those of the joints above it. */
function addJointRow(n: NormalEquations, base: number, s: PointSums, j: number, k: number): void {
  const { twists, pelvis, moment: y } = s;
  const t = (FIRST_TWIST[j] + k) * 6;
  momentOf(y, 0, s.free, j, twists, t);
  momentOf(y, 6, s.pinned, j, twists, t);
  for (let i = 0; i < 6; i++) y[12 + i] = y[i] + y[6 + i];
  const { gradient } = n;
  const { rows } = n.matrix;
  const dof = DOF_OF[j] + k;
  gradient[base + dof] += dot6(twists, t, s.free, j * SUM + WRENCH) + dot6(twists, t, s.pinned, j * SUM + WRENCH);
  const row = (base + dof) * ROW_STEP + base;
  for (let l = 0; l <= k; l++) rows[row + DOF_OF[j] + l] += dot6(twists, (FIRST_TWIST[j] + l) * 6, y, 12);
  for (let a = BODY_PARENTS[j]; a > 0; a = BODY_PARENTS[a]) {
    const first = FIRST_TWIST[a] * 6;
    if (DOF_OF[a] === DOF_OF[j]) {
      addWithinBlock(n, base, dof, DOF_OF[a], twists, first, y);
      continue;
    }
    for (let l = 0; l < TWIST_COUNT[a]; l++) rows[row + DOF_OF[a] + l] += dot6(twists, first + l * 6, y, 12);
  }
  for (let r = 0; r < 3; r++) {
    rows[row + r] += y[3 + r];
    rows[row + PELVIS_TURN + r] += turned(pelvis, r * 6, y, 0) + dot6(pelvis, r * 6, y, 6);
  }
}

/** Two joints of one block turn together: each is above or below the other, so that both orders count. */
function addWithinBlock(
  n: NormalEquations,
  base: number,
  dof: number,
  other: number,
  twists: Float64Array,
  first: number,
  y: Float64Array,
): void {
  for (let l = 0; l < 3; l++) {
    const value = dot6(twists, first + l * 6, y, 12);
    const [high, low] = other + l > dof ? [other + l, dof] : [dof, other + l];
    n.matrix.rows[(base + high) * ROW_STEP + base + low] += high === low ? 2 * value : value;
  }
}

/** Equations of the pelvis: its travel, then its turns, which move free points about itself. */
function addPelvisRows(n: NormalEquations, base: number, { free, pinned, pelvis, moment: y }: PointSums): void {
  const { rows } = n.matrix;
  const L = INFORMATION;
  const travel = [free[L], free[L + 1], free[L + 3], free[L + 2], free[L + 4], free[L + 5]];
  for (let r = 0, i = 0; r < 3; r++) {
    n.gradient[base + r] += free[WRENCH + 3 + r];
    for (let c = 0; c <= r; c++, i++) rows[(base + r) * ROW_STEP + base + c] += travel[i];
  }
  for (let k = 0; k < 3; k++) {
    const dof = base + PELVIS_TURN + k;
    const row = dof * ROW_STEP + base;
    n.gradient[dof] += turned(pelvis, k * 6, free, WRENCH) + dot6(pelvis, k * 6, pinned, WRENCH);
    momentOf(y, 6, pinned, 0, pelvis, k * 6);
    for (let r = 0; r < 3; r++) {
      // Free points: the twist of a turn about the pelvis itself has no travel.
      const c = COUPLING + r;
      rows[row + r] += pelvis[k * 6] * free[c] + pelvis[k * 6 + 1] * free[c + 3] + pelvis[k * 6 + 2] * free[c + 6];
    }
    const [a, b, d] = [pelvis[k * 6], pelvis[k * 6 + 1], pelvis[k * 6 + 2]];
    y[0] = free[0] * a + free[1] * b + free[2] * d;
    y[1] = free[1] * a + free[3] * b + free[4] * d;
    y[2] = free[2] * a + free[4] * b + free[5] * d;
    for (let l = 0; l <= k; l++) rows[row + PELVIS_TURN + l] += turned(pelvis, l * 6, y, 0) + dot6(pelvis, l * 6, y, 6);
  }
}
