import type { Clip } from './clip.ts';
import { clipDurationSec } from './clip.ts';
import { normalize } from './quaternion.ts';
import { unrollQuaternions } from './rotation.ts';
import { joinShots, shotRanges, splitShots } from './shots.ts';

/** Frames of a clip of `durationSec` at `fps`: round(d · fps) + 1. */
export const frameCountOf = (durationSec: number, fps: number): number => Math.round(durationSec * fps) + 1;

/**
 * The same motion at another rate. Positions and rotations follow a cubic (Catmull–Rom; rotations on hemisphere-aligned
 * components, renormalised) through every source frame, so that upsampling has no corners; contacts come from the nearest
 * frame, confidence from the weaker neighbour. The first and last frames are those of the source; time is never stretched
 * (a last frame that would lie past the end shows the end). Nothing is mixed across a cut: until the next shot begins the last frame
 * of the one before stands.
 *
 * Example: 31 frames at 30 fps (1 s) → `resampleClip(clip, 60)` has 61 frames; every second one equals the source's.
 */
export function resampleClip(clip: Clip, fps: number): Clip {
  if (fps === clip.fps) return clip;
  const frameCount = frameCountOf(clipDurationSec(clip), fps);
  const last = clip.frameCount - 1;
  const positions = Float64Array.from({ length: frameCount }, (_, f) => Math.min((f * clip.fps) / fps, last));
  return clip.shotStarts ? sampleShots(clip, positions, fps) : sampleClip(clip, positions, fps);
}

/** A position this close before a frame is that frame: `3 · 60 / 24` need not be a whole number in binary. */
const ON_FRAME = 1e-9;

const sampleShots = (clip: Clip, positions: Float64Array, fps: number): Clip => {
  const ranges = shotRanges(clip);
  const shots = splitShots(clip).map((shot, s) => {
    const [from, to] = ranges[s];
    const inside = positions.filter((position) => position >= from - ON_FRAME && position < to - ON_FRAME);
    const own = inside.map((position) => Math.min(Math.max(position - from, 0), to - from - 1));
    return sampleClip(shot, own, fps);
  });
  return joinShots(shots);
};

/** The frames of `clip` at fractional `positions` (0 .. frameCount − 1), as a clip of `fps`. */
export function sampleClip(clip: Clip, positions: Float64Array, fps: number): Clip {
  const joints = clip.skeleton.joints.length;
  const source = clip.rotations.slice();
  for (let j = 0; j < joints; j++) unrollQuaternions(source, j * 4, clip.frameCount, joints * 4);
  const rotations = cubicChannels(source, joints * 4, clip.frameCount, positions);
  for (let i = 0; i < rotations.length; i += 4) normalize(rotations, i);
  return {
    skeleton: clip.skeleton,
    fps,
    frameCount: positions.length,
    rootTranslationM: cubicChannels(clip.rootTranslationM, 3, clip.frameCount, positions),
    rotations,
    contacts: nearestChannels(clip.contacts, 4, clip.frameCount, positions),
    confidence: weakestChannels(clip.confidence, joints, clip.frameCount, positions),
  };
}

/** Catmull–Rom through rows of `width` channels; past the ends the line through the last two rows goes on. */
function cubicChannels(rows: Float32Array, width: number, count: number, positions: Float64Array): Float32Array {
  const out = new Float32Array(positions.length * width);
  for (let f = 0; f < positions.length; f++) {
    const i = Math.min(Math.floor(positions[f]), count - 1);
    const t = positions[f] - i;
    if (t === 0 || i === count - 1) {
      out.set(rows.subarray(i * width, (i + 1) * width), f * width);
      continue;
    }
    const a = i * width;
    const b = a + width;
    for (let k = 0; k < width; k++) {
      const p1 = rows[a + k];
      const p2 = rows[b + k];
      const p0 = i > 0 ? rows[a - width + k] : 2 * p1 - p2;
      const p3 = i + 2 < count ? rows[b + width + k] : 2 * p2 - p1;
      out[f * width + k] = p1 + 0.5 * t * (p2 - p0 + t * (2 * p0 - 5 * p1 + 4 * p2 - p3 + t * (3 * (p1 - p2) + p3 - p0)));
    }
  }
  return out;
}

function nearestChannels(rows: Uint8Array, width: number, count: number, positions: Float64Array): Uint8Array {
  const out = new Uint8Array(positions.length * width);
  for (let f = 0; f < positions.length; f++) {
    const i = Math.min(Math.round(positions[f]), count - 1);
    out.set(rows.subarray(i * width, (i + 1) * width), f * width);
  }
  return out;
}

function weakestChannels(rows: Float32Array, width: number, count: number, positions: Float64Array): Float32Array {
  const out = new Float32Array(positions.length * width);
  for (let f = 0; f < positions.length; f++) {
    const a = Math.floor(positions[f]) * width;
    const b = Math.min(Math.ceil(positions[f]), count - 1) * width;
    for (let k = 0; k < width; k++) out[f * width + k] = Math.min(rows[a + k], rows[b + k]);
  }
  return out;
}
