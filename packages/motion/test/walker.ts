import type { Clip } from '../src/clip.ts';
import { HUMAN_JOINTS, HUMAN_SKELETON } from '../src/human.ts';
import { expMap } from '../src/rotation.ts';
import { jointIndex } from '../src/skeleton.ts';

/** A synthetic walk on the human skeleton: smooth, symmetric, with feet that slide and dip a little; for tests. */
export function walker(fps: number, durationSec: number): Clip {
  const joints = HUMAN_JOINTS.length;
  const frameCount = Math.round(durationSec * fps) + 1;
  const rootTranslationM = new Float32Array(frameCount * 3);
  const rotations = new Float32Array(frameCount * joints * 4);
  for (let i = 3; i < rotations.length; i += 4) rotations[i] = 1;
  const turn = (f: number, joint: string, x: number, y: number, z: number): void =>
    expMap(rotations, (f * joints + jointIndex(HUMAN_SKELETON, joint)) * 4, [x, y, z], 0);
  for (let f = 0; f < frameCount; f++) {
    const phase = (2 * Math.PI * f) / fps;
    rootTranslationM.set([0.02 * Math.sin(phase), 0.93 + 0.015 * Math.cos(2 * phase), 1.1 * (f / fps)], f * 3);
    for (const [side, shift] of [
      ['l', 0],
      ['r', Math.PI],
    ] as const) {
      const swing = Math.sin(phase + shift);
      turn(f, `thigh_${side}`, -0.4 * swing, 0, 0);
      turn(f, `calf_${side}`, 0.25 + 0.25 * Math.cos(phase + shift), 0, 0);
      turn(f, `foot_${side}`, 0.1 * swing, 0.1, 0);
      turn(f, `upperarm_${side}`, 0.3 * swing, 0, 0);
    }
    turn(f, 'spine_03', 0.05, 0.1 * Math.sin(phase), 0);
  }
  return {
    skeleton: HUMAN_SKELETON,
    fps,
    frameCount,
    rootTranslationM,
    rotations,
    contacts: new Uint8Array(frameCount * 4),
    confidence: new Float32Array(frameCount * joints).fill(1),
  };
}
