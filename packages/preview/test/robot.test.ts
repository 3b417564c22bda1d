import { CAPSULE_FINE, CAPSULE_OVERLAPS, CAPSULE_UNSURE, type CapsuleBody } from '@gaitway/motion/capsule-body';
import type { Clip } from '@gaitway/motion/clip';
import { describe, expect, it } from 'vitest';
import { OVERLAPS, UNSURE } from '../src/palette.ts';
import { robotBodyOf } from '../src/robot.ts';
import { StageView } from '../src/stage.ts';

const clip: Clip = {
  skeleton: {
    name: 'machine',
    joints: [
      { name: 'base', parent: -1, translationM: [0, 0, 0], rotation: [0, 0, 0, 1] },
      { name: 'arm', parent: 0, translationM: [0.3, 0.2, 0], rotation: [0, 0, 0, 1] },
    ],
  },
  fps: 30,
  frameCount: 2,
  rootTranslationM: Float32Array.of(0, 1, 0, 0, 1, 0.5),
  rotations: Float32Array.from({ length: 16 }, (_, i) => (i % 4 === 3 ? 1 : 0)),
  contacts: Uint8Array.of(1, 1, 0, 0, 1, 1, 0, 0),
  confidence: new Float32Array(4).fill(1),
};

const atFrame = (z: number): number[] => [0, 0.8, z, 0, 1.1, z, 0, 1.4, z, 0, 1.4, z, 0.3, 1.2, z, 0.3, 0.9, z];
const body: CapsuleBody = {
  shapes: [
    { name: 'trunk', radiusM: 0.15 },
    { name: 'head', radiusM: 0.08 },
    { name: 'left_arm', radiusM: 0.05 },
  ],
  endsM: Float32Array.from([...atFrame(0), ...atFrame(0.5)]),
  marks: Uint8Array.of(CAPSULE_FINE, CAPSULE_FINE, CAPSULE_UNSURE, CAPSULE_OVERLAPS, CAPSULE_FINE, CAPSULE_FINE),
  solesM: Float32Array.from({ length: 24 }, (_, i) => i / 100),
};

describe('robotBodyOf', () => {
  const robot = robotBodyOf(clip, body);

  it('draws every capsule of the frame where and as thick as it is', () => {
    const cones = robot.conesAt(1).slice(0, 3);
    expect(cones.map(({ radiusA, radiusB }) => [radiusA, radiusB])).toEqual([0.15, 0.08, 0.05].map((radius) => [radius, radius]));
    expect(cones.flatMap(({ a, b }) => [...a, ...b])).toEqual([...body.endsM.subarray(18)]);
  });

  it('colours what is guessed and what breaks a rule, in its own frames only', () => {
    const colours = [0, 1].map((frame) => robot.conesAt(frame).map(({ colourA }) => colourA));
    expect(colours.map((each) => each.indexOf(UNSURE))).toEqual([2, -1]);
    expect(colours.map((each) => each.indexOf(OVERLAPS))).toEqual([-1, 0]);
  });

  it('holds the capsules together: a tube along each bone and one from the trunk to the head', () => {
    const [bone, neck, ...none] = robot.conesAt(1).slice(3);
    expect([bone.a, neck.a, neck.b]).toEqual([
      [0, 1, 0.5],
      [0, Math.fround(1.1), 0.5],
      [0, Math.fround(1.4), 0.5],
    ]);
    expect(none).toEqual([]);
  });

  it('stands on the soles of its frame', () => {
    expect(robot.solesAt(1)).toEqual(Float64Array.from(body.solesM.subarray(12)));
  });

  it('reaches the picture', () => {
    const red = (pixels: ArrayLike<number>): number => {
      let count = 0;
      for (let i = 0; i < pixels.length; i += 4) if (pixels[i] > 120 && pixels[i] > 2 * pixels[i + 1]) count++;
      return count;
    };
    const view = new StageView(clip, 160, 160, body);
    expect(red(new StageView(clip, 160, 160).render(1).data)).toBe(0);
    expect(red(view.render(1).data)).toBeGreaterThan(100);
  });
});
