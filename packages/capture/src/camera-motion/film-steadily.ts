import type { Landmarks } from '../landmarks.ts';
import type { Camera } from '../solve/camera.ts';
import { cameraFor } from '../solve/camera.ts';
import type { CameraVerdict } from './camera-motion.ts';
import { judgeCamera } from './judge-camera.ts';
import { seenLensLog } from './seen-lens.ts';
import { steadyLandmarks } from './steady-landmarks.ts';

export interface Steadied {
  /** The very landmarks that were given where the camera stands still. */
  readonly landmarks: Landmarks;
  /** Undefined where nobody looked at the background. */
  readonly verdict: CameraVerdict | undefined;
  /** Its lens as it is given, or as the background of a pan has shown it, or as most are. */
  readonly camera: Camera;
}

/** Takes the turning of the camera out of landmarks, so that what follows may treat the camera as static. */
export function filmSteadily(landmarks: Landmarks, cameraFovDeg: number | undefined): Steadied {
  const track = landmarks.camera;
  const verdict = track?.agreement.length === landmarks.frameCount ? judgeCamera(track) : undefined;
  if (!track || !verdict?.motion) return { landmarks, verdict, camera: cameraFor(landmarks, cameraFovDeg) };
  const camera = cameraFor(landmarks, cameraFovDeg, seenLensLog(track, verdict));
  return { landmarks: steadyLandmarks(landmarks, verdict.motion, camera), verdict, camera };
}
