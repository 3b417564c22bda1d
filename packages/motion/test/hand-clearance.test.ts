import { describe, expect, it } from 'vitest';
import type { Clip } from '../src/clip.ts';
import { humanArms, liftHands } from '../src/hand-clearance.ts';
import { HUMAN_SKELETON } from '../src/human.ts';
import { jointPositions } from '../src/kinematics.ts';
import { angleBetweenRad } from '../src/rotation.ts';
import { jointIndex } from '../src/skeleton.ts';
import { walker } from './walker.ts';

const FRAMES = 61;
const MIDDLE = 30;
const joints = HUMAN_SKELETON.joints.length;
const named = (name: string): number => jointIndex(HUMAN_SKELETON, name);

/** A body that dips so far that the tips of its fingers are this deep in the floor in the middle of the clip, arms hanging as at rest. */
function dipping(depthM: number): Clip {
  const clip = walker(30, 2);
  expect(clip.frameCount).toBe(FRAMES);
  const rotations = clip.rotations.map((_, i) => (i % 4 === 3 ? 1 : 0));
  const still = { ...clip, rotations, rootTranslationM: new Float32Array(FRAMES * 3) };
  const low = lowestHandM(still, 0);
  const rootTranslationM = still.rootTranslationM.map((_, i) =>
    i % 3 === 1 ? -low - depthM + 0.4 * Math.abs(Math.floor(i / 3) / MIDDLE - 1) : 0,
  );
  return { ...still, rootTranslationM };
}

/** The lowest joint of both hands in a frame, metres. */
function lowestHandM(clip: Clip, frame: number): number {
  const p = jointPositions(clip);
  const hand = HUMAN_SKELETON.joints.flatMap(({ name }, j) => (/^(hand|index|middle|ring|pinky|thumb)_/.test(name) ? [j] : []));
  return Math.min(...hand.map((j) => p[(frame * joints + j) * 3 + 1]));
}

const arms = humanArms({ skeleton: HUMAN_SKELETON }, 1);

describe('hands in the floor', () => {
  it('come out of it and stay close to it', () => {
    const lifted = liftHands(dipping(0.04), arms);
    for (let f = 0; f < FRAMES; f++) expect(lowestHandM(lifted, f)).toBeGreaterThan(0.005);
    expect(lowestHandM(lifted, MIDDLE)).toBeLessThan(0.03);
  });

  it('leave frames alone in which they are not near it, and clips without such frames altogether', () => {
    const clip = dipping(0.04);
    const lifted = liftHands(clip, arms);
    expect(lifted.rotations.subarray(0, joints * 4 * 10)).toEqual(clip.rotations.subarray(0, joints * 4 * 10));
    const high = dipping(-0.3);
    expect(liftHands(high, arms)).toBe(high);
  });

  it('rise smoothly, keep the length of the arm, and point where they did', () => {
    const clip = dipping(0.04);
    const lifted = liftHands(clip, arms);
    const [before, after] = [jointPositions(clip), jointPositions(lifted)];
    const at = (p: ArrayLike<number>, f: number, name: string, k: number): number => p[(f * joints + named(name)) * 3 + k];
    const rise = (f: number): number => at(after, f, 'hand_l', 1) - at(before, f, 'hand_l', 1);
    for (let f = 1; f < FRAMES; f++) expect(Math.abs(rise(f) - rise(f - 1))).toBeLessThan(0.03);
    const f = MIDDLE;
    expect(rise(f)).toBeGreaterThan(0.04);
    const fingers = (p: ArrayLike<number>): number[] => [0, 1, 2].map((k) => at(p, f, 'middle_01_l', k) - at(p, f, 'hand_l', k));
    fingers(after).forEach((v, k) => {
      expect(v).toBeCloseTo(fingers(before)[k], 5);
    });
    const feet = named('foot_l');
    expect(angleBetweenRad(lifted.rotations, (f * joints + feet) * 4, clip.rotations, (f * joints + feet) * 4)).toBe(0);
  });

  it('do not follow the rim of a hole: a hand far below the floor is not pulled up to it', () => {
    const clip = dipping(0.4);
    expect(lowestHandM(liftHands(clip, arms), MIDDLE)).toBeLessThan(-0.25);
  });
});
