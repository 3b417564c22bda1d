import { createG1Pose, type G1Pose, JOINTS_AT, TANGENT } from './kinematics.ts';
import type { G1Model } from './model.ts';

/**
 * Normal equations of a weighted least-squares problem over the 35 tangent numbers of one frame: H = Σ w² JᵀJ (lower triangle,
 * row-major), g = Σ w² Jᵀr, where r = wanted − is.
 */
export interface Equations {
  readonly model: G1Model;
  readonly pose: G1Pose;
  readonly H: Float64Array;
  readonly g: Float64Array;
  cost: number;
  /** Scratch: a block of three rows over the columns in `columns`. */
  readonly block: Float64Array;
  /** For each link: tangent columns that move it, pelvis translation first. */
  readonly columns: readonly Int32Array[];
}

export const createEquations = (model: G1Model): Equations => ({
  model,
  pose: createG1Pose(),
  H: new Float64Array(TANGENT * TANGENT),
  g: new Float64Array(TANGENT),
  cost: 0,
  block: new Float64Array(3 * TANGENT),
  columns: model.chains.map((chain) => Int32Array.of(0, 1, 2, 3, 4, 5, ...Array.from(chain, (j) => JOINTS_AT + j))),
});

export function resetEquations(e: Equations): void {
  e.H.fill(0);
  e.g.fill(0);
  e.cost = 0;
}

/** One row that touches a single tangent number. */
export function addDiagonal(e: Equations, column: number, residual: number, weight: number): void {
  const w2 = weight * weight;
  e.H[column * TANGENT + column] += w2;
  e.g[column] += w2 * residual;
  e.cost += w2 * residual * residual;
}

/** Adds three rows of `block` over `columns[from..]` with residuals r and weights w. */
function addBlock(
  e: Equations,
  columns: Int32Array,
  from: number,
  r0: number,
  r1: number,
  r2: number,
  w0: number,
  w1: number,
  w2: number,
): void {
  const { H, g, block } = e;
  const a = w0 * w0;
  const b = w1 * w1;
  const c = w2 * w2;
  const n = columns.length;
  for (let i = from; i < n; i++) {
    const x = a * block[i];
    const y = b * block[TANGENT + i];
    const z = c * block[2 * TANGENT + i];
    g[columns[i]] += x * r0 + y * r1 + z * r2;
    const row = columns[i] * TANGENT;
    for (let k = from; k <= i; k++) H[row + columns[k]] += x * block[k] + y * block[TANGENT + k] + z * block[2 * TANGENT + k];
  }
  e.cost += a * r0 * r0 + b * r1 * r1 + c * r2 * r2;
}

/** A world point of a link pulled to a world target, with a weight for each world axis (per metre). */
export function addPoint(
  e: Equations,
  link: number,
  p: ArrayLike<number>,
  i: number,
  target: ArrayLike<number>,
  j: number,
  wx: number,
  wy: number,
  wz: number,
): void {
  fillPoint(e, link, p[i], p[i + 1], p[i + 2], 1);
  addBlock(e, e.columns[link], 0, target[j] - p[i], target[j + 1] - p[i + 1], target[j + 2] - p[i + 2], wx, wy, wz);
}

function fillPoint(e: Equations, link: number, x: number, y: number, z: number, sign: number): void {
  const b = e.block;
  const p = e.pose.positionsM;
  for (let r = 0; r < 3; r++) for (let c = 0; c < 3; c++) b[r * TANGENT + c] = r === c ? sign : 0;
  fillRotation(b, (x - p[0]) * sign, (y - p[1]) * sign, (z - p[2]) * sign);
  const chain = e.model.chains[link];
  for (let k = 0; k < chain.length; k++) {
    const at = (chain[k] + 1) * 3;
    fillCross(b, 6 + k, e.pose.axes, chain[k] * 3, (x - p[at]) * sign, (y - p[at + 1]) * sign, (z - p[at + 2]) * sign);
  }
}

function fillRotation(b: Float64Array, x: number, y: number, z: number): void {
  b[3] = 0;
  b[4] = z;
  b[5] = -y;
  b[TANGENT + 3] = -z;
  b[TANGENT + 4] = 0;
  b[TANGENT + 5] = x;
  b[2 * TANGENT + 3] = y;
  b[2 * TANGENT + 4] = -x;
  b[2 * TANGENT + 5] = 0;
}

function fillCross(b: Float64Array, at: number, a: Float64Array, i: number, x: number, y: number, z: number): void {
  b[at] = a[i + 1] * z - a[i + 2] * y;
  b[at + TANGENT] = a[i + 2] * x - a[i] * z;
  b[at + 2 * TANGENT] = a[i] * y - a[i + 1] * x;
}

