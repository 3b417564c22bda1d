import type { Clip } from '@gaitway/motion/clip';
import { jointIndex } from '@gaitway/motion/skeleton';
import { describe, expect, it } from 'vitest';
import { G1_CAPSULES } from '../../src/unitree-g1/capsules.ts';
import { G1_DOF, g1Model } from '../../src/unitree-g1/model.ts';
import { parseG1Options } from '../../src/unitree-g1/options.ts';
import { type G1Report, reportG1 } from '../../src/unitree-g1/report/report.ts';
import { type Retargeted, retargetToG1 } from '../../src/unitree-g1/retarget.ts';
import { type Judge, loadJudge } from './mujoco.ts';
import { clipOf, type Figure, lieDown, stand, walk } from './people.ts';
import { uniform } from './random.ts';

const model = g1Model();
const retarget = (clip: Clip): Retargeted => retargetToG1(model, clip, parseG1Options({}));
const report = ({ motion, source }: Retargeted): G1Report => reportG1(model, motion, { contacts: source.contacts, source });

/** Down on a chair and up again. */
const sit = (seconds: number): Figure[] =>
  Array.from({ length: Math.round(seconds * 30) + 1 }, (_, f) => {
    const t = 0.5 - 0.5 * Math.cos((2 * Math.PI * f) / 30 / seconds);
    return {
      pelvisM: [0, 0.965 - 0.42 * t, -0.42 * t],
      legs: [
        [-1.5 * t, 0, 0],
        [-1.5 * t, 0, 0],
      ],
    };
  });

/** Head over heels around the left axis, hands to the floor: no ground truth, only something that must be survived. */
const rollOver = (seconds: number): Figure[] =>
  Array.from({ length: Math.round(seconds * 30) + 1 }, (_, f) => {
    const t = f / 30 / seconds;
    const pitch = 2 * Math.PI * t;
    const tuck = Math.sin(Math.PI * t) ** 2;
    return {
      pelvisM: [0, 0.965 - 0.3 * tuck, 1.2 * t],
      pitchRad: pitch,
      legs: [
        [pitch - 1.2 * tuck, pitch, pitch],
        [pitch - 1.2 * tuck, pitch, pitch],
      ],
      arms: [
        [pitch - 2 * tuck, pitch - 2 * tuck],
        [pitch - 2 * tuck, pitch - 2 * tuck],
      ],
    };
  });

/** Somebody who stands on flat feet with the knees of a bird, as bad conversions have them. */
const birdKnees = (frames: number): Figure[] =>
  stand(frames).map(() => ({
    pelvisM: [0, 0.965 - 0.84 * (1 - Math.cos(1.15)), 0],
    legs: [
      [1.15, -1.15, 0],
      [1.15, -1.15, 0],
    ],
  }));

const MOTIONS: readonly (readonly [string, Figure[]])[] = [
  ['a walk', walk(2)],
  ['sitting down', sit(3)],
  ['lying down', lieDown(2)],
  ['a roll over the head', rollOver(2.5)],
];

function poseAt(judge: Judge, { motion }: Retargeted, f: number): void {
  judge.pose(motion.rootM.subarray(f * 3), motion.rootQuaternion.subarray(f * 4), motion.angles.subarray(f * G1_DOF, (f + 1) * G1_DOF));
}

describe.each(MOTIONS)('%s', async (_, figures) => {
  const made = retarget(clipOf(figures));
  const measured = report(made);
  const judge = await loadJudge(model);
  const idOf = (name: string): number => judge.mujoco.mj_name2id(judge.model, judge.mujoco.mjtObj.mjOBJ_GEOM.value, name);

  it('breaks no limit and puts no sole into the floor', () => {
    expect(measured.joints.limitViolationFrames).toEqual([]);
    expect(measured.joints.velocityLimitSamples).toBe(0);
    expect(measured.feet.penetration.frames).toEqual([]);
    expect(measured.selfCollision.maxM).toBeLessThan(0.03);
  });

  it('is judged by the report as MuJoCo judges it: limits, deepest sole, deepest overlap', () => {
    const ranges = judge.model.jnt_range as Float64Array;
    const soles = ['left', 'right'].flatMap((side) => [0, 1, 2, 3].map((k) => idOf(`${side}_ankle_roll_link_sole_${k}`)));
    const feet = new Set(['left', 'right'].flatMap((side) => [`${side}_foot_outer`, `${side}_foot_inner`]));
    let lowest = Number.POSITIVE_INFINITY;
    let deepest = 0;
    for (let f = 0; f < made.motion.frameCount; f++) {
      poseAt(judge, made, f);
      const heights = soles.map((id) => (judge.data.geom_xpos as Float64Array)[id * 3 + 2] - 0.005);
      lowest = Math.min(lowest, ...heights);
      for (let j = 0; j < G1_DOF; j++) {
        const q = made.motion.angles[f * G1_DOF + j];
        expect(q >= ranges[(j + 1) * 2] - 1e-6 && q <= ranges[(j + 1) * 2 + 1] + 1e-6).toBe(true);
      }
    }
    const { frame, maxM } = measured.selfCollision;
    poseAt(judge, made, frame);
    const line = new Float64Array(6);
    for (const pair of Object.keys(measured.selfCollision.pairsM)) {
      const [a, b] = pair.split('/');
      deepest = Math.max(deepest, -judge.mujoco.mj_geomDistance(judge.model, judge.data, idOf(a), idOf(b), 1, line));
    }
    // The report takes the lowest points of a level sole, MuJoCo balls of 5 mm, which differ by as much on a foot that stands upright.
    expect(Math.abs(Math.max(0, -lowest) - measured.feet.penetration.maxM)).toBeLessThan(0.005);
    if (maxM > 0) expect(deepest).toBeCloseTo(maxM, 3);
    expect(G1_CAPSULES.filter(({ name }) => feet.has(name))).toHaveLength(4);
  });
});

