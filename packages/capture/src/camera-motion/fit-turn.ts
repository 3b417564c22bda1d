import { cross, normalizeVector } from '@gaitway/motion/vector';
import type { Turn } from './turn.ts';
import { copyTurn, createTurn, multiplyMatrices, multiplyTransposed, orthonormalise, toKey, turnMatrix } from './turn.ts';

/** Pairs of places of the same thing, `count × 2`, pixels from the principal point. */
export interface Matches {
  readonly key: Float64Array;
  readonly now: Float64Array;
  count: number;
}

export const createMatches = (capacity: number): Matches => ({
  key: new Float64Array(capacity * 2),
  now: new Float64Array(capacity * 2),
  count: 0,
});

/** A pair agrees with a turn if it is off by less than this, and this part of the way it moved: the focal length is a guess. */
const AGREES_PX = 0.8;
const AGREES_PART = 0.06;
const TRIALS = 40;
/** With this share in agreement nothing better is looked for. */
const SURE_SHARE = 0.8;
/** Steps of the refinement with the tolerance above, then with one that follows what the better half of the pairs is off by. */
const WIDE_STEPS = 3;
const NARROW_STEPS = 3;
const LEAST_WIDTH_PX = 0.25;
/** How surely the size stays what it was, against one pixel. */
const SCALE_SD = 0.02;

const place = new Float64Array(2);

/** Squared error of a pair in units of what is tolerated: below 1 it agrees. */
function misfit(turn: Turn, m: Matches, i: number, focalPx: number): number {
  const [x, y, kx, ky] = [m.now[i * 2], m.now[i * 2 + 1], m.key[i * 2], m.key[i * 2 + 1]];
  if (!toKey(place, turn, x, y, focalPx)) return Number.POSITIVE_INFINITY;
  const tolerated = AGREES_PX + AGREES_PART * Math.sqrt((x - kx) ** 2 + (y - ky) ** 2);
  return ((place[0] - kx) ** 2 + (place[1] - ky) ** 2) / (tolerated * tolerated);
}

/** Share of the pairs that agree with a turn, 0..1. */
export function agreement(turn: Turn, m: Matches, focalPx: number): number {
  let count = 0;
  for (let i = 0; i < m.count; i++) if (misfit(turn, m, i, focalPx) < 1) count++;
  return m.count > 0 ? count / m.count : 0;
}

const trial = createTurn();

/**
 * The turn with which most pairs agree, starting from the one in `turn` and refined on those pairs, in place. Returns their
 * share. Hypotheses from two pairs each (Fischler and Bolles, 1981), drawn by a generator of their own: the same pairs give the
 * same turn.
 */
export function fitTurn(turn: Turn, m: Matches, focalPx: number): number {
  let best = agreement(turn, m, focalPx);
  let random = 0x9e3779b9;
  trial.scale = turn.scale;
  for (let t = 0; t < TRIALS && best < SURE_SHARE && m.count > 2; t++) {
    random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
    const i = (random >>> 8) % m.count;
    random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
    const j = (random >>> 8) % m.count;
    if (i === j || !turnOfTwo(trial.rotation, m, i, j, trial.scale, focalPx)) continue;
    const share = agreement(trial, m, focalPx);
    if (share <= best) continue;
    best = share;
    copyTurn(turn, trial);
  }
  refitTurn(turn, m, focalPx);
  return agreement(turn, m, focalPx);
}

/** Refines a turn that is nearly right on the pairs that agree with it, in place. */
export function refitTurn(turn: Turn, m: Matches, focalPx: number): void {
  for (let step = 0; step < WIDE_STEPS; step++) refine(turn, m, focalPx, 0);
  const widthPx = Math.max(LEAST_WIDTH_PX, 2 * medianError(turn, m, focalPx));
  for (let step = 0; step < NARROW_STEPS; step++) refine(turn, m, focalPx, widthPx);
}

function medianError(turn: Turn, m: Matches, focalPx: number): number {
  const errors: number[] = [];
  for (let i = 0; i < m.count; i++)
    if (toKey(place, turn, m.now[i * 2], m.now[i * 2 + 1], focalPx))
      errors.push(Math.hypot(place[0] - m.key[i * 2], place[1] - m.key[i * 2 + 1]));
  return errors.length === 0 ? 0 : errors.sort((a, b) => a - b)[errors.length >> 1];
}

