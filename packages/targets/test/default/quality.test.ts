import type { Clip } from '@gaitway/motion/clip';
import { humanLegs } from '@gaitway/motion/feet';
import { HUMAN_SKELETON } from '@gaitway/motion/human';
import { jointIndex } from '@gaitway/motion/skeleton';
import { describe, expect, it } from 'vitest';
import { solePoints, standing } from '../../src/default/proportions.ts';
import { proxyBody } from '../../src/default/proxy-body.ts';
import { lowestSoleM, measureQuality } from '../../src/default/quality.ts';

const FPS = 30;
const REST = standing(HUMAN_SKELETON);
const BODY = proxyBody(REST);
const JOINTS = HUMAN_SKELETON.joints.length;

/** Standing still in the rest pose, both feet planted, with the pelvis where `place` says. */
function standingClip(frameCount: number, place: (frame: number) => readonly [number, number, number]): Clip {
  const [, height] = REST.joints[0].translationM;
  const rotations = new Float32Array(frameCount * JOINTS * 4);
  for (let i = 3; i < rotations.length; i += 4) rotations[i] = 1;
  const rootTranslationM = Float32Array.from(
    Array.from({ length: frameCount }, (_, f) => {
      const [x, y, z] = place(f);
      return [x, height + y, z];
    }).flat(),
  );
  const contacts = new Uint8Array(frameCount * 4).fill(1);
  const confidence = new Float32Array(frameCount * JOINTS).fill(1);
  return { skeleton: HUMAN_SKELETON, fps: FPS, frameCount, rootTranslationM, rotations, contacts, confidence };
}

const measured = (clip: Clip): Readonly<Record<string, number>> =>
  measureQuality(clip, humanLegs(clip, solePoints(clip.skeleton)), BODY, REST);

describe('quality of the delivered motion', () => {
  it('is perfect for someone who stands still on the floor', () => {
    const quality = measured(standingClip(10, () => [0, 0, 0]));
    expect(quality.footSlideMmPerFrame).toBe(0);
    expect(quality.penetrationMaxM).toBeLessThan(1e-6);
    expect(quality.floatMaxM).toBeLessThan(1e-6);
    expect(quality.jitter).toBeLessThan(1e-6);
    expect(quality.lowConfidenceFrames).toBe(0);
  });

  it('sees planted feet that slide: 2 mm a frame', () => {
    expect(measured(standingClip(10, (f) => [0.002 * f, 0, 0])).footSlideMmPerFrame).toBeCloseTo(2, 3);
  });

  it('sees feet below the floor and feet that float', () => {
    expect(measured(standingClip(10, () => [0, -0.03, 0])).penetrationMaxM).toBeCloseTo(0.03, 5);
    expect(measured(standingClip(10, () => [0, 0.04, 0])).floatMaxM).toBeCloseTo(0.04, 5);
  });

  it('sees toes of the body that go through the floor while heel and toe points do not', () => {
    const clip = standingClip(2, () => [0, 0, 0]);
    const ball = jointIndex(HUMAN_SKELETON, 'ball_l');
    // 30° down at the ball of the left foot.
    clip.rotations.set([Math.sin(Math.PI / 12), 0, 0, Math.cos(Math.PI / 12)], ball * 4);
    expect(lowestSoleM(clip, BODY, REST)).toBeLessThan(-0.01);
    expect(measured(clip).penetrationMaxM).toBeGreaterThan(0.01);
  });

  it('counts the frames that were guessed', () => {
    const clip = standingClip(10, () => [0, 0, 0]);
    for (const frame of [2, 3, 7]) clip.confidence[frame * JOINTS + jointIndex(HUMAN_SKELETON, 'hand_r')] = 0.1;
    clip.confidence[8 * JOINTS + jointIndex(HUMAN_SKELETON, 'pinky_03_r')] = 0;
    expect(measured(clip).lowConfidenceFrames).toBe(3);
  });
});
