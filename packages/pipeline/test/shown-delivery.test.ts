import type { Clip } from '@gaitway/motion/clip';
import { HUMAN_SKELETON } from '@gaitway/motion/human';
import type { Delivery } from '@gaitway/targets/target';
import { expect, it } from 'vitest';
import { shownDelivery } from '../src/deliver-clip.ts';

const motionOf = (fps: number): Clip => ({
  skeleton: HUMAN_SKELETON,
  fps,
  frameCount: 0,
  rootTranslationM: new Float32Array(0),
  rotations: new Float32Array(0),
  contacts: new Uint8Array(0),
  confidence: new Float32Array(0),
});

const delivery = (targetId: string, fps: number): Delivery => ({
  targetId,
  resultType: 'fbx',
  files: [],
  motion: motionOf(fps),
  frameCount: 0,
  fps,
  upAxis: 'Y',
  unit: 'cm',
  rootMotion: 'pelvis',
  quality: {},
  warnings: [],
});

it('shows the character first and the other body beside it, in whatever order they were made', () => {
  const robot = delivery('unitree_g1', 50);
  const character = delivery('default', 30);
  for (const deliveries of [
    [robot, character],
    [character, robot],
  ]) {
    const shown = shownDelivery(deliveries);
    expect([shown.motion, shown.beside?.motion]).toEqual([character.motion, robot.motion]);
  }
  expect(shownDelivery([robot])).toEqual({ motion: robot.motion });
});

it('passes on that a motion begins before its clip', () => {
  const robot = { ...delivery('unitree_g1', 50), leadInSec: 0.5 };
  expect(shownDelivery([robot]).leadInSec).toBe(0.5);
  expect(shownDelivery([delivery('default', 30), robot]).beside?.leadInSec).toBe(0.5);
});
