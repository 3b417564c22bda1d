import { LANDMARK_COUNT, type Landmarks } from '../landmarks.ts';
import type { CameraMotion } from './camera-motion.ts';
import type { Pinhole } from './steady-view.ts';
import { SteadyView } from './steady-view.ts';

/**
 * Landmarks as a camera standing still would have given them: pixels on the picture plane of the reference frame (they may lie far
 * outside its picture), metres as a pose model gives them that looks at the person from there. Depth relative to the hips, in pixels, is left as it is.
 */
export function steadyLandmarks(landmarks: Landmarks, motion: CameraMotion, camera: Pinhole): Landmarks {
  const imagePx = landmarks.imagePx.slice();
  const worldM = landmarks.worldM.slice();
  const view = new SteadyView(motion, camera);
  for (let f = 0; f < landmarks.frameCount; f++) {
    if (landmarks.found[f] !== 1) continue;
    view.aim(f);
    view.aimAtPerson(middle(landmarks, f, 0), middle(landmarks, f, 1));
    for (let i = 0; i < LANDMARK_COUNT; i++) {
      const o = (f * LANDMARK_COUNT + i) * 3;
      view.toReferencePixel(imagePx, o, imagePx[o], imagePx[o + 1]);
      view.turnSeen(worldM, o);
    }
  }
  return { ...landmarks, imagePx, worldM };
}

/** Landmarks of shoulders, arms, hips and legs; the face adds nothing to where a body is. */
const FIRST_BODY_LANDMARK = 11;

/** Mean x (`axis` 0) or y of the body's landmarks, pixels. */
function middle({ imagePx }: Landmarks, f: number, axis: 0 | 1): number {
  let sum = 0;
  for (let i = FIRST_BODY_LANDMARK; i < LANDMARK_COUNT; i++) sum += imagePx[(f * LANDMARK_COUNT + i) * 3 + axis];
  return sum / (LANDMARK_COUNT - FIRST_BODY_LANDMARK);
}
