import { fileURLToPath } from 'node:url';
import { captureLandmarks } from '@gaitway/capture/capture-landmarks';
import { expect, it } from 'vitest';
import { solveCapture } from '../src/solve-stage.ts';

const SAMPLE = fileURLToPath(new URL('../../../samples/walk_front.mp4', import.meta.url));

it('brings both looks of a fast source to the rate of a body: a second look that is the first adds nothing', async () => {
  const seen = await captureLandmarks(SAMPLE, { quality: 'fast', trimStartSec: 1, trimEndSec: 1.8 });
  // As filmed at twice the rate, of somebody who walks twice as fast.
  const { timesSec, nominalFps } = seen.landmarks;
  const landmarks = { ...seen.landmarks, nominalFps: nominalFps * 2, timesSec: timesSec.map((sec) => sec / 2) };
  const once = solveCapture({ ...seen, landmarks }, 'fast', {}).clip;
  const twice = solveCapture({ ...seen, landmarks, mirrored: landmarks }, 'fast', {}).clip;
  expect(twice.rootTranslationM).toEqual(once.rootTranslationM);
  expect(twice.rotations).toEqual(once.rotations);
});
