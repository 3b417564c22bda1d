import type { Clip } from '@gaitway/motion/clip';
import type { FrameSpan } from './solve-report.ts';

/** A foot may stand through a gap this short; through a longer one nobody knows. */
const STANDS_THROUGH_SEC = 0.3;

/** Takes contacts out of the longer gaps, in place (`frameCount × 4`). */
export function dropUnseen(contacts: Uint8Array, gaps: readonly FrameSpan[], fps: number): void {
  for (const { from, to } of gaps) if (to - from > STANDS_THROUGH_SEC * fps) contacts.fill(0, from * 4, to * 4);
}

/**
 * Before the person enters and after they leave there is no motion to go by: the first and the last pose that was seen are held,
 * where carrying the motion on would bend the body ever further.
 */
export function holdEnds(clip: Clip, gaps: readonly FrameSpan[]): Clip {
  const ends = gaps.filter(({ from, to }) => (from === 0) !== (to === clip.frameCount));
  if (ends.length === 0) return clip;
  const rotations = clip.rotations.slice();
  const rootTranslationM = clip.rootTranslationM.slice();
  const wide = clip.skeleton.joints.length * 4;
  for (const { from, to } of ends) {
    const seen = from === 0 ? to : from - 1;
    for (let f = from; f < to; f++) {
      rotations.copyWithin(f * wide, seen * wide, (seen + 1) * wide);
      rootTranslationM.copyWithin(f * 3, seen * 3, (seen + 1) * 3);
    }
  }
  return { ...clip, rotations, rootTranslationM };
}
