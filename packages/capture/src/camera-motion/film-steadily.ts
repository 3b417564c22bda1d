import type { Landmarks } from '../landmarks.ts';
import { cameraFor } from '../solve/camera.ts';
import type { CameraVerdict } from './camera-motion.ts';
import { judgeCamera } from './judge-camera.ts';
import { steadyLandmarks } from './steady-landmarks.ts';

export interface Steadied {
  /** The very landmarks that were given where the camera stands still. */
  readonly landmarks: Landmarks;
  /** Undefined where nobody looked at the background. */
  readonly verdict: CameraVerdict | undefined;
}

/** Takes the turning of the camera out of landmarks, so that what follows may treat the camera as static. */
export function filmSteadily(landmarks: Landmarks, cameraFovDeg: number | undefined): Steadied {
  if (!landmarks.camera || landmarks.camera.agreement.length !== landmarks.frameCount) return { landmarks, verdict: undefined };
  const verdict = judgeCamera(landmarks.camera);
  if (!verdict.motion) return { landmarks, verdict };
  return { landmarks: steadyLandmarks(landmarks, verdict.motion, cameraFor(landmarks, cameraFovDeg)), verdict };
}
