import { describe, expect, it } from 'vitest';
import type { Clip } from '../src/clip.ts';
import { createWorldPose, forwardKinematics, jointOffsets, jointParents } from '../src/kinematics.ts';
import { rotate } from '../src/quaternion.ts';
import { angleBetweenRad } from '../src/rotation.ts';
import { jointIndex } from '../src/skeleton.ts';
import type { Toe } from '../src/toe-flex.ts';
import { flexToes } from '../src/toe-flex.ts';
import { walker } from './walker.ts';

const clip = walker(30, 2);
const toes: Toe[] = ['ball_l', 'ball_r'].map((name) => ({ ball: jointIndex(clip.skeleton, name), tipM: [0, 0, 0.06], tipRadiusM: 0.02 }));

function tipHeights(motion: Clip): number[] {
  const pose = createWorldPose(motion.skeleton);
  const joints = motion.skeleton.joints.length;
  const out: number[] = [];
  const v = new Float64Array(3);
  for (let f = 0; f < motion.frameCount; f++) {
    forwardKinematics(
      pose,
      jointParents(motion.skeleton),
      jointOffsets(motion.skeleton),
      motion.rootTranslationM,
      f * 3,
      motion.rotations,
      f * joints * 4,
    );
    for (const toe of toes) {
      rotate(v, 0, pose.rotations, toe.ball * 4, toe.tipM, 0);
      out.push(v[1] + pose.positionsM[toe.ball * 3 + 1] - toe.tipRadiusM);
    }
  }
  return out;
}

describe('toe flex', () => {
  const low: Clip = { ...clip, rootTranslationM: clip.rootTranslationM.map((v, i) => (i % 3 === 1 ? v - 0.01 : v)) };
  const flexed = flexToes(low, toes);
  const before = tipHeights(low);
  const after = tipHeights(flexed);

  it('starts from tips that go through the floor', () => {
    expect(Math.min(...before)).toBeLessThan(-0.01);
  });

  it('brings every tip that can be to the floor, exactly, and none above it', () => {
    before.forEach((height, i) => {
      const at = (Math.floor(i / 2) * low.skeleton.joints.length + toes[i % 2].ball) * 4;
      if (angleBetweenRad(low.rotations, at, flexed.rotations, at) > (59.9 * Math.PI) / 180) expect(after[i]).toBeLessThan(1e-4);
      else if (height < 0) expect(Math.abs(after[i])).toBeLessThan(1e-4);
      else expect(after[i]).toBeCloseTo(height, 6);
    });
  });

  it('moves nothing but the toes', () => {
    const balls = new Set(toes.map((toe) => toe.ball));
    for (let i = 0; i < low.rotations.length; i += 4) {
      if (balls.has((i / 4) % low.skeleton.joints.length)) continue;
      expect(angleBetweenRad(low.rotations, i, flexed.rotations, i)).toBe(0);
    }
  });

  it('never bends further than a foot can', () => {
    const sunk: Clip = { ...clip, rootTranslationM: clip.rootTranslationM.map((v, i) => (i % 3 === 1 ? v - 0.5 : v)) };
    const bent = flexToes(sunk, toes);
    for (let i = 0; i < sunk.rotations.length; i += 4) {
      expect(angleBetweenRad(sunk.rotations, i, bent.rotations, i)).toBeLessThan((60.1 * Math.PI) / 180);
    }
  });
});
