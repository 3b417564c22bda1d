import type { Clip } from '@gaitway/motion/clip';
import { solePositions } from '@gaitway/motion/feet';
import { lockFeet } from '@gaitway/motion/foot-lock';
import type { Skeleton } from '@gaitway/motion/skeleton';
import { jointIndex } from '@gaitway/motion/skeleton';
import { personLegs, toOrigin } from '../solve/ground.ts';
import type { SolveOptions } from '../solve/solve-options.ts';
import { floorHeightM } from '../solve/stance.ts';

const legLengthM = (skeleton: Skeleton): number =>
  ['calf_l', 'foot_l'].reduce((sum, joint) => sum + Math.hypot(...skeleton.joints[jointIndex(skeleton, joint)].translationM), 0);

/** The motion of a shot on another measure of the same person: directions stay, the path scales with the legs, the feet are planted again. */
export function onSkeleton(clip: Clip, skeleton: Skeleton, heightM: number, footLock: SolveOptions['footLock']): Clip {
  if (skeleton === clip.skeleton) return clip;
  const ratio = legLengthM(skeleton) / legLengthM(clip.skeleton);
  const sized = { ...clip, skeleton, rootTranslationM: clip.rootTranslationM.map((v) => v * ratio) };
  if (!clip.contacts.includes(1)) return sized;
  const legs = personLegs(sized, heightM);
  const soles = solePositions(sized, legs);
  const grounded = { ...sized, rootTranslationM: toOrigin(sized.rootTranslationM, floorHeightM(soles, clip.contacts)) };
  return footLock === 'off' ? grounded : lockFeet(grounded, legs);
}

/** The clip with so many frames: what lies past the end is left out, what is missing shows the last frame. */
export function timedClip(clip: Clip, frameCount: number): Clip {
  if (frameCount === clip.frameCount) return clip;
  const last = clip.frameCount - 1;
  return framesOf(
    clip,
    Int32Array.from({ length: frameCount }, (_, f) => Math.min(f, last)),
  );
}

/** One frame held: nothing touches the floor for certain, and nothing of it was seen. */
export function stillClip(clip: Clip, frame: number, frameCount: number): Clip {
  const held = framesOf(clip, new Int32Array(frameCount).fill(frame));
  return { ...held, contacts: held.contacts.fill(0), confidence: held.confidence.fill(0) };
}

/** The given frames of a clip, copied. */
function framesOf(clip: Clip, frames: Int32Array): Clip {
  const pick = <T extends Float32Array | Uint8Array>(rows: T, out: T, width: number): T => {
    frames.forEach((from, f) => {
      out.set(rows.subarray(from * width, (from + 1) * width), f * width);
    });
    return out;
  };
  const joints = clip.skeleton.joints.length;
  const count = frames.length;
  return {
    skeleton: clip.skeleton,
    fps: clip.fps,
    frameCount: count,
    rootTranslationM: pick(clip.rootTranslationM, new Float32Array(count * 3), 3),
    rotations: pick(clip.rotations, new Float32Array(count * joints * 4), joints * 4),
    contacts: pick(clip.contacts, new Uint8Array(count * 4), 4),
    confidence: pick(clip.confidence, new Float32Array(count * joints), joints),
  };
}
