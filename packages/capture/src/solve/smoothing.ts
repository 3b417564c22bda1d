import { lowPass, median } from '@gaitway/motion/filters';
import { LANDMARK_COUNT } from '../landmarks.ts';
import type { Observations } from './observations.ts';

/** Cutoff of the body's motion for a smoothing of 0..1: 14 Hz leaves nearly all, 2 Hz only slow motion. */
export const bodyCutoffHz = (smoothing: number): number => 14 * (2 / 14) ** smoothing;

/** The distance to the camera wobbles most: it is smoothed more than the rest. */
export const depthCutoffHz = (smoothing: number): number => bodyCutoffHz(smoothing) * 0.35;

/** A landmark hidden for less than this is bridged between what was seen before and after. */
const BRIDGE_SEC = 0.7;
const HIDDEN = 0.35;

/** Landmark positions with hidden stretches bridged, spikes removed and wobble filtered without delay. */
export function smoothBody(seen: Observations, smoothing: number): Float64Array {
  const points = seen.bodyM.slice();
  const width = LANDMARK_COUNT * 3;
  const cutoffHz = bodyCutoffHz(smoothing);
  for (let i = 0; i < LANDMARK_COUNT; i++) {
    bridgeHidden(points, seen, i);
    for (let k = 0; k < 3; k++) {
      if (smoothing > 0) median(points, i * 3 + k, seen.frameCount, width, 1);
      lowPass(points, i * 3 + k, seen.frameCount, width, cutoffHz, seen.fps);
    }
  }
  return points;
}

function bridgeHidden(points: Float64Array, seen: Observations, landmark: number): void {
  const width = LANDMARK_COUNT * 3;
  const longest = BRIDGE_SEC * seen.fps;
  let before = -1;
  for (let f = 0; f < seen.frameCount; f++) {
    if (seen.visibility[f * LANDMARK_COUNT + landmark] < HIDDEN) continue;
    if (before >= 0 && f - before > 1 && f - before <= longest) {
      for (let g = before + 1; g < f; g++) {
        const t = (g - before) / (f - before);
        for (let k = landmark * 3; k < landmark * 3 + 3; k++)
          points[g * width + k] = points[before * width + k] * (1 - t) + points[f * width + k] * t;
      }
    }
    before = f;
  }
}

/** Smooths the root's path (camera axes): depth along the viewing ray more than across it. */
export function smoothRoot(root: Float64Array, fps: number, smoothing: number): void {
  const count = root.length / 3;
  for (let f = 0; f < count; f++) {
    root[f * 3] /= root[f * 3 + 2];
    root[f * 3 + 1] /= root[f * 3 + 2];
    root[f * 3 + 2] = Math.log(-root[f * 3 + 2]);
  }
  if (smoothing > 0) median(root, 2, count, 3, 2);
  lowPass(root, 0, count, 3, bodyCutoffHz(smoothing), fps);
  lowPass(root, 1, count, 3, bodyCutoffHz(smoothing), fps);
  lowPass(root, 2, count, 3, depthCutoffHz(smoothing), fps);
  for (let f = 0; f < count; f++) {
    root[f * 3 + 2] = -Math.exp(root[f * 3 + 2]);
    root[f * 3] *= root[f * 3 + 2];
    root[f * 3 + 1] *= root[f * 3 + 2];
  }
}
