import { bodyOffsets } from '../fit/body-model.ts';
import type { BodyState } from '../fit/body-state.ts';
import { createBodyPose, poseBody } from '../fit/body-state.ts';
import type { Fitted } from '../fit/fit.ts';
import { ATTACHMENTS } from '../fit/landmark-model.ts';
import { landmarkMarks } from '../fit/landmark-sightings.ts';
import { NEAR_M, pointOf } from '../fit/landmark-terms.ts';
import { LANDMARK_COUNT } from '../landmarks.ts';
import type { Camera } from './camera.ts';
import type { Observations } from './observations.ts';

/** How far the landmarks lie from the body that was fitted to them, `frameCount × 33`, metres; NaN for landmarks that are not used. */
export interface FitResiduals {
  /** Across the viewing ray, at the distance of the body. */
  readonly imageM: Float32Array;
  /** Along the camera's axis, of the model's own metres relative to the hips. */
  readonly depthM: Float32Array;
}

export function fitResiduals(
  seen: Observations,
  camera: Camera,
  fitted: Pick<Fitted, 'state' | 'skeleton' | 'variables'>,
  heightM: number,
): FitResiduals {
  const { state, variables } = fitted;
  const size = seen.frameCount * LANDMARK_COUNT;
  const out: FitResiduals = { imageM: new Float32Array(size).fill(Number.NaN), depthM: new Float32Array(size).fill(Number.NaN) };
  const offsets = bodyOffsets(fitted.skeleton);
  const marks = landmarkMarks(offsets, heightM);
  const pose = createBodyPose();
  const hips = new Float64Array(3);
  const point = new Float64Array(3);
  for (let f = 0; f < seen.frameCount; f++) {
    poseBody(pose, state, f, offsets);
    pointOf(hips, pose, 0, marks.origin, 0);
    for (const { landmark, joint } of ATTACHMENTS) {
      const o = f * LANDMARK_COUNT + landmark;
      pointOf(point, pose, joint, marks.world, landmark * 3);
      out.depthM[o] = Math.abs(point[2] - hips[2] - variables.worldScale * seen.bodyM[o * 3 + 2]);
      pointOf(point, pose, joint, marks.image, landmark * 3);
      out.imageM[o] = acrossRay(point, seen, camera, o) * distance(state, f);
    }
  }
  return out;
}

const distance = (state: BodyState, f: number): number => Math.max(NEAR_M, -state.root[f * 3 + 2]);

/** Distance in the picture between a point and a landmark, in focal lengths. */
function acrossRay(point: Float64Array, seen: Observations, camera: Camera, o: number): number {
  const depth = Math.max(NEAR_M, -point[2]);
  const x = point[0] / depth - (seen.imagePx[o * 2] - camera.centreXPx) / camera.focalPx;
  const y = point[1] / depth - (camera.centreYPx - seen.imagePx[o * 2 + 1]) / camera.focalPx;
  return Math.hypot(x, y);
}
