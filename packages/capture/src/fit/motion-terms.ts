import { multiplyInverse } from '@gaitway/motion/quaternion';
import { logMap } from '@gaitway/motion/rotation';
import { BLOCK_COUNT, BLOCKS, blockNamed, DOFS } from './body-model.ts';
import type { BodyState } from './body-state.ts';
import type { NormalEquations } from './normal-equations.ts';
import { addAt } from './normal-equations.ts';

/** Acceleration of whatever nothing holds, metres a second squared. */
export const GRAVITY_MS2 = 9.81;

/** Where the body flies. */
export interface Fall {
  /** `frameCount`: 1 while nothing holds it. */
  readonly frames: Uint8Array;
  /** Unit vector against gravity in the axes of the state. */
  readonly up: Float64Array;
}

/**
 * The centre of mass falls as a stone does; the pelvis, which is near it, strays from that as arms and legs swing and tuck, m/s²
 * (captured jumps: on average over a flight it falls with 9.0 to 9.7).
 */
const FALL_SIGMA_MS2 = 3;

/** Standard deviations of what a body does: accelerations, and how far joints stray from rest. */
export interface MotionWeights {
  /** Acceleration of the pelvis across and along the viewing direction, m/s². */
  readonly rootAcrossMS2: number;
  readonly rootDepthMS2: number;
  /** Angular acceleration of each block, rad/s². */
  readonly turnRadS2: Float64Array;
  /** Deviation from rest of each degree of freedom, rad; 0 = free. */
  readonly restRad: Float64Array;
  readonly fall?: Fall;
}

/** [block name without side, angular acceleration rad/s², rest sigma rad per axis x, y, z (0 = free)]. */
const TABLE: readonly (readonly [string, number, readonly number[]])[] = [
  ['pelvis', 28, [0, 0, 0]],
  ['loin', 14, [0.16, 0.05, 0.12]],
  ['chest', 17, [0.14, 0.06, 0.12]],
  ['neck', 25, [0.22, 0.3, 0.2]],
  ['clavicle', 40, [0.1, 0.1, 0.1]],
  ['upperarm', 80, [0, 0, 0]],
  ['lowerarm', 103, [0]],
  ['hand', 103, [0.6, 0.6, 0.6]],
  ['thigh', 68, [0, 0.5, 0]],
  ['calf', 91, [0]],
  ['foot', 91, [0.5, 0.35, 0.35]],
];

/** Arms that were looked at twice were seen with less noise: so much more of their acceleration is believed. */
const SEEN_TWICE = 1.25;
const ARM = /^(upperarm|lowerarm|hand)_/;

/** Weights for a smoothing of 0..1: 0.5 is the table, 0 lets pass three times the acceleration, 1 a third. */
export function motionWeights(smoothing: number, seenTwice = false): MotionWeights {
  const loose = 9 ** (0.5 - smoothing);
  const turnRadS2 = new Float64Array(BLOCK_COUNT);
  const restRad = new Float64Array(DOFS);
  BLOCKS.forEach(({ name, dof }, b) => {
    const row = TABLE.find(([part]) => name.startsWith(part));
    if (!row) throw new RangeError(`no weights for block ${name}`);
    turnRadS2[b] = row[1] * loose * (seenTwice && ARM.test(name) ? SEEN_TWICE : 1);
    row[2].forEach((sigma, k) => {
      restRad[dof + k] = sigma;
    });
  });
  return { rootAcrossMS2: 9 * loose, rootDepthMS2: 4.2 * loose, turnRadS2, restRad };
}

export interface MotionScratch {
  readonly q: Float64Array;
  readonly before: Float64Array;
  readonly after: Float64Array;
  readonly residual: Float64Array;
}

export const createMotionScratch = (): MotionScratch => ({
  q: new Float64Array(4),
  before: new Float64Array(3),
  after: new Float64Array(3),
  residual: new Float64Array(3),
});

/**
 * Cost of the accelerations centred at `frame`; with `n` adds their equations. Unknowns of frame f start at
 * (f − first) · DOFS; frames outside [first, last) are held.
 */
