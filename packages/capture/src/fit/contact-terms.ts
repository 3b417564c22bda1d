import { bodyJoint, DOFS } from './body-model.ts';
import type { BodyPose } from './body-state.ts';
import type { BodySurface } from './body-surface.ts';
import type { TermScratch } from './landmark-terms.ts';
import { pointJacobian, pointOf, prepareAxes } from './landmark-terms.ts';
import type { NormalEquations } from './normal-equations.ts';
import { addAt, ROW_STEP } from './normal-equations.ts';

/** Points at rest and the floor they may stand on, in the axes of the state. */
export interface Ground {
  /** `frameCount × 4` in the order of `CONTACT_POINTS`, 1 = at rest, on the floor or a little above it. */
  readonly contacts: Uint8Array;
  /** Soles in the rest frame of the foot joints, `4 × 3`, metres. */
  readonly soles: Float64Array;
  /** Unit vector against gravity and the floor's height along it, metres. */
  readonly up: Float64Array;
  readonly floorM: number;
  /** What of the body else must not sink in. Without it only the soles must not. */
  readonly surface?: BodySurface;
  /** `frameCount`: 1 while the body flies. Without it it never does. */
  readonly flight?: Uint8Array;
}

/** Standard deviations of a point at rest: the speed of its slip, metres a second, and its height above the floor, metres. */
const SLIP_SIGMA_MS = 0.06;
const HEIGHT_SIGMA_M = 0.012;
/** Beyond this many of them above the floor a foot rests on its ball, on the other foot, in the air (width of Cauchy's loss). */
const HEIGHT_WIDTH = 3;
/** A point that is not at rest may touch the floor but not pass it. */
const PENETRATION_SIGMA_M = 0.01;

const FEET = [bodyJoint('foot_l'), bodyJoint('foot_l'), bodyJoint('foot_r'), bodyJoint('foot_r')];
export const CONTACT_COUNT = 4;

/** Positions and derivatives of the four contact points of one frame. */
export interface ContactFrame {
  readonly points: Float64Array;
  readonly jacobians: Float64Array;
  readonly columns: Int32Array;
  readonly counts: Int32Array;
}

export const createContactFrame = (): ContactFrame => ({
  points: new Float64Array(CONTACT_COUNT * 3),
  jacobians: new Float64Array(CONTACT_COUNT * 3 * DOFS),
  columns: new Int32Array(CONTACT_COUNT * DOFS),
  counts: new Int32Array(CONTACT_COUNT),
});

/** Fills the points of a pose, and with `derivatives` their Jacobians. */
export function contactPoints(out: ContactFrame, ground: Ground, pose: BodyPose, s: TermScratch, derivatives: boolean): void {
  if (derivatives) prepareAxes(s, pose);
  for (let p = 0; p < CONTACT_COUNT; p++) {
    pointOf(s.point, pose, FEET[p], ground.soles, p * 3);
    for (let k = 0; k < 3; k++) out.points[p * 3 + k] = s.point[k];
    if (!derivatives) continue;
    out.counts[p] = pointJacobian(s, pose, FEET[p]);
    out.jacobians.set(s.jacobian, p * 3 * DOFS);
    out.columns.set(s.columns, p * DOFS);
  }
}

/** Height terms of one frame. */
export function heightTerms(ground: Ground, frame: number, now: ContactFrame, n: NormalEquations | undefined, base: number): number {
  let cost = 0;
  const { up } = ground;
  for (let p = 0; p < CONTACT_COUNT; p++) {
    const h = now.points[p * 3] * up[0] + now.points[p * 3 + 1] * up[1] + now.points[p * 3 + 2] * up[2] - ground.floorM;
    const rests = ground.contacts[frame * CONTACT_COUNT + p] === 1;
    if (!rests && h >= 0) continue;
    const sigma = rests ? HEIGHT_SIGMA_M : PENETRATION_SIGMA_M;
    const tail = h > 0 ? (h / sigma / HEIGHT_WIDTH) ** 2 : 0;
    cost += h > 0 ? 0.5 * HEIGHT_WIDTH ** 2 * Math.log1p(tail) : 0.5 * (h / sigma) ** 2;
    if (n === undefined) continue;
    const k = 1 / (sigma * Math.sqrt(1 + tail));
    const J = p * 3 * DOFS;
    for (let c = 0; c < now.counts[p]; c++) {
      const d = now.columns[p * DOFS + c];
      const jd = k * along(up, now.jacobians, J + d);
      n.gradient[base + d] += jd * k * h;
      for (let e = 0; e < now.counts[p]; e++) {
        const to = now.columns[p * DOFS + e];
        if (to <= d) addAt(n, base + d, base + to, jd * k * along(up, now.jacobians, J + to));
      }
    }
  }
  return cost;
}

