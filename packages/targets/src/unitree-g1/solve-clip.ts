import { toMatrix } from '@gaitway/motion/rotation';
import { addBalance } from './balance.ts';
import { type Banded, bandedCholesky, bandedIndex, bandedSolve, createBanded } from './banded.ts';
import { createEquations, type Equations, rotationError } from './equations.ts';
import { frameEquations, type HandMode } from './frame-terms.ts';
import type { Goals } from './goals.ts';
import { JOINTS_AT, TANGENT } from './kinematics.ts';
import { G1_DOF, type G1Model } from './model.ts';
import { applyStep, isHeld } from './step.ts';
import { copyG1Motion, type G1Motion } from './trajectory.ts';

export interface ClipSolveOptions {
  readonly handMode: HandMode;
  readonly maxJointVelocityRadS: number;
  /** Factor of the weights of joint accelerations and jerks; 1 if not given. */
  readonly calm?: number;
  /** At most this many steps; what starts near its end needs fewer. */
  readonly iterations?: number;
  readonly onProgress?: (fraction: number) => void;
}

/** Frames that one window of the solve holds, and how many of them the next one does again. */
const WINDOW = 384;
const OVERLAP = 24;
const ITERATIONS = 8;
/** Third differences tie a frame to the three before it. */
const REACH = 3;
const BAND = REACH * TANGENT;

/** Smoothness, per radian or metre of second and third difference at 30 fps. */
const SMOOTH = {
  joint: { acceleration: 4, jerk: 35 },
  rootXyM: { acceleration: 200, jerk: 400 },
  rootZM: { acceleration: 120, jerk: 300 },
  rootRad: { acceleration: 6, jerk: 20 },
} as const;
const VELOCITY_WEIGHT = 400;
/** The hinge begins at this share of the limit, so that the limit itself holds. */
const VELOCITY_SHARE = 0.94;

/**
 * Second pass: all frames together by damped Gauss–Newton. What ties neighbours together (second and third differences of every
 * channel, the velocity hinge) couples equal channels only, so the normal matrix has a band of 3 × 35 and a clip costs linear time.
 * Long clips go window by window; the frames before a window stand fixed and pull on it.
 */
export function solveClip(model: G1Model, goals: Goals, first: G1Motion, options: ClipSolveOptions): G1Motion {
  const motion = copyG1Motion(first);
  const count = motion.frameCount;
  for (let from = 0; from < count; from += WINDOW - OVERLAP) {
    const to = Math.min(count, from + WINDOW);
    solveWindow({ model, goals, motion, from, to, options });
    options.onProgress?.(to / count);
    if (to === count) break;
  }
  return motion;
}

interface WindowTask {
  readonly model: G1Model;
  readonly goals: Goals;
  readonly motion: G1Motion;
  readonly from: number;
  readonly to: number;
  readonly options: ClipSolveOptions;
}

function solveWindow(task: WindowTask): void {
  const size = (task.to - task.from) * TANGENT;
  const system = {
    matrix: createBanded(size, BAND),
    g: new Float64Array(size),
    stiffness: new Float64Array(size),
    equations: createEquations(task.model),
  };
  let damping = 0.02;
  let cost = assemble(task, system);
  for (let k = 0; k < (task.options.iterations ?? ITERATIONS); k++) {
    const before = snapshot(task);
    takeStep(task, system, damping);
    const next = assemble(task, system);
    if (next < cost) {
      const gain = (cost - next) / cost;
      cost = next;
      damping = Math.max(1e-3, damping / 5);
      if (gain < 2e-3) break;
    } else {
      restore(task, before);
      damping *= 20;
      assemble(task, system);
    }
  }
}

interface System {
  readonly matrix: Banded;
  readonly g: Float64Array;
  /** Diagonal of what pulls single frames: steps are damped in its proportion, whatever the frame rate makes of the differences. */
  readonly stiffness: Float64Array;
  readonly equations: Equations;
}

const snapshot = ({ motion, from, to }: WindowTask): readonly Float64Array[] => [
  motion.rootM.slice(from * 3, to * 3),
  motion.rootQuaternion.slice(from * 4, to * 4),
  motion.angles.slice(from * G1_DOF, to * G1_DOF),
];

function restore({ motion, from }: WindowTask, [root, quaternion, angles]: readonly Float64Array[]): void {
  motion.rootM.set(root, from * 3);
  motion.rootQuaternion.set(quaternion, from * 4);
  motion.angles.set(angles, from * G1_DOF);
}

/** Fills the system at the present motion; returns the cost. */
function assemble(task: WindowTask, system: System): number {
  system.matrix.rows.fill(0);
  system.g.fill(0);
  let cost = 0;
  for (let f = task.from; f < task.to; f++) {
    frameEquations(system.equations, task.goals, task.motion, f, task.options.handMode);
    cost += system.equations.cost;
    copyBlock(system, f - task.from);
  }
  return cost + addSmoothness(task, system) + addVelocity(task, system) + addBalance(task, system.matrix, system.g);
}

function copyBlock(system: System, frame: number): void {
  const { H, g } = system.equations;
  const base = frame * TANGENT;
  for (let r = 0; r < TANGENT; r++) {
    system.g[base + r] += g[r];
    system.stiffness[base + r] = H[r * TANGENT + r];
    const at = bandedIndex(system.matrix, base + r, base);
    for (let c = 0; c <= r; c++) system.matrix.rows[at + c] += H[r * TANGENT + c];
  }
}

