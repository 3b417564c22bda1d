import type { Landmarks } from '../landmarks.ts';
import type { SeenVertical } from '../lens/seen-vertical.ts';
import { seenVertical } from '../lens/seen-vertical.ts';
import type { Camera } from '../solve/camera.ts';
import { cameraFor } from '../solve/camera.ts';
import type { CameraMotion, CameraTrack, CameraVerdict } from './camera-motion.ts';
import { judgeCamera } from './judge-camera.ts';
import { seenLens } from './seen-lens.ts';
import { steadyLandmarks } from './steady-landmarks.ts';
import { SteadyView } from './steady-view.ts';

export interface Steadied {
  /** The very landmarks that were given where the camera stands still. */
  readonly landmarks: Landmarks;
  /** Undefined where nobody looked at the background. */
  readonly verdict: CameraVerdict | undefined;
  /** Its lens as it is given, or as the background has shown it, or as most are. */
  readonly camera: Camera;
  /** Which way is down by the edges of the background, in the axes of the camera that stands still. */
  readonly vertical: SeenVertical | undefined;
}

/** Takes the turning of the camera out of landmarks, so that what follows may treat the camera as static. */
export function filmSteadily(landmarks: Landmarks, cameraFovDeg: number | undefined): Steadied {
  const track = landmarks.camera;
  if (track?.agreement.length !== landmarks.frameCount)
    return { landmarks, verdict: undefined, camera: cameraFor(landmarks, cameraFovDeg), vertical: undefined };
  const verdict = judgeCamera(track);
  const camera = cameraFor(landmarks, cameraFovDeg, seenLens(track, verdict));
  const vertical = verticalOf(track, verdict.motion, camera);
  return { landmarks: verdict.motion ? steadyLandmarks(landmarks, verdict.motion, camera) : landmarks, verdict, camera, vertical };
}

function verticalOf({ edges, focalPx }: CameraTrack, motion: CameraMotion | undefined, camera: Camera): SeenVertical | undefined {
  const seen = seenVertical(edges ?? [], { mean: Math.log(camera.focalPx / focalPx), sd: camera.logSigma });
  if (!seen || !motion) return seen;
  const view = new SteadyView(motion, camera);
  view.aim(seen.frame);
  const down = seen.down.slice();
  view.turnDirection(down, 0);
  return { ...seen, down };
}