export function accelerationTerms(
  state: BodyState,
  frame: number,
  fps: number,
  weights: MotionWeights,
  s: MotionScratch,
  n: NormalEquations | undefined,
  first: number,
  last: number,
): number {
  let cost = 0;
  const rate = fps * fps;
  const fall = weights.fall?.frames[frame] === 1 ? weights.fall : undefined;
  for (let k = 0; k < 3; k++) {
    const i = frame * 3 + k;
    const r = (state.root[i - 3] - 2 * state.root[i] + state.root[i + 3]) * rate + (fall ? GRAVITY_MS2 * fall.up[k] : 0);
    const sigma = fall ? FALL_SIGMA_MS2 : k === 2 ? weights.rootDepthMS2 : weights.rootAcrossMS2;
    cost += addSecondDifference(n, frame, k, r / sigma, rate / sigma, first, last);
  }
  for (let b = 0; b < BLOCK_COUNT; b++) {
    const { dof, axis } = BLOCKS[b];
    const k = rate / weights.turnRadS2[b];
    if (axis) {
      const i = frame * BLOCK_COUNT + b;
      const r = state.angles[i - BLOCK_COUNT] - 2 * state.angles[i] + state.angles[i + BLOCK_COUNT];
      cost += addSecondDifference(n, frame, dof, r * k, k, first, last);
      continue;
    }
    velocity(s.before, state, frame - 1, b, s);
    velocity(s.after, state, frame, b, s);
    for (let c = 0; c < 3; c++) {
      s.residual[c] = (s.after[c] - s.before[c]) * k;
      cost += addSecondDifference(n, frame, dof + c, s.residual[c], k, first, last);
    }
    if (n !== undefined) correctGradient(n, frame, dof, k, s, first, last);
  }
  return cost;
}

/**
 * The second difference treats turns from frame to frame as small. The matrix keeps that (it couples nothing across axes); the
 * gradient is corrected to the derivative of the logarithm, so that what is converged to is exact:
 * Jr⁻ᵀ(ω) r = r − ½ ω×r + ¹⁄₁₂ ω×(ω×r) for the later frame, with +½ for the earlier (Solà, "A micro Lie theory", 2018).
 */
function correctGradient(n: NormalEquations, frame: number, dof: number, k: number, s: MotionScratch, first: number, last: number): void {
  addBracket(n, unknown(frame + 1, first, last, dof), s.after, s.residual, k, -0.5);
  addBracket(n, unknown(frame, first, last, dof), s.after, s.residual, -k, 0.5);
  addBracket(n, unknown(frame, first, last, dof), s.before, s.residual, -k, -0.5);
  addBracket(n, unknown(frame - 1, first, last, dof), s.before, s.residual, k, 0.5);
}

/** Number of a degree of freedom among the unknowns of the window [first, last); −1 where the frame is held. */
const unknown = (frame: number, first: number, last: number, dof: number): number =>
  frame >= first && frame < last ? (frame - first) * DOFS + dof : -1;

/** gradient += k · (half · ω×r + ¹⁄₁₂ ω×(ω×r)). */
function addBracket(n: NormalEquations, at: number, w: Float64Array, r: Float64Array, k: number, half: number): void {
  if (at < 0) return;
  const x = w[1] * r[2] - w[2] * r[1];
  const y = w[2] * r[0] - w[0] * r[2];
  const z = w[0] * r[1] - w[1] * r[0];
  n.gradient[at] += k * (half * x + (w[1] * z - w[2] * y) / 12);
  n.gradient[at + 1] += k * (half * y + (w[2] * x - w[0] * z) / 12);
  n.gradient[at + 2] += k * (half * z + (w[0] * y - w[1] * x) / 12);
}

/** Rotation vector from `frame` to the next. */
function velocity(out: Float64Array, state: BodyState, frame: number, b: number, s: MotionScratch): void {
  const i = (frame * BLOCK_COUNT + b) * 4;
  multiplyInverse(s.q, 0, state.turns, i, state.turns, i + BLOCK_COUNT * 4);
  logMap(out, 0, s.q, 0);
}

/** Residual r with derivative (k, −2k, k) at (frame − 1, frame, frame + 1): exact for positions and hinges, see `correctGradient` for balls. */
function addSecondDifference(
  n: NormalEquations | undefined,
  frame: number,
  dof: number,
  r: number,
  k: number,
  first: number,
  last: number,
): number {
  if (n !== undefined) {
    for (let a = -1; a <= 1; a++) {
      const f = frame + a;
      if (f < first || f >= last) continue;
      const i = (f - first) * DOFS + dof;
      const ja = a === 0 ? -2 * k : k;
      n.gradient[i] += ja * r;
      for (let b = -1; b <= a; b++) {
        const g = frame + b;
        if (g >= first) addAt(n, i, (g - first) * DOFS + dof, ja * (b === 0 ? -2 * k : k));
      }
    }
  }
  return 0.5 * r * r;
}