const SECOND = [1, -2, 1] as const;
const THIRD = [1, -3, 3, -1] as const;

function smoothnessOf(channel: number): { readonly acceleration: number; readonly jerk: number } {
  if (channel < 2) return SMOOTH.rootXyM;
  if (channel < 3) return SMOOTH.rootZM;
  return channel < JOINTS_AT ? SMOOTH.rootRad : SMOOTH.joint;
}

function addSmoothness(task: WindowTask, system: System): number {
  const values = channelValues(task);
  const start = Math.max(0, task.from - REACH);
  const rate = task.motion.fps / 30;
  let cost = 0;
  for (let c = 0; c < TANGENT; c++) {
    const kind = smoothnessOf(c);
    const calm = c < JOINTS_AT ? 1 : (task.options.calm ?? 1);
    for (let f = task.from; f < task.to; f++) {
      if (f - start >= 2) cost += addDifference(task, system, values, start, f, c, SECOND, calm * kind.acceleration * rate ** 2);
      if (f - start >= 3) cost += addDifference(task, system, values, start, f, c, THIRD, calm * kind.jerk * rate ** 3);
    }
  }
  return cost;
}

/** One row: Σ cₖ x(f − k) → 0. Frames before the window are constants. */
function addDifference(
  task: WindowTask,
  system: System,
  values: Float64Array,
  start: number,
  f: number,
  c: number,
  stencil: readonly number[],
  weight: number,
): number {
  let r = 0;
  for (let k = 0; k < stencil.length; k++) r -= stencil[k] * values[(f - k - start) * TANGENT + c];
  const w2 = weight * weight;
  const { rows } = system.matrix;
  for (let a = 0; a < stencil.length && f - a >= task.from; a++) {
    const row = (f - a - task.from) * TANGENT + c;
    system.g[row] += w2 * stencil[a] * r;
    for (let b = a; b < stencil.length && f - b >= task.from; b++)
      rows[bandedIndex(system.matrix, row, row - (b - a) * TANGENT)] += w2 * stencil[a] * stencil[b];
  }
  return w2 * r * r;
}

const RA = new Float64Array(9);
const RB = new Float64Array(9);
const ROT = new Float64Array(3);

/** Channels of the frames of the window and the three before it; rotations as the running sum of rotation steps. */
function channelValues(task: WindowTask): Float64Array {
  const { motion } = task;
  const start = Math.max(0, task.from - REACH);
  const out = new Float64Array((task.to - start) * TANGENT);
  for (let f = start; f < task.to; f++) {
    const o = (f - start) * TANGENT;
    for (let k = 0; k < 3; k++) out[o + k] = motion.rootM[f * 3 + k];
    for (let j = 0; j < G1_DOF; j++) out[o + JOINTS_AT + j] = motion.angles[f * G1_DOF + j];
    if (f === start) continue;
    toMatrix(RA, 0, motion.rootQuaternion, f * 4);
    toMatrix(RB, 0, motion.rootQuaternion, (f - 1) * 4);
    rotationError(ROT, RA, 0, RB, 0);
    for (let k = 0; k < 3; k++) out[o + 3 + k] = out[o - TANGENT + 3 + k] + ROT[k];
  }
  return out;
}

/** Hinge on the speed of each joint between neighbouring frames. */
function addVelocity(task: WindowTask, system: System): number {
  const { motion, model, options } = task;
  const { rows } = system.matrix;
  const w2 = VELOCITY_WEIGHT * VELOCITY_WEIGHT;
  let cost = 0;
  for (let f = Math.max(1, task.from); f < task.to; f++) {
    for (let j = 0; j < G1_DOF; j++) {
      const most = (VELOCITY_SHARE * Math.min(options.maxJointVelocityRadS, model.velocityRadS[j])) / motion.fps;
      const d = motion.angles[f * G1_DOF + j] - motion.angles[(f - 1) * G1_DOF + j];
      if (Math.abs(d) <= most) continue;
      const r = Math.sign(d) * most - d;
      const row = (f - task.from) * TANGENT + JOINTS_AT + j;
      system.g[row] += w2 * r;
      rows[bandedIndex(system.matrix, row, row)] += w2;
      cost += w2 * r * r;
      if (f === task.from) continue;
      system.g[row - TANGENT] -= w2 * r;
      rows[bandedIndex(system.matrix, row - TANGENT, row - TANGENT)] += w2;
      rows[bandedIndex(system.matrix, row, row - TANGENT)] -= w2;
    }
  }
  return cost;
}

function takeStep(task: WindowTask, system: System, damping: number): void {
  const { matrix, g, stiffness } = system;
  for (let f = task.from; f < task.to; f++) {
    for (let c = 0; c < TANGENT; c++) {
      const row = (f - task.from) * TANGENT + c;
      const diagonal = bandedIndex(matrix, row, row);
      matrix.rows[diagonal] += damping * (1 + stiffness[row]);
      // A held joint keeps its place: a wall of a diagonal stands for leaving the row and column out.
      if (c >= JOINTS_AT && isHeld(task.model, task.motion, f, c - JOINTS_AT, g[row])) {
        matrix.rows[diagonal] = 1e12;
        g[row] = 0;
      }
    }
  }
  bandedCholesky(matrix);
  bandedSolve(matrix, g);
  for (let f = task.from; f < task.to; f++) applyStep(task.motion, task.model, f, g, (f - task.from) * TANGENT);
}
