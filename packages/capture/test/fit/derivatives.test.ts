import { HUMAN_JOINTS } from '@gaitway/motion/human';
import { describe, expect, it } from 'vitest';
import { BLOCKS, bodyJoint, bodyOffsets, DOFS } from '../../src/fit/body-model.ts';
import type { BodyState } from '../../src/fit/body-state.ts';
import {
  copyFrames,
  createBodyPose,
  createState,
  moveFrame,
  poseBody,
  rotationsFromState,
  stateFromRotations,
} from '../../src/fit/body-state.ts';
import { bodySurface } from '../../src/fit/body-surface.ts';
import type { Ground } from '../../src/fit/contact-terms.ts';
import { soleOffsets } from '../../src/fit/fit.ts';
import { landmarkSightings } from '../../src/fit/landmark-sightings.ts';
import { pointOf } from '../../src/fit/landmark-terms.ts';
import { motionWeights } from '../../src/fit/motion-terms.ts';
import { clearEquations } from '../../src/fit/normal-equations.ts';
import type { Problem } from '../../src/fit/window-solver.ts';
import { createWorkspace, solveMotion, windowCost } from '../../src/fit/window-solver.ts';
import { analyticStart } from '../../src/solve/first-solve.ts';
import { firstFrames, readTruth, syntheticLandmarks } from '../solve/synthetic.ts';

const HEIGHT_M = 1.75;
const FRAMES = 12;
const start = analyticStart(syntheticLandmarks(firstFrames(readTruth('walk_front'), FRAMES), { seed: 1, imagePx: 3, worldM: 0.02 }), {
  subjectHeightM: HEIGHT_M,
});
const state = stateFromRotations(start.root, start.rotations, HUMAN_JOINTS.length);
const workspace = createWorkspace(FRAMES);
const offsets = bodyOffsets(start.skeleton);
const [FIRST, LAST] = [3, 9];

/** Motion that costs nothing, so that one kind of term is judged at a time. */
const still = {
  ...motionWeights(0.5),
  rootAcrossMS2: 1e9,
  rootDepthMS2: 1e9,
  turnRadS2: new Float64Array(BLOCKS.length).fill(1e9),
  restRad: new Float64Array(DOFS),
};

const seen = landmarkSightings(start.seen);
const landmarksOnly: Problem = {
  offsets,
  motion: still,
  scene: {
    seen,
    camera: start.camera,
    distanceM: Float64Array.from({ length: FRAMES }, (_, f) => -state.root[f * 3 + 2]),
    marks: seen.marksOf(offsets, HEIGHT_M),
    worldScale: 1,
  },
};

function moved(by: number, frame: number, dof: number): BodyState {
  const out = createState(FRAMES);
  copyFrames(out, state, 0, FRAMES);
  const step = new Float64Array(DOFS);
  step[dof] = by;
  moveFrame(out, frame, step, 0, workspace.q);
  return out;
}

/** Largest difference between the analytic gradient and central differences, against the gradient's size. */
function worstGradientError(problem: Problem): number {
  clearEquations(workspace.equations, LAST - FIRST);
  windowCost(problem, state, workspace, FIRST, LAST, workspace.equations);
  const gradient = workspace.equations.gradient.slice();
  const size = Math.hypot(...gradient.subarray(0, (LAST - FIRST) * DOFS)) / Math.sqrt((LAST - FIRST) * DOFS);
  let worst = 0;
  const h = 1e-5;
  for (let f = FIRST; f < LAST; f++) {
    for (let d = 0; d < DOFS; d++) {
      const cost = (by: number): number => windowCost(problem, moved(by, f, d), workspace, FIRST, LAST);
      worst = Math.max(worst, Math.abs((cost(h) - cost(-h)) / (2 * h) - gradient[(f - FIRST) * DOFS + d]));
    }
  }
  return worst / size;
}

/** Solid ground this far above the pelvis of the first frame, on which no sole stands. */
const floorAt = (aboveM: number): Ground => ({
  contacts: new Uint8Array(FRAMES * 4),
  soles: new Float64Array(12),
  surface: bodySurface(HEIGHT_M),
  up: Float64Array.of(0, 1, 0),
  floorM: state.root[1] + aboveM,
});

