import { type Banded, bandedIndex } from './banded.ts';
import { BODY_CAPSULES, capsuleEnds, G1_CAPSULES, totalMassKg } from './capsules.ts';
import { createG1Pose, type G1Pose, g1Forward, JOINTS_AT, linkPoint, TANGENT } from './kinematics.ts';
import { FOOT_LINKS, G1_DOF, G1_LINKS, type G1Model, SOLE_POINTS_M } from './model.ts';
import { floorWrenches, GRAVITY_M_S2, WRENCH } from './momentum.ts';
import { convexHull, type FloorPoint, outsideOf } from './support.ts';
import type { G1Motion } from './trajectory.ts';

/** Pull of the centre of pressure into the support, per metre. */
const WEIGHT = 60;
/** Beyond this the pull fades: whoever is that far out leans on something, sits or is about to fly. */
const FADE_M = 0.06;
/** Below this share of the weight there is no pressure to place. */
const LOADED = 0.4;
const NEAR_M = 0.02;

/** Frames of one window of a solve. */
export interface BalanceTask {
  readonly model: G1Model;
  readonly motion: G1Motion;
  readonly from: number;
  readonly to: number;
}

/** One frame as the balance row sees it. */
interface BalanceFrame {
  /** `2 × 35`: x and y of the centre of mass, metres per metre or radian. */
  readonly jacobian: Float64Array;
  heightM: number;
  support: readonly FloorPoint[];
}

/**
 * A row a frame that pulls the centre of pressure, wherever it lies outside the soles that stand, back to their edge. The pressure
 * itself comes from the whole momentum; how it answers to a step is taken from the cart on a table, p = c − (h / g) c″ (Kajita et al.
 * 2003), which ties the frame to both its neighbours. Returns the cost.
 */
export function addBalance(task: BalanceTask, matrix: Banded, g: Float64Array): number {
  const { model, motion, from, to } = task;
  if (to - from < 3) return 0;
  const frames = Array.from({ length: to - from }, (_, k) => balanceFrame(model, motion, from + k));
  const wrenches = floorWrenches(model, motion, from, to);
  const massKg = totalMassKg(model);
  let cost = 0;
  for (let k = 1; k < frames.length - 1; k++) {
    const [, , fz, mx, my] = wrenches.subarray(k * WRENCH, (k + 1) * WRENCH);
    if (!(fz > LOADED * massKg * GRAVITY_M_S2) || frames[k].support.length < 2) continue;
    const { distanceM, backX, backY } = outsideOf(frames[k].support, -my / fz, mx / fz);
    if (distanceM === 0) continue;
    const fade = 1 + (distanceM / FADE_M) ** 2;
    cost += (WEIGHT * distanceM) ** 2 / fade;
    const sway = ((frames[k].heightM * massKg) / fz) * motion.fps ** 2;
    setRow([frames[k - 1], frames[k], frames[k + 1]], [-sway, 1 + 2 * sway, -sway], backX, backY);
    addRow(matrix, g, (k - 1) * TANGENT, distanceM, (WEIGHT / fade) ** 2);
  }
  return cost;
}

const row = new Float64Array(3 * TANGENT);

function setRow(frames: readonly BalanceFrame[], factors: readonly number[], backX: number, backY: number): void {
  for (let b = 0; b < 3; b++) {
    const { jacobian } = frames[b];
    for (let c = 0; c < TANGENT; c++) row[b * TANGENT + c] = factors[b] * (backX * jacobian[c] + backY * jacobian[TANGENT + c]);
  }
}

function addRow(matrix: Banded, g: Float64Array, base: number, residual: number, w2: number): void {
  for (let i = 0; i < row.length; i++) {
    const v = w2 * row[i];
    if (v === 0) continue;
    g[base + i] += v * residual;
    const at = bandedIndex(matrix, base + i, base);
    for (let k = 0; k <= i; k++) matrix.rows[at + k] += v * row[k];
  }
}

const pose = createG1Pose();
const ends = new Float64Array(G1_CAPSULES.length * 6);
const point = new Float64Array(3);
const below = new Float64Array(G1_LINKS * 4);

function balanceFrame(model: G1Model, motion: G1Motion, f: number): BalanceFrame {
  g1Forward(pose, model, motion.rootM, f * 3, motion.rootQuaternion, f * 4, motion.angles, f * G1_DOF);
  sumBelow(model);
  const jacobian = comJacobian(pose);
  return { jacobian, heightM: below[3] / below[0], support: liesDown() ? [] : convexHull(solesDown()) };
}

/** Mass and mass times centre of mass of each link with all that hangs on it: `30 × 4`. */
function sumBelow(model: G1Model): void {
  below.fill(0);
  for (let l = G1_LINKS - 1; l >= 0; l--) {
    linkPoint(point, 0, pose, l, model.comM, l * 3);
    below[l * 4] += model.massKg[l];
    for (let k = 0; k < 3; k++) below[l * 4 + 1 + k] += model.massKg[l] * point[k];
    if (l === 0) break;
    for (let k = 0; k < 4; k++) below[model.parentLink[l - 1] * 4 + k] += below[l * 4 + k];
  }
}

/** x and y of the centre of mass against the tangent of one frame, `2 × 35`. */
function comJacobian({ positionsM, axes }: G1Pose): Float64Array {
  const out = new Float64Array(2 * TANGENT);
  const massKg = below[0];
  const x = below[1] / massKg - positionsM[0];
  const y = below[2] / massKg - positionsM[1];
  const z = below[3] / massKg - positionsM[2];
  out[0] = 1;
  out[TANGENT + 1] = 1;
  out[4] = z;
  out[5] = -y;
  out[TANGENT + 3] = -z;
  out[TANGENT + 5] = x;
  for (let j = 0; j < G1_DOF; j++) {
    const l = j + 1;
    const share = below[l * 4] / massKg;
    const ax = below[l * 4 + 1] / massKg - share * positionsM[l * 3];
    const ay = below[l * 4 + 2] / massKg - share * positionsM[l * 3 + 1];
    const az = below[l * 4 + 3] / massKg - share * positionsM[l * 3 + 2];
    out[JOINTS_AT + j] = axes[j * 3 + 1] * az - axes[j * 3 + 2] * ay;
    out[TANGENT + JOINTS_AT + j] = axes[j * 3 + 2] * ax - axes[j * 3] * az;
  }
  return out;
}

function solesDown(): FloorPoint[] {
  const out: FloorPoint[] = [];
  for (const link of FOOT_LINKS) {
    for (let k = 0; k < 4; k++) {
      linkPoint(point, 0, pose, link, SOLE_POINTS_M, k * 3);
      if (point[2] < NEAR_M) out.push([point[0], point[1]]);
    }
  }
  return out;
}

/** True where something other than a foot is on the floor: what it carries is not known. */
function liesDown(): boolean {
  capsuleEnds(ends, pose);
  return BODY_CAPSULES.some((c) => Math.min(ends[c * 6 + 2], ends[c * 6 + 5]) - G1_CAPSULES[c].radiusM < NEAR_M);
}