/** Hinges bend one way: angles outside are pushed back with this standard deviation, radians. */
const LIMIT_SIGMA_RAD = 0.05;
const HINGE_MIN_RAD = 0.03;
const HINGE_MAX_RAD = 2.6;

/** Cost of a frame's deviations from rest and of hinges beyond their limits; with `n` adds their equations at `base`. */
export function postureTerms(
  state: BodyState,
  frame: number,
  weights: MotionWeights,
  s: MotionScratch,
  n?: NormalEquations,
  base = 0,
): number {
  let cost = 0;
  for (let b = 0; b < BLOCK_COUNT; b++) {
    const { dof, axis } = BLOCKS[b];
    if (axis) {
      const angle = state.angles[frame * BLOCK_COUNT + b];
      const beyond = angle < HINGE_MIN_RAD ? angle - HINGE_MIN_RAD : angle > HINGE_MAX_RAD ? angle - HINGE_MAX_RAD : 0;
      if (beyond !== 0) cost += addDiagonal(n, base + dof, beyond / LIMIT_SIGMA_RAD, 1 / LIMIT_SIGMA_RAD);
      continue;
    }
    if (!(weights.restRad[dof] > 0 || weights.restRad[dof + 1] > 0 || weights.restRad[dof + 2] > 0)) continue;
    logMap(s.before, 0, state.turns, (frame * BLOCK_COUNT + b) * 4);
    for (let c = 0; c < 3; c++) {
      const sigma = weights.restRad[dof + c];
      s.residual[c] = sigma > 0 ? s.before[c] / (sigma * sigma) : 0;
      if (sigma > 0) cost += addDiagonal(n, base + dof + c, s.before[c] / sigma, 1 / sigma);
    }
    if (n !== undefined) addBracket(n, base + dof, s.before, s.residual, 1, -0.5);
  }
  for (const { block, axis, sigmaRad } of TWISTS) cost += twistTerm(state, frame, block, axis, sigmaRad, s, n, base);
  return cost;
}

/**
 * Turn about the length of the upper arm: a shoulder turns about 80° either way. Where the elbow is straight nothing else in the
 * picture shows it, and it would wind up.
 */
const TWISTS = (['l', 'r'] as const).map((side) => ({
  block: blockNamed(`upperarm_${side}`),
  axis: [side === 'l' ? Math.SQRT1_2 : -Math.SQRT1_2, -Math.SQRT1_2, 0] as const,
  sigmaRad: 0.5,
}));

/** θ = 2·atan2(v·a, w) of the quaternion (v, w), and its derivative by an increment δ: v' = (w δ + v×δ)/2, w' = −v·δ/2. */
function twistTerm(
  state: BodyState,
  frame: number,
  block: number,
  axis: readonly [number, number, number],
  sigmaRad: number,
  s: MotionScratch,
  n: NormalEquations | undefined,
  base: number,
): number {
  const o = (frame * BLOCK_COUNT + block) * 4;
  const q = state.turns;
  const flip = q[o + 3] < 0 ? -1 : 1;
  const x = flip * q[o];
  const y = flip * q[o + 1];
  const z = flip * q[o + 2];
  const w = flip * q[o + 3];
  const along = x * axis[0] + y * axis[1] + z * axis[2];
  const size = along * along + w * w;
  // Turned by half a circle across the axis: there is no twist to speak of.
  if (size < 1e-2) return 0;
  const r = (2 * Math.atan2(along, w)) / sigmaRad;
  if (n !== undefined) {
    const k = 1 / (size * sigmaRad);
    const J = s.before;
    J[0] = k * (w * (w * axis[0] + axis[1] * z - axis[2] * y) + along * x);
    J[1] = k * (w * (w * axis[1] + axis[2] * x - axis[0] * z) + along * y);
    J[2] = k * (w * (w * axis[2] + axis[0] * y - axis[1] * x) + along * z);
    const i = base + BLOCKS[block].dof;
    for (let a = 0; a < 3; a++) {
      n.gradient[i + a] += J[a] * r;
      for (let b = 0; b <= a; b++) addAt(n, i + a, i + b, J[a] * J[b]);
    }
  }
  return 0.5 * r * r;
}

function addDiagonal(n: NormalEquations | undefined, i: number, r: number, k: number): number {
  if (n !== undefined) {
    n.gradient[i] += k * r;
    addAt(n, i, i, k * k);
  }
  return 0.5 * r * r;
}
