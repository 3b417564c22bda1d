import { LANDMARK_COUNT, type Landmarks } from '../landmarks.ts';
import type { CameraMotion } from './camera-motion.ts';
import type { Pinhole } from './steady-view.ts';
import { SteadyView } from './steady-view.ts';

/**
 * Landmarks as a camera standing still would have given them: pixels on the picture plane of the reference frame (they may lie far
 * outside its picture), metres in its axes. Depth relative to the hips, in pixels, is left as it is.
 */
export function steadyLandmarks(landmarks: Landmarks, motion: CameraMotion, camera: Pinhole): Landmarks {
  const imagePx = landmarks.imagePx.slice();
  const worldM = landmarks.worldM.slice();
  const view = new SteadyView(motion, camera);
  for (let f = 0; f < landmarks.frameCount; f++) {
    if (landmarks.found[f] !== 1) continue;
    view.aim(f);
    for (let i = 0; i < LANDMARK_COUNT; i++) {
      const o = (f * LANDMARK_COUNT + i) * 3;
      view.toReferencePixel(imagePx, o, imagePx[o], imagePx[o + 1]);
      view.turn(worldM, o);
    }
  }
  return { ...landmarks, imagePx, worldM };
}
