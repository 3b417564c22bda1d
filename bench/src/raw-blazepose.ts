import { captureLandmarks } from '@gaitway/capture/capture-landmarks';
import type { LandmarkName, Landmarks } from '@gaitway/capture/landmarks';
import { LANDMARKS } from '@gaitway/capture/landmarks';
import type { Quality } from '@gaitway/capture/models/model-files';
import type { Tracks, Truth } from './truth.ts';

/** The pose model's own world landmarks, as the baseline: camera axes turned into the world by the true camera. */
export async function rawTracks(video: string, quality: Quality, truth: Truth): Promise<{ tracks: Tracks; landmarks: Landmarks }> {
  const { landmarks } = await captureLandmarks(video, { quality });
  const names: readonly LandmarkName[] = ['shoulder', 'elbow', 'wrist', 'hip', 'knee', 'ankle'].flatMap(
    (joint) => [`l_${joint}`, `r_${joint}`] as LandmarkName[],
  );
  const { R } = truth.camera;
  const points = new Map<string, Float64Array>();
  for (const name of names) {
    const at = LANDMARKS.indexOf(name);
    const out = new Float64Array(landmarks.frameCount * 3);
    for (let f = 0; f < landmarks.frameCount; f++) {
      const w = landmarks.worldM.subarray((f * LANDMARKS.length + at) * 3);
      for (let k = 0; k < 3; k++) out[f * 3 + k] = R[k] * w[0] + R[3 + k] * w[1] + R[6 + k] * w[2];
    }
    points.set(name, out);
  }
  return { tracks: { fps: landmarks.nominalFps, frameCount: landmarks.frameCount, points }, landmarks };
}
