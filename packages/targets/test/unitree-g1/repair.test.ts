import type { Clip } from '@gaitway/motion/clip';
import { expect, it } from 'vitest';
import { repairClip } from '../../src/unitree-g1/repair.ts';

const clip = (confidence: readonly number[]): Clip => ({
  skeleton: { name: 'one', joints: [{ name: 'pelvis', parent: -1, translationM: [0, 0, 0], rotation: [0, 0, 0, 1] }] },
  fps: 30,
  frameCount: 2,
  rootTranslationM: new Float32Array([0, 0.9, 0, 0, 0.9, 0]),
  rotations: new Float32Array([0, 0, 0, 1, 0, 0, 0, 1]),
  contacts: new Uint8Array(8),
  confidence: Float32Array.from(confidence),
});

it.each([Number.NaN, -1, 2, Number.POSITIVE_INFINITY])('a confidence of %s is none, even where all else is sound', (wrong) => {
  const { clip: repaired, clippedInputs } = repairClip(clip([0.5, wrong]));
  expect([...repaired.confidence]).toEqual([0.5, 0]);
  expect(clippedInputs).toBe(0);
});

it('a sound clip comes back as it is', () => {
  const sound = clip([0.5, 1]);
  expect(repairClip(sound).clip).toBe(sound);
});