const along = (up: Float64Array, J: Float64Array, at: number): number => up[0] * J[at] + up[1] * J[at + DOFS] + up[2] * J[at + 2 * DOFS];

/**
 * Slip between a frame (`now`) and the one before: points at rest in both stay where they are. `base` is the first unknown of
 * `now`, those of `before` lie DOFS lower; a held frame has `beforeFree` false.
 */
export function slipTerms(
  ground: Ground,
  frame: number,
  before: ContactFrame,
  now: ContactFrame,
  n: NormalEquations | undefined,
  base: number,
  beforeFree: boolean,
  fps: number,
): number {
  let cost = 0;
  const k = fps / SLIP_SIGMA_MS;
  const slip = [0, 0, 0];
  for (let p = 0; p < CONTACT_COUNT; p++) {
    const i = frame * CONTACT_COUNT + p;
    if (ground.contacts[i] === 0 || ground.contacts[i - CONTACT_COUNT] === 0) continue;
    for (let r = 0; r < 3; r++) {
      slip[r] = k * (now.points[p * 3 + r] - before.points[p * 3 + r]);
      cost += 0.5 * slip[r] * slip[r];
    }
    if (n === undefined) continue;
    addMoves(n, base, now, p, k, slip);
    if (!beforeFree) continue;
    addMoves(n, base - DOFS, before, p, -k, slip);
    addBetween(n, base, now, before, p, -k * k);
  }
  return cost;
}

/** Equations of `k` times the movement of point `p` of one frame, whose residual is `slip`. */
function addMoves(
  n: NormalEquations,
  base: number,
  { jacobians: J, columns, counts }: ContactFrame,
  p: number,
  k: number,
  slip: readonly number[],
): void {
  const { rows } = n.matrix;
  const [jx, jy, jz] = [p * 3 * DOFS, (p * 3 + 1) * DOFS, (p * 3 + 2) * DOFS];
  for (let c = 0; c < counts[p]; c++) {
    const d = columns[p * DOFS + c];
    const [x, y, z] = [J[jx + d], J[jy + d], J[jz + d]];
    n.gradient[base + d] += k * (x * slip[0] + y * slip[1] + z * slip[2]);
    const row = (base + d) * ROW_STEP + base;
    for (let e = 0; e < counts[p]; e++) {
      const to = columns[p * DOFS + e];
      if (to <= d) rows[row + to] += k * k * (x * J[jx + to] + y * J[jy + to] + z * J[jz + to]);
    }
  }
}

/** Adds `factor` times the products of the derivatives of point `p` in a frame with those in the frame before. */
function addBetween(n: NormalEquations, base: number, now: ContactFrame, before: ContactFrame, p: number, factor: number): void {
  const { rows } = n.matrix;
  const [J, B] = [now.jacobians, before.jacobians];
  const [jx, jy, jz] = [p * 3 * DOFS, (p * 3 + 1) * DOFS, (p * 3 + 2) * DOFS];
  for (let c = 0; c < now.counts[p]; c++) {
    const d = now.columns[p * DOFS + c];
    const [x, y, z] = [factor * J[jx + d], factor * J[jy + d], factor * J[jz + d]];
    const row = (base + d) * ROW_STEP + base - DOFS;
    for (let e = 0; e < before.counts[p]; e++) {
      const to = before.columns[p * DOFS + e];
      rows[row + to] += x * B[jx + to] + y * B[jy + to] + z * B[jz + to];
    }
  }
}
