import { LANDMARK_COUNT, type Landmarks } from '../landmarks.ts';
import type { Observations } from './observations.ts';

/** Observations in the form of landmarks again: one row for each of the even frames, sides put right, gaps not found. */
export function evenLandmarks(seen: Observations): Landmarks {
  const { frameCount, fps, widthPx, heightPx } = seen;
  const found = new Uint8Array(frameCount).fill(1);
  for (const { from, to } of seen.gaps) found.fill(0, from, to);
  const imagePx = new Float32Array(frameCount * LANDMARK_COUNT * 3);
  for (let o = 0; o < frameCount * LANDMARK_COUNT; o++) {
    imagePx[o * 3] = seen.imagePx[o * 2];
    imagePx[o * 3 + 1] = seen.imagePx[o * 2 + 1];
  }
  return {
    widthPx,
    heightPx,
    nominalFps: fps,
    frameCount,
    timesSec: Float64Array.from({ length: frameCount }, (_, f) => f / fps),
    found,
    imagePx,
    worldM: Float32Array.from(seen.bodyM, (v, i) => (i % 3 === 0 ? v : -v)),
    visibility: Float32Array.from(seen.visibility),
    score: new Float32Array(frameCount).fill(1),
  };
}
