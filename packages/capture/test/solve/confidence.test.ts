import type { Clip } from '@gaitway/motion/clip';
import { jointIndex } from '@gaitway/motion/skeleton';
import { describe, expect, it } from 'vitest';
import type { Landmarks } from '../../src/landmarks.ts';
import { solve } from '../../src/solve/solve.ts';
import { bodyJoints } from './measure.ts';
import { firstFrames, normals, readTruth, syntheticLandmarks } from './synthetic.ts';

const FRAMES = 75;
const truth = firstFrames(readTruth('walk_front'), FRAMES);
const clean = syntheticLandmarks(truth, { seed: 21, imagePx: 2, worldM: 0.015 });
const options = { subjectHeightM: truth.subject.height_m };
const LEFT_ARM = [13, 15, 17, 19, 21];

/** A copy that may be damaged. */
const copy = (): Landmarks => ({
  ...clean,
  found: clean.found.slice(),
  imagePx: clean.imagePx.slice(),
  worldM: clean.worldM.slice(),
  visibility: clean.visibility.slice(),
});

/** Mean confidence of a joint over the frames `[from, to)`. */
function trust(clip: Clip, joint: string, from: number, to: number): number {
  const j = jointIndex(clip.skeleton, joint);
  let sum = 0;
  for (let f = from; f < to; f++) sum += clip.confidence[f * clip.skeleton.joints.length + j];
  return sum / (to - from);
}

/** Spearman's rank correlation. */
function rankCorrelation(a: readonly number[], b: readonly number[]): number {
  const ranks = (values: readonly number[]): Float64Array => {
    const out = new Float64Array(values.length);
    [...values.keys()]
      .sort((i, j) => values[i] - values[j])
      .forEach((i, rank) => {
        out[i] = rank;
      });
    return out;
  };
  const [ra, rb] = [ranks(a), ranks(b)];
  const n = a.length;
  return 1 - (6 * ra.reduce((sum, rank, i) => sum + (rank - rb[i]) ** 2, 0)) / (n * (n * n - 1));
}

const base = solve(clean, options);

describe('confidence out of the fit', () => {
  it('is high where everything is in plain sight, and says so in the report', () => {
    for (const joint of ['upperarm_l', 'calf_r', 'foot_l', 'head']) expect(trust(base.clip, joint, 0, FRAMES)).toBeGreaterThan(0.75);
    expect(base.report.confidence?.mean).toBeGreaterThan(0.75);
    expect(base.report.confidence).toMatchObject({ lowShare: 0, worst: [] });
  });

  it('is exactly zero where nobody was found', () => {
    const landmarks = copy();
    landmarks.found.fill(0, 30, 45);
    landmarks.visibility.fill(0, 30 * 33, 45 * 33);
    const { clip, report } = solve(landmarks, options);
    const joints = clip.skeleton.joints.length;
    expect(clip.confidence.subarray(30 * joints, 45 * joints).every((v) => v === 0)).toBe(true);
    expect(clip.confidence.subarray(20 * joints, 25 * joints).some((v) => v > 0.7)).toBe(true);
    expect(report.confidence?.worst.map(({ part }) => part)).toContain('left leg');
    const [first] = report.confidence?.worst ?? [];
    expect(first.fromSec).toBeCloseTo(1, 0);
    expect(first.toSec).toBeCloseTo(1.5, 0);
  });

  it('is low for an arm that is hidden, only there and only then', () => {
    const landmarks = copy();
    for (let f = 20; f < 55; f++) for (const i of LEFT_ARM) landmarks.visibility[f * 33 + i] = 0.05;
    const { clip, report } = solve(landmarks, options);
    expect(trust(clip, 'hand_l', 30, 45)).toBeLessThan(0.4);
    expect(trust(base.clip, 'hand_l', 30, 45)).toBeGreaterThan(0.5);
    expect(Math.abs(trust(clip, 'hand_l', 0, 12) - trust(base.clip, 'hand_l', 0, 12))).toBeLessThan(0.08);
    expect(Math.abs(trust(clip, 'hand_r', 30, 45) - trust(base.clip, 'hand_r', 30, 45))).toBeLessThan(0.08);
    expect(report.confidence?.worst[0].part).toBe('left arm');
  });

  it('falls where visible landmarks do not fit the body', () => {
    const landmarks = copy();
    for (let f = 20; f < 55; f++) for (const i of LEFT_ARM) landmarks.imagePx[(f * 33 + i) * 3] += f % 2 === 0 ? 40 : -40;
    const { clip } = solve(landmarks, options);
    expect(trust(clip, 'hand_l', 30, 45)).toBeLessThan(trust(base.clip, 'hand_l', 30, 45) - 0.1);
    expect(Math.abs(trust(clip, 'hand_r', 30, 45) - trust(base.clip, 'hand_r', 30, 45))).toBeLessThan(0.08);
  });

  it('ranks the true error', () => {
    const landmarks = copy();
    const next = normals(5);
    for (let f = 0; f < FRAMES; f++) {
      const worse = f > 25 && f < 50 ? 6 : 0;
      for (let i = 11; i < 33; i++) {
        const o = (f * 33 + i) * 3;
        for (let k = 0; k < 2; k++) landmarks.imagePx[o + k] += worse * next();
        for (let k = 0; k < 3; k++) landmarks.worldM[o + k] += worse * 0.01 * next();
      }
    }
    const { clip } = solve(landmarks, options);
    const { own, real } = bodyJoints(clip, truth);
    const joints = ['upperarm', 'lowerarm', 'hand', 'thigh', 'calf', 'foot'];
    const named = (['l', 'r'] as const).flatMap((side) => joints.map((joint) => jointIndex(clip.skeleton, `${joint}_${side}`)));
    const [errors, doubts]: [number[], number[]] = [[], []];
    for (let f = 0; f < FRAMES; f++) {
      const hips = (points: Float64Array, k: number): number => (points[f * 36 + 9 + k] + points[f * 36 + 27 + k]) / 2;
      named.forEach((joint, p) => {
        const off = [0, 1, 2].map((k) => own[f * 36 + p * 3 + k] - hips(own, k) - real[f * 36 + p * 3 + k] + hips(real, k));
        errors.push(Math.hypot(...off));
        doubts.push(1 - clip.confidence[f * clip.skeleton.joints.length + joint]);
      });
    }
    expect(rankCorrelation(errors, doubts)).toBeGreaterThan(0.3);
  });

  it('does not complain about legs that nobody asked for', () => {
    const { report, clip } = solve(clean, { ...options, mocapType: 'upper_body' });
    expect(trust(clip, 'foot_l', 0, FRAMES)).toBe(0);
    expect(report.confidence?.lowShare).toBe(0);
  });
});
