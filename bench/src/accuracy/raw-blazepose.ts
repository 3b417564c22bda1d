import type { LandmarkName, Landmarks } from '@gaitway/capture/landmarks';
import { LANDMARKS } from '@gaitway/capture/landmarks';
import type { Tracks, Truth } from '../truth.ts';

const NAMES: readonly LandmarkName[] = ['shoulder', 'elbow', 'wrist', 'hip', 'knee', 'ankle'].flatMap(
  (joint) => [`l_${joint}`, `r_${joint}`] as LandmarkName[],
);

/**
 * The pose model's own world landmarks, as the baseline: camera axes turned into the world by the true camera. Where nobody was
 * found the last pose is held.
 */
export function rawTracks(landmarks: Landmarks, truth: Truth): Tracks {
  const seen = lastSeen(landmarks.found);
  const points = new Map<string, Float64Array>();
  for (const name of NAMES) {
    const at = LANDMARKS.indexOf(name);
    const out = new Float64Array(landmarks.frameCount * 3);
    for (let f = 0; f < landmarks.frameCount; f++) {
      const R = truth.frames[Math.min(f, truth.frames.length - 1)].R ?? truth.camera.R;
      const w = landmarks.worldM.subarray((seen[f] * LANDMARKS.length + at) * 3);
      for (let k = 0; k < 3; k++) out[f * 3 + k] = R[k] * w[0] + R[3 + k] * w[1] + R[6 + k] * w[2];
    }
    points.set(name, out);
  }
  return { fps: landmarks.nominalFps, frameCount: landmarks.frameCount, points };
}

/** For each frame the last one in which somebody was found (the first such frame before it). */
function lastSeen(found: Uint8Array): Int32Array {
  let last = Math.max(0, found.indexOf(1));
  return Int32Array.from(found, (hit, f) => {
    if (hit) last = f;
    return last;
  });
}