const v = new Float64Array(18);
const frames = [new Float64Array(9), new Float64Array(9)];

/** Rotation that takes two directions of the picture to those of the key picture: the first exactly. */
function turnOfTwo(out: Float64Array, m: Matches, i: number, j: number, scale: number, focalPx: number): boolean {
  for (const [f, places, s] of [
    [0, m.key, 1],
    [1, m.now, scale],
  ] as const) {
    for (const [o, p] of [
      [0, i],
      [3, j],
    ] as const) {
      v[o] = places[p * 2] * s;
      v[o + 1] = places[p * 2 + 1] * s;
      v[o + 2] = focalPx;
    }
    normalizeVector(v, 0);
    cross(v, 6, v, 0, v, 3);
    if (normalizeVector(v, 6) < 0.05 * focalPx) return false;
    cross(v, 9, v, 0, v, 6);
    // Rows: the three axes of the pair.
    for (let k = 0; k < 3; k++) {
      frames[f][k] = v[k];
      frames[f][3 + k] = v[6 + k];
      frames[f][6 + k] = v[9 + k];
    }
  }
  multiplyTransposed(out, frames[0], frames[1]);
  return true;
}

const h = new Float64Array(16);
const g = new Float64Array(4);
const rows = new Float64Array(8);
const turned = new Float64Array(9);
const small = new Float64Array(9);

/**
 * One Gauss–Newton step on rotation and scale, pairs weighted by Geman and McClure: who does not agree has no say. `widthPx` is how
 * far a pair may be off, 0 = what is tolerated anyway.
 */
function refine(turn: Turn, m: Matches, focalPx: number, widthPx: number): void {
  h.fill(0);
  g.fill(0);
  for (let i = 0; i < m.count; i++) {
    const off = misfit(turn, m, i, focalPx);
    if (!(off < 4)) continue;
    const rx = place[0] - m.key[i * 2];
    const ry = place[1] - m.key[i * 2 + 1];
    const w = 1 / (1 + (widthPx > 0 ? (rx * rx + ry * ry) / (widthPx * widthPx) : off)) ** 2;
    const x = place[0] / focalPx;
    const y = place[1] / focalPx;
    rows[0] = -focalPx * x * y;
    rows[1] = focalPx * (1 + x * x);
    rows[2] = -focalPx * y;
    rows[3] = place[0];
    rows[4] = -focalPx * (1 + y * y);
    rows[5] = focalPx * x * y;
    rows[6] = focalPx * x;
    rows[7] = place[1];
    for (let a = 0; a < 4; a++) {
      g[a] += w * (rows[a] * rx + rows[4 + a] * ry);
      for (let b = 0; b <= a; b++) h[a * 4 + b] += w * (rows[a] * rows[b] + rows[4 + a] * rows[4 + b]);
    }
  }
  h[15] += 1 / SCALE_SD ** 2;
  for (let a = 0; a < 4; a++) h[a * 5] += 1e-6 * focalPx * focalPx;
  if (!solveFour(h, g)) return;
  turnMatrix(small, -g[0], -g[1], -g[2]);
  multiplyMatrices(turned, small, turn.rotation);
  turn.rotation.set(turned);
  orthonormalise(turn.rotation);
  turn.scale *= Math.exp(-g[3]);
}

/** Solves H x = b for a symmetric positive 4 × 4 matrix (lower triangle given), in place of `b`; by Cholesky. */
function solveFour(a: Float64Array, b: Float64Array): boolean {
  for (let i = 0; i < 4; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * 4 + j];
      for (let k = 0; k < j; k++) sum -= a[i * 4 + k] * a[j * 4 + k];
      if (i === j && !(sum > 0)) return false;
      a[i * 4 + j] = i === j ? Math.sqrt(sum) : sum / a[j * 4 + j];
    }
  }
  for (let i = 0; i < 4; i++) {
    for (let k = 0; k < i; k++) b[i] -= a[i * 4 + k] * b[k];
    b[i] /= a[i * 4 + i];
  }
  for (let i = 3; i >= 0; i--) {
    for (let k = i + 1; k < 4; k++) b[i] -= a[k * 4 + i] * b[k];
    b[i] /= a[i * 4 + i];
  }
  return true;
}
