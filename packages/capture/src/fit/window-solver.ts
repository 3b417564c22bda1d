import { throwIfAborted } from '@gaitway/motion/abort';
import { DOFS } from './body-model.ts';
import type { BodyPose, BodyState } from './body-state.ts';
import { copyFrames, createBodyPose, createState, moveFrame, poseBody } from './body-state.ts';
import type { ContactFrame, Ground } from './contact-terms.ts';
import { contactPoints, createContactFrame, heightTerms, slipTerms } from './contact-terms.ts';
import { floorTerms } from './floor-terms.ts';
import type { LandmarkScene, TermScratch } from './landmark-terms.ts';
import { createTermScratch, landmarkTerms, prepareAxes } from './landmark-terms.ts';
import type { MotionScratch, MotionWeights } from './motion-terms.ts';
import { accelerationTerms, createMotionScratch, postureTerms } from './motion-terms.ts';
import type { NormalEquations } from './normal-equations.ts';
import { clearEquations, createNormalEquations, solveDamped } from './normal-equations.ts';

/** Everything that decides the cost of a motion. */
export interface Problem {
  readonly scene: LandmarkScene;
  /** Offsets of the body joints, metres. */
  readonly offsets: Float64Array;
  readonly motion: MotionWeights;
  readonly ground?: Ground;
}

/** Working memory for windows of up to `WINDOW_FRAMES`. */
export interface Workspace {
  readonly equations: NormalEquations;
  readonly trial: BodyState;
  readonly pose: BodyPose;
  readonly terms: TermScratch;
  readonly motion: MotionScratch;
  readonly contacts: [ContactFrame, ContactFrame];
  readonly q: Float64Array;
}

export const WINDOW_FRAMES = 120;
/** Frames that two windows share: the later solves them again with the earlier ones held. */
const OVERLAP_FRAMES = 24;

export const createWorkspace = (frameCount: number): Workspace => ({
  equations: createNormalEquations(Math.min(WINDOW_FRAMES, frameCount)),
  trial: createState(frameCount),
  pose: createBodyPose(),
  terms: createTermScratch(),
  motion: createMotionScratch(),
  contacts: [createContactFrame(), createContactFrame()],
  q: new Float64Array(4),
});

/** Cost of frames [first, last) with all others held; with `n` also builds the normal equations. */
export function windowCost(problem: Problem, state: BodyState, w: Workspace, first: number, last: number, n?: NormalEquations): number {
  let cost = 0;
  const fps = problem.scene.seen.fps;
  let [before, now] = w.contacts;
  for (let f = Math.max(0, first - 1); f < last; f++) {
    const held = f < first;
    if (held && problem.ground === undefined) continue;
    poseBody(w.pose, state, f, problem.offsets);
    const base = (f - first) * DOFS;
    if (!held) {
      if (n !== undefined) prepareAxes(w.terms, w.pose);
      cost += landmarkTerms(problem.scene, f, w.pose, w.terms, n, base);
      cost += postureTerms(state, f, problem.motion, w.motion, n, base);
    }
    if (problem.ground === undefined) continue;
    [before, now] = [now, before];
    contactPoints(now, problem.ground, w.pose, w.terms, n !== undefined);
    if (held) continue;
    cost += heightTerms(problem.ground, f, now, n, base);
    cost += floorTerms(problem.ground, w.pose, w.terms, n, base);
    if (f > 0) cost += slipTerms(problem.ground, f, before, now, n, base, f > first, fps);
  }
  // Accelerations that reach into the window from the held frames before it; those after it are not solved yet.
  for (let f = Math.max(1, first - 1); f + 1 < last; f++)
    cost += accelerationTerms(state, f, fps, problem.motion, w.motion, n, first, last);
  return cost;
}

export interface Effort {
  readonly iterations: number;
  /** Stops when a step lowers the cost by less than this fraction. */
  readonly tolerance: number;
}

const MAX_DAMPING = 1e4;

/** Levenberg–Marquardt over one window; changes `state` in place and returns its cost there. */
function solveWindow(problem: Problem, state: BodyState, w: Workspace, first: number, last: number, effort: Effort): number {
  let damping = 1e-3;
  let cost = Number.NaN;
  for (let i = 0; i < effort.iterations; i++) {
    clearEquations(w.equations, last - first);
    cost = windowCost(problem, state, w, first, last, w.equations);
    if (!solveDamped(w.equations, last - first, damping)) {
      damping = Math.max(1e-2, damping * 10);
      if (damping > MAX_DAMPING) break;
      continue;
    }
    copyFrames(w.trial, state, Math.max(0, first - 2), last);
    for (let f = first; f < last; f++) moveFrame(w.trial, f, w.equations.step, (f - first) * DOFS, w.q);
    const next = windowCost(problem, w.trial, w, first, last);
    if (next < cost) {
      copyFrames(state, w.trial, first, last);
      damping = Math.max(1e-6, damping * 0.2);
      if (cost - next < effort.tolerance * cost) return next;
      cost = next;
    } else {
      damping *= 8;
      if (!(damping < MAX_DAMPING)) break;
    }
  }
  return cost;
}

/** Solves the whole clip window by window, in place; deterministic. */
export function solveMotion(
  problem: Problem,
  state: BodyState,
  w: Workspace,
  effort: Effort,
  signal?: AbortSignal,
  onFrames?: (done: number) => void,
): void {
  for (let first = 0; ; ) {
    throwIfAborted(signal);
    const last = Math.min(state.frameCount, first + WINDOW_FRAMES);
    solveWindow(problem, state, w, first, last, effort);
    onFrames?.(last);
    if (last === state.frameCount) return;
    first = last - OVERLAP_FRAMES;
  }
}