describe('gradients against finite differences', () => {
  it('of the landmark terms', () => {
    expect(worstGradientError(landmarksOnly)).toBeLessThan(1e-4);
  });

  it('of the contact terms', () => {
    const ground = {
      contacts: new Uint8Array(FRAMES * 4).fill(1),
      soles: soleOffsets(HEIGHT_M),
      up: Float64Array.of(0.1, 0.99, -0.1),
      floorM: -1,
    };
    expect(worstGradientError({ ...landmarksOnly, ground })).toBeLessThan(1e-4);
  });

  it('of the floor terms', () => {
    const nothing = { ...seen, points: [] };
    const ground = { ...floorAt(-0.2), up: Float64Array.of(0.1, 0.99, -0.1) };
    const floorOnly: Problem = { ...landmarksOnly, scene: { ...landmarksOnly.scene, seen: nothing }, ground };
    expect(windowCost(floorOnly, state, workspace, FIRST, LAST)).toBeGreaterThan(1);
    expect(worstGradientError(floorOnly)).toBeLessThan(1e-4);
  });

  it('of the motion and posture terms', () => {
    expect(worstGradientError({ ...landmarksOnly, motion: motionWeights(0.5) })).toBeLessThan(2e-3);
  });
});

describe('a solid floor', () => {
  const pose = createBodyPose();
  /** Height of the lowest ball of flesh over the floor of `ground` in one frame, metres. */
  const clearanceM = (of: BodyState, frame: number, { floorM }: Ground): number => {
    const { joints, centresM, radiiM } = bodySurface(HEIGHT_M);
    const point = new Float64Array(3);
    poseBody(pose, of, frame, offsets);
    return Math.min(
      ...Array.from(joints, (joint, i) => {
        pointOf(point, pose, joint, centresM, i * 3);
        return point[1] - radiiM[i] - floorM;
      }),
    );
  };

  it('costs nothing and attracts nothing where the body is above it', () => {
    const under = { ...floorAt(0), floorM: Math.min(...Array.from({ length: FRAMES }, (_, f) => clearanceM(state, f, floorAt(0)))) };
    const lower = { ...under, floorM: state.root[1] + under.floorM - 1e-3 };
    const cost = windowCost(landmarksOnly, state, workspace, FIRST, LAST);
    expect(windowCost({ ...landmarksOnly, ground: lower }, state, workspace, FIRST, LAST)).toBe(cost);
    const higher = { ...lower, floorM: lower.floorM + 0.02 };
    expect(windowCost({ ...landmarksOnly, ground: higher }, state, workspace, 0, FRAMES)).toBeGreaterThan(cost);
  });

  it('keeps out a body that seems to be in it', () => {
    const ground = floorAt(-0.75);
    const own = moved(0, 0, 0);
    expect(clearanceM(own, 5, ground)).toBeLessThan(-0.05);
    solveMotion({ ...landmarksOnly, ground }, own, workspace, { iterations: 20, tolerance: 1e-6 });
    for (let f = 0; f < FRAMES; f++) expect(clearanceM(own, f, ground)).toBeGreaterThan(-0.02);
  });

  it('is touched by the fingers of an arm that hangs on it before the wrist', () => {
    const { joints, centresM } = bodySurface(HEIGHT_M);
    const hand = bodyJoint('hand_r');
    const along = Array.from(joints, (joint, i) => (joint === hand ? Math.hypot(...centresM.subarray(i * 3, i * 3 + 3)) : 0));
    expect(Math.max(...along)).toBeGreaterThan(0.12);
    expect(Math.max(...along)).toBeLessThan(0.2);
  });
});

describe('a second look', () => {
  it('lets arms accelerate more, and nothing else', () => {
    const [once, twice] = [motionWeights(0.5), motionWeights(0.5, true)];
    BLOCKS.forEach(({ name }, b) => {
      const factor = twice.turnRadS2[b] / once.turnRadS2[b];
      if (/arm|hand/.test(name)) expect(factor).toBeGreaterThan(1);
      else expect(factor).toBe(1);
    });
    expect({ ...twice, turnRadS2: 0 }).toEqual({ ...once, turnRadS2: 0 });
  });
});

describe('the solver', () => {
  it('lowers the cost and leaves the frames before a window alone', () => {
    const own = moved(0, 0, 0);
    const before = windowCost(landmarksOnly, own, workspace, 0, FRAMES);
    solveMotion(landmarksOnly, own, workspace, { iterations: 5, tolerance: 1e-6 });
    expect(windowCost(landmarksOnly, own, workspace, 0, FRAMES)).toBeLessThan(before * 0.8);
  });

  it('hands a state over to rotations and back without a change of the bones', () => {
    const rotations = start.rotations.slice();
    rotationsFromState(rotations, state, HUMAN_JOINTS.length);
    const again = stateFromRotations(state.root, rotations, HUMAN_JOINTS.length);
    again.turns.forEach((v, i) => {
      expect(Math.abs(v)).toBeCloseTo(Math.abs(state.turns[i]), 4);
    });
  });
});