describe('what the robot cannot do', () => {
  it('names frames, limb and angle of a pose that it cannot take, and stays inside its limits', () => {
    const made = retarget(clipOf(birdKnees(20)));
    const { directions, joints } = report(made);
    expect(directions?.unreachableFrames).toHaveLength(20);
    expect(directions?.worst.segment).toMatch(/thigh|shank/);
    expect(directions?.worst.deg).toBeGreaterThan(20);
    expect(joints.limitViolationFrames).toEqual([]);
  });
});

describe('a source that is not sure', () => {
  const clean = clipOf(walk(2));

  /** The left arm thrown about at random, as a limb behind the body is. */
  function shaken(confidence: number): Clip {
    const rotations = clean.rotations.slice();
    const trust = clean.confidence.slice();
    const joints = clean.skeleton.joints.length;
    const arm = jointIndex(clean.skeleton, 'upperarm_l');
    const next = uniform(3);
    for (let f = 0; f < clean.frameCount; f++) {
      const i = (f * joints + arm) * 4;
      const noisy = Array.from({ length: 4 }, (_, k) => rotations[i + k] + (next() - 0.5) * 0.6);
      const length = Math.hypot(...noisy);
      for (let k = 0; k < 4; k++) rotations[i + k] = noisy[k] / length;
      trust[f * joints + arm] = confidence;
    }
    return { ...clean, rotations, confidence: trust };
  }

  it('is followed less: an arm that was guessed shakes less than one that was seen, and is listed', () => {
    const [seen, guessed] = [shaken(1), shaken(0.1)].map((clip) => report(retarget(clip)));
    expect(guessed.joints.jerkRmsRadS3).toBeLessThan(0.9 * seen.joints.jerkRmsRadS3);
    expect(seen.directions?.lowConfidenceFrames).toEqual([]);
    expect(guessed.directions?.lowConfidenceFrames).toHaveLength(clean.frameCount);
  });

  it('shows in the report: noise of the whole body raises the jerk, and no rule of the robot is broken', () => {
    const still = clipOf(stand(60));
    const rotations = still.rotations.slice();
    const next = uniform(9);
    for (let i = 0; i < rotations.length; i += 4) {
      const noisy = Array.from({ length: 4 }, (_, k) => rotations[i + k] + (next() - 0.5) * 0.06);
      const length = Math.hypot(...noisy);
      for (let k = 0; k < 4; k++) rotations[i + k] = noisy[k] / length;
    }
    const noisy = report(retarget({ ...still, rotations }));
    expect(report(retarget(still)).joints.jerkRmsRadS3).toBeLessThan(1);
    expect(noisy.joints.jerkRmsRadS3).toBeGreaterThan(20);
    expect(noisy.joints.limitViolationFrames).toEqual([]);
    expect(noisy.joints.velocityLimitSamples).toBe(0);
    expect(noisy.feet.penetration.frames).toEqual([]);
  });
});

it('a long clip is solved window by window, and nothing shows where two of them meet', () => {
  const { motion } = retarget(clipOf(walk(14)));
  const jerk = (f: number): number => {
    let sum = 0;
    for (let j = 0; j < G1_DOF; j++) {
      const at = (k: number): number => motion.angles[(f - k) * G1_DOF + j];
      sum += (at(0) - 3 * at(1) + 3 * at(2) - at(3)) ** 2;
    }
    return Math.sqrt(sum);
  };
  const most = (from: number, to: number): number => Math.max(...Array.from({ length: to - from }, (_, k) => jerk(from + k)));
  expect(motion.frameCount).toBeGreaterThan(384);
  expect(most(340, 400)).toBeLessThan(1.3 * most(100, 340));
});

it('is as smooth at 120 frames a second as at 30', () => {
  const clip = clipOf(walk(1.5));
  const [slow, fast] = [30, 120].map((fps) => {
    const { motion, source } = retargetToG1(model, clip, parseG1Options({ fps }));
    return reportG1(model, motion, { contacts: source.contacts, source });
  });
  expect(fast.joints.jerkRmsRadS3).toBeLessThan(1.5 * slow.joints.jerkRmsRadS3);
  expect(fast.joints.limitViolationFrames).toEqual([]);
});
