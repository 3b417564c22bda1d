import { cameraFrames } from '../camera-motion/camera-motion.ts';
import { LANDMARK_COUNT, type Landmarks } from '../landmarks.ts';

/** Frames of a clip from one cut to the next: `fromFrame` is the first, `toFrame` the one after the last. */
export interface ShotSpan {
  readonly fromFrame: number;
  readonly toFrame: number;
}

/** The shots of a clip: one, and one more for every cut. `timesSec`: of every frame; `cutsSec`: of the first frame after each cut. */
export const shotSpans = (timesSec: Float64Array, cutsSec: readonly number[]): ShotSpan[] => {
  const starts = new Set([0]);
  for (const cutSec of cutsSec) {
    const frame = timesSec.findIndex((timeSec) => timeSec >= cutSec);
    if (frame > 0) starts.add(frame);
  }
  const sorted = [...starts].sort((a, b) => a - b);
  return sorted.map((fromFrame, s) => ({ fromFrame, toFrame: sorted[s + 1] ?? timesSec.length }));
};

/** The rows of a shot, as landmarks of their own; views, not copies. */
export const landmarksOf = (landmarks: Landmarks, { fromFrame, toFrame }: ShotSpan): Landmarks => ({
  ...landmarks,
  frameCount: toFrame - fromFrame,
  timesSec: landmarks.timesSec.subarray(fromFrame, toFrame),
  found: landmarks.found.subarray(fromFrame, toFrame),
  imagePx: landmarks.imagePx.subarray(fromFrame * LANDMARK_COUNT * 3, toFrame * LANDMARK_COUNT * 3),
  worldM: landmarks.worldM.subarray(fromFrame * LANDMARK_COUNT * 3, toFrame * LANDMARK_COUNT * 3),
  visibility: landmarks.visibility.subarray(fromFrame * LANDMARK_COUNT, toFrame * LANDMARK_COUNT),
  score: landmarks.score.subarray(fromFrame, toFrame),
  ...(landmarks.camera && { camera: cameraFrames(landmarks.camera, fromFrame, toFrame) }),
});

/** Frames in which the person was found. */
export const foundFrames = ({ found }: Pick<Landmarks, 'found'>): number => found.reduce((sum, flag) => sum + flag, 0);
