import type { Clip } from './clip.ts';

/** Half-open ranges of frames of the shots of a clip: one for a clip without cuts. */
export const shotRanges = ({
  frameCount,
  shotStarts = [],
}: Pick<Clip, 'frameCount' | 'shotStarts'>): readonly (readonly [number, number])[] => {
  const starts = [0, ...shotStarts];
  return starts.map((from, s) => [from, starts[s + 1] ?? frameCount]);
};

/** The shots of a clip, each as a clip of its own; views, not copies. */
export function splitShots(clip: Clip): Clip[] {
  const joints = clip.skeleton.joints.length;
  return shotRanges(clip).map(([from, to]) => ({
    skeleton: clip.skeleton,
    fps: clip.fps,
    frameCount: to - from,
    rootTranslationM: clip.rootTranslationM.subarray(from * 3, to * 3),
    rotations: clip.rotations.subarray(from * joints * 4, to * joints * 4),
    contacts: clip.contacts.subarray(from * 4, to * 4),
    confidence: clip.confidence.subarray(from * joints, to * joints),
  }));
}

/** Clips of one skeleton and rate, one after the other, as shots of one clip; shots without a frame leave no trace. */
export function joinShots(shots: readonly Clip[]): Clip {
  const filled = shots.filter(({ frameCount }) => frameCount > 0);
  const [first] = filled;
  if (!first) throw new RangeError('no shot has a frame');
  const frameCount = filled.reduce((sum, shot) => sum + shot.frameCount, 0);
  const joints = first.skeleton.joints.length;
  const joined = {
    skeleton: first.skeleton,
    fps: first.fps,
    frameCount,
    rootTranslationM: new Float32Array(frameCount * 3),
    rotations: new Float32Array(frameCount * joints * 4),
    contacts: new Uint8Array(frameCount * 4),
    confidence: new Float32Array(frameCount * joints),
  };
  const shotStarts: number[] = [];
  let at = 0;
  for (const shot of filled) {
    if (at > 0) shotStarts.push(at);
    joined.rootTranslationM.set(shot.rootTranslationM, at * 3);
    joined.rotations.set(shot.rotations, at * joints * 4);
    joined.contacts.set(shot.contacts, at * 4);
    joined.confidence.set(shot.confidence, at * joints);
    at += shot.frameCount;
  }
  return shotStarts.length > 0 ? { ...joined, shotStarts } : joined;
}

/** Applies to every shot by itself what must not reach across a cut: filters, foot locks, interpolation. */
export const mapShots = (clip: Clip, change: (shot: Clip) => Clip): Clip =>
  clip.shotStarts ? joinShots(splitShots(clip).map(change)) : change(clip);