/** A world direction fixed in a link turned to a target direction (both unit length). */
export function addDirection(
  e: Equations,
  link: number,
  d: ArrayLike<number>,
  i: number,
  target: ArrayLike<number>,
  j: number,
  weight: number,
): void {
  fillRotation(e.block, d[i], d[i + 1], d[i + 2]);
  const chain = e.model.chains[link];
  for (let k = 0; k < chain.length; k++) fillCross(e.block, 6 + k, e.pose.axes, chain[k] * 3, d[i], d[i + 1], d[i + 2]);
  addBlock(e, e.columns[link], 3, target[j] - d[i], target[j + 1] - d[i + 1], target[j + 2] - d[i + 2], weight, weight, weight);
}

/** The direction from the origin of link `from` to the origin of link `to` (below it in the tree) turned to a target. */
export function addBone(e: Equations, from: number, to: number, target: ArrayLike<number>, j: number, weight: number): void {
  const p = e.pose.positionsM;
  const b = e.block;
  const x = p[to * 3] - p[from * 3];
  const y = p[to * 3 + 1] - p[from * 3 + 1];
  const z = p[to * 3 + 2] - p[from * 3 + 2];
  const s = 1 / Math.sqrt(x * x + y * y + z * z);
  fillRotation(b, x * s, y * s, z * s);
  const chain = e.model.chains[to];
  const shared = e.model.chains[from].length;
  for (let k = 0; k < chain.length; k++) {
    const at = k < shared ? from * 3 : (chain[k] + 1) * 3;
    fillCross(
      b,
      6 + k,
      e.pose.axes,
      chain[k] * 3,
      (p[to * 3] - p[at]) * s,
      (p[to * 3 + 1] - p[at + 1]) * s,
      (p[to * 3 + 2] - p[at + 2]) * s,
    );
  }
  addBlock(e, e.columns[to], 3, target[j] - x * s, target[j + 1] - y * s, target[j + 2] - z * s, weight, weight, weight);
}

const error = new Float64Array(3);

/** The rotation of a link turned to a target rotation (row-major at `j`), with a weight for each world axis (per radian). */
export function addRotation(e: Equations, link: number, target: ArrayLike<number>, j: number, wx: number, wy: number, wz: number): void {
  rotationError(error, target, j, e.pose.rotations, link * 9);
  const b = e.block;
  for (let r = 0; r < 3; r++) for (let c = 0; c < 3; c++) b[r * TANGENT + 3 + c] = r === c ? 1 : 0;
  const chain = e.model.chains[link];
  for (let k = 0; k < chain.length; k++) for (let r = 0; r < 3; r++) b[r * TANGENT + 6 + k] = e.pose.axes[chain[k] * 3 + r];
  addBlock(e, e.columns[link], 3, error[0], error[1], error[2], wx, wy, wz);
}

/** Rotation vector (world) that takes rotation b to rotation a, both row-major. */
export function rotationError(out: Float64Array, a: ArrayLike<number>, i: number, b: ArrayLike<number>, j: number): void {
  const m = (r: number, c: number): number =>
    a[i + r * 3] * b[j + c * 3] + a[i + r * 3 + 1] * b[j + c * 3 + 1] + a[i + r * 3 + 2] * b[j + c * 3 + 2];
  const x = m(2, 1) - m(1, 2);
  const y = m(0, 2) - m(2, 0);
  const z = m(1, 0) - m(0, 1);
  const sine = Math.sqrt(x * x + y * y + z * z) / 2;
  const angle = Math.atan2(sine, (m(0, 0) + m(1, 1) + m(2, 2) - 1) / 2);
  const k = sine > 1e-9 ? angle / (2 * sine) : 0.5;
  out[0] = x * k;
  out[1] = y * k;
  out[2] = z * k;
}

const combined = new Float64Array(TANGENT);
const touched = new Int32Array(TANGENT);

/**
 * One row for a distance: two points of two links, moving along the unit normal n from b to a. r = wanted gap − gap.
 * `linkB` < 0 is the world (the floor).
 */
export function addGap(
  e: Equations,
  linkA: number,
  a: ArrayLike<number>,
  ai: number,
  linkB: number,
  b: ArrayLike<number>,
  bi: number,
  n: ArrayLike<number>,
  residual: number,
  weight: number,
): void {
  combined.fill(0);
  projectOnto(e, linkA, a, ai, n, 1);
  if (linkB >= 0) projectOnto(e, linkB, b, bi, n, -1);
  let count = 0;
  for (let c = 0; c < TANGENT; c++) if (combined[c] !== 0) touched[count++] = c;
  const w2 = weight * weight;
  for (let i = 0; i < count; i++) {
    const v = w2 * combined[touched[i]];
    e.g[touched[i]] += v * residual;
    for (let k = 0; k <= i; k++) e.H[touched[i] * TANGENT + touched[k]] += v * combined[touched[k]];
  }
  e.cost += w2 * residual * residual;
}

function projectOnto(e: Equations, link: number, p: ArrayLike<number>, i: number, n: ArrayLike<number>, sign: number): void {
  fillPoint(e, link, p[i], p[i + 1], p[i + 2], sign);
  const columns = e.columns[link];
  for (let k = 0; k < columns.length; k++)
    combined[columns[k]] += e.block[k] * n[0] + e.block[TANGENT + k] * n[1] + e.block[2 * TANGENT + k] * n[2];
}
