import { LANDMARK_COUNT } from '../landmarks.ts';
import type { Observations } from '../solve/observations.ts';
import { ATTACHMENTS, markOffsets } from './landmark-model.ts';
import type { Marks, Sightings } from './sightings.ts';

/** How far the positions relative to the hips are believed; wide, because their errors last for many frames. */
const BODY_ACROSS_M = 0.055;
const BODY_DEPTH_M = 0.14;
/** Hidden landmarks are guesses of the model: they weigh little, never nothing. */
const MIN_SHARE = 0.02;
/** Weight of a landmark of this visibility; 0 is for frames in which nobody was found. */
export const shareOf = (visibility: number): number => (visibility > 0 ? Math.max(MIN_SHARE, visibility * visibility) : 0);
/** The model draws every body at nearly one size: how far its metres may be off. */
const BODY_SCALE_SD = 0.2;

/** The landmarks of the pose model as sightings: where they lie on the body is in the tables of landmark-offsets.ts. */
export function landmarkSightings(seen: Observations): Sightings {
  const size = seen.frameCount * LANDMARK_COUNT;
  const out: Sightings = {
    fps: seen.fps,
    frameCount: seen.frameCount,
    stride: LANDMARK_COUNT,
    points: ATTACHMENTS.map(({ landmark, joint, near }) => ({ index: landmark, joint, near })),
    marksOf: landmarkMarks,
    bodyScale: () => ({ scale: 1, sd: BODY_SCALE_SD }),
    imagePx: seen.imagePx,
    bodyM: seen.bodyM,
    imageSigmaM: new Float32Array(size),
    bodySigmaM: new Float32Array(size * 2),
    imageShare: new Float32Array(size),
    bodyShare: new Float32Array(size),
  };
  for (let f = 0; f < seen.frameCount; f++) {
    for (const { landmark, imageSigmaM, worldShare } of ATTACHMENTS) {
      const o = f * LANDMARK_COUNT + landmark;
      const share = shareOf(seen.visibility[o]);
      out.imageSigmaM[o] = imageSigmaM;
      out.bodySigmaM[o * 2] = BODY_ACROSS_M;
      out.bodySigmaM[o * 2 + 1] = BODY_DEPTH_M;
      out.imageShare[o] = share;
      out.bodyShare[o] = share * worldShare;
    }
  }
  return out;
}

/** The model counts from the middle between its own hip landmarks. */
export function landmarkMarks(offsets: Float64Array, heightM: number): Marks {
  const marks = markOffsets(offsets, heightM);
  return { ...marks, origin: Float64Array.from([0, 1, 2], (k) => (marks.world[23 * 3 + k] + marks.world[24 * 3 + k]) / 2) };
}
