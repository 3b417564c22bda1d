import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseBvh } from '@gaitway/formats/bvh/parse';
import { bvhToClip } from '@gaitway/formats/bvh/to-clip';
import type { Clip } from '@gaitway/motion/clip';
import { HUMAN_SKELETON, HUMAN_SKELETON_HEIGHT_M } from '@gaitway/motion/human';
import { STANDARD_CAMERA } from './camera.ts';
import type { SyntheticCase } from './cases.ts';
import { legLengthM } from './puppet.ts';
import type { V3 } from './vectors.ts';

/** Longer files are cut, seconds. */
const LONGEST_SEC = 6;

/** Every BVH of a folder as a case: its own person, a camera that sees the whole of it. Contacts are those of its soles. */
export function motionCases(folder: string): { readonly one: SyntheticCase; readonly clip: Clip }[] {
  const files = readdirSync(folder)
    .filter((file) => file.toLowerCase().endsWith('.bvh'))
    .sort();
  return files.map((file, i) => {
    const clip = firstSeconds(bvhToClip(parseBvh(readFileSync(join(folder, file)))).clip);
    const heightM =
      (HUMAN_SKELETON_HEIGHT_M * legLengthM({ skeleton: clip.skeleton, scale: 1 })) / legLengthM({ skeleton: HUMAN_SKELETON, scale: 1 });
    const one: SyntheticCase = {
      name: file.replace(/\.bvh$/i, ''),
      move: { durationSec: clip.frameCount / clip.fps, poseAt: () => missing() },
      camera: { ...STANDARD_CAMERA, ...viewOf(clip) },
      heightM,
      fps: 30,
      seed: 100 + i,
      faults: {},
      told: { subjectHeightM: heightM },
    };
    return { one, clip };
  });
}

function missing(): never {
  throw new Error('a motion from a file has no poses of its own');
}

function firstSeconds(clip: Clip): Clip {
  const frameCount = Math.min(clip.frameCount, Math.round(LONGEST_SEC * clip.fps));
  const joints = clip.skeleton.joints.length;
  return {
    ...clip,
    frameCount,
    rootTranslationM: clip.rootTranslationM.subarray(0, frameCount * 3),
    rotations: clip.rotations.subarray(0, frameCount * joints * 4),
    contacts: clip.contacts.subarray(0, frameCount * 4),
    confidence: clip.confidence.subarray(0, frameCount * joints),
  };
}

/** A camera in front of the middle of the way, far enough to see all of it. */
function viewOf(clip: Clip): { readonly eye: V3; readonly target: V3 } {
  const range = (k: number): readonly [number, number] => {
    const values = Array.from({ length: clip.frameCount }, (_, f) => clip.rootTranslationM[f * 3 + k]);
    return [Math.min(...values), Math.max(...values)];
  };
  const [left, right] = range(0);
  const [, near] = range(2);
  const x = (left + right) / 2;
  return { eye: [x, 1.3, near + 3.6 + 0.5 * (right - left)], target: [x, 0.95, near] };
}
