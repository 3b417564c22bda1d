import { createEquations, type Equations } from './equations.ts';
import { frameEquations, type HandMode } from './frame-terms.ts';
import type { Goals } from './goals.ts';
import { JOINTS_AT, TANGENT } from './kinematics.ts';
import { G1_DOF, type G1Model } from './model.ts';
import { applyStep, isHeld } from './step.ts';
import { copyG1Motion, type G1Motion } from './trajectory.ts';

const MAX_ITERATIONS = 5;
const FIRST_FRAME_ITERATIONS = 30;
/** Pull towards the frame before, per radian: what decides where nothing else does. */
const CONTINUITY = 1.5;
const DAMPING = 0.05;
/** Relative gain in cost below which a frame is done. */
const ENOUGH = 1e-3;
/** Residual cost above which the closed-form pose is tried as another start. */
const STUCK_COST = 60;

/**
 * First pass: every frame by projected Levenberg–Marquardt, started from the frame before (so that nothing flips) or, where that
 * is stuck, from the closed form.
 */
export function solveFrames(model: G1Model, goals: Goals, handMode: HandMode, onFrame?: (f: number) => void): G1Motion {
  const motion = copyG1Motion(goals.seed);
  const solver = createSolver(model);
  for (let f = 0; f < motion.frameCount; f++) {
    onFrame?.(f);
    const fromSeed = f === 0;
    if (!fromSeed) motion.angles.copyWithin(f * G1_DOF, (f - 1) * G1_DOF, f * G1_DOF);
    const cost = descend(solver, goals, motion, f, handMode, fromSeed ? FIRST_FRAME_ITERATIONS : MAX_ITERATIONS);
    if (cost > STUCK_COST && !fromSeed) trySeed(solver, goals, motion, f, handMode, cost);
  }
  return motion;
}

interface Solver {
  readonly model: G1Model;
  readonly equations: Equations;
  readonly factor: Float64Array;
  readonly step: Float64Array;
  readonly saved: { readonly root: Float64Array; readonly quaternion: Float64Array; readonly angles: Float64Array };
}

const createSolver = (model: G1Model): Solver => ({
  model,
  equations: createEquations(model),
  factor: new Float64Array(TANGENT * TANGENT),
  step: new Float64Array(TANGENT),
  saved: { root: new Float64Array(3), quaternion: new Float64Array(4), angles: new Float64Array(G1_DOF) },
});

function save(s: Solver, motion: G1Motion, f: number): void {
  s.saved.root.set(motion.rootM.subarray(f * 3, f * 3 + 3));
  s.saved.quaternion.set(motion.rootQuaternion.subarray(f * 4, f * 4 + 4));
  s.saved.angles.set(motion.angles.subarray(f * G1_DOF, (f + 1) * G1_DOF));
}

function restore(s: Solver, motion: G1Motion, f: number): void {
  motion.rootM.set(s.saved.root, f * 3);
  motion.rootQuaternion.set(s.saved.quaternion, f * 4);
  motion.angles.set(s.saved.angles, f * G1_DOF);
}

/** Solves frame f in place; returns the cost reached. */
function descend(s: Solver, goals: Goals, motion: G1Motion, f: number, handMode: HandMode, iterations: number): number {
  let damping = DAMPING;
  evaluate(s, goals, motion, f, handMode);
  let cost = s.equations.cost;
  for (let k = 0; k < iterations; k++) {
    solveStep(s, motion, f, damping);
    save(s, motion, f);
    applyStep(motion, s.model, f, s.step, 0);
    evaluate(s, goals, motion, f, handMode);
    const next = s.equations.cost;
    if (next < cost) {
      const gain = (cost - next) / cost;
      cost = next;
      damping = Math.max(1e-4, damping / 4);
      if (gain < ENOUGH) break;
    } else {
      restore(s, motion, f);
      damping *= 20;
      if (damping > 1e4) break;
      evaluate(s, goals, motion, f, handMode);
    }
  }
  return cost;
}

function evaluate(s: Solver, goals: Goals, motion: G1Motion, f: number, handMode: HandMode): void {
  const e = s.equations;
  frameEquations(e, goals, motion, f, handMode);
  if (f === 0) return;
  for (let j = 0; j < G1_DOF; j++) {
    const c = JOINTS_AT + j;
    const back = motion.angles[(f - 1) * G1_DOF + j] - motion.angles[f * G1_DOF + j];
    e.H[c * TANGENT + c] += CONTINUITY * CONTINUITY;
    e.g[c] += CONTINUITY * CONTINUITY * back;
    e.cost += CONTINUITY * CONTINUITY * back * back;
  }
}

/** step = (H + damping · (I + diag H))⁻¹ g, joints held at their limits left out. */
function solveStep(s: Solver, motion: G1Motion, f: number, damping: number): void {
  const { H, g } = s.equations;
  const L = s.factor;
  L.set(H);
  s.step.set(g);
  for (let c = 0; c < TANGENT; c++) L[c * TANGENT + c] += damping * (1 + L[c * TANGENT + c]);
  for (let j = 0; j < G1_DOF; j++) if (isHeld(s.model, motion, f, j, g[JOINTS_AT + j])) drop(L, s.step, JOINTS_AT + j);
  cholesky(L, TANGENT);
  substitute(L, TANGENT, s.step);
}

function drop(L: Float64Array, step: Float64Array, c: number): void {
  for (let k = 0; k < c; k++) L[c * TANGENT + k] = 0;
  for (let r = c + 1; r < TANGENT; r++) L[r * TANGENT + c] = 0;
  L[c * TANGENT + c] = 1;
  step[c] = 0;
}

/** In-place Cholesky of the lower triangle of a positive definite row-major matrix. */
export function cholesky(L: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) {
    const a = i * n;
    for (let j = 0; j <= i; j++) {
      const b = j * n;
      let sum = L[a + j];
      for (let k = 0; k < j; k++) sum -= L[a + k] * L[b + k];
      L[a + j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / L[b + j];
    }
  }
}

/** x = (L Lᵀ)⁻¹ x. */
export function substitute(L: Float64Array, n: number, x: Float64Array): void {
  for (let i = 0; i < n; i++) {
    let sum = x[i];
    for (let k = 0; k < i; k++) sum -= L[i * n + k] * x[k];
    x[i] = sum / L[i * n + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = x[i];
    for (let k = i + 1; k < n; k++) sum -= L[k * n + i] * x[k];
    x[i] = sum / L[i * n + i];
  }
}

/** Solves frame f again from the closed form; keeps the better of the two. */
function trySeed(s: Solver, goals: Goals, motion: G1Motion, f: number, handMode: HandMode, cost: number): void {
  const root = motion.rootM.slice(f * 3, f * 3 + 3);
  const quaternion = motion.rootQuaternion.slice(f * 4, f * 4 + 4);
  const angles = motion.angles.slice(f * G1_DOF, (f + 1) * G1_DOF);
  motion.rootM.set(goals.seed.rootM.subarray(f * 3, f * 3 + 3), f * 3);
  motion.rootQuaternion.set(goals.seed.rootQuaternion.subarray(f * 4, f * 4 + 4), f * 4);
  motion.angles.set(goals.seed.angles.subarray(f * G1_DOF, (f + 1) * G1_DOF), f * G1_DOF);
  if (descend(s, goals, motion, f, handMode, MAX_ITERATIONS) < 0.7 * cost) return;
  motion.rootM.set(root, f * 3);
  motion.rootQuaternion.set(quaternion, f * 4);
  motion.angles.set(angles, f * G1_DOF);
}
