import type { CameraTrack } from './camera-motion/camera-motion.ts';

/** Number of body landmarks of BlazePose; their order is that of `LANDMARKS`. */
export const LANDMARK_COUNT = 33;

/** BlazePose body landmarks in model order; left and right are the person's own. */
export const LANDMARKS = [
  'nose',
  'l_eye_inner',
  'l_eye',
  'l_eye_outer',
  'r_eye_inner',
  'r_eye',
  'r_eye_outer',
  'l_ear',
  'r_ear',
  'l_mouth',
  'r_mouth',
  'l_shoulder',
  'r_shoulder',
  'l_elbow',
  'r_elbow',
  'l_wrist',
  'r_wrist',
  'l_pinky',
  'r_pinky',
  'l_index',
  'r_index',
  'l_thumb',
  'r_thumb',
  'l_hip',
  'r_hip',
  'l_knee',
  'r_knee',
  'l_ankle',
  'r_ankle',
  'l_heel',
  'r_heel',
  'l_foot_index',
  'r_foot_index',
] as const;

export type LandmarkName = (typeof LANDMARKS)[number];

/**
 * What the pose model saw in a stretch of video, one row a decoded frame (real time stamps, not resampled). Immutable.
 *
 * Image frame: pixels of the upright (autorotated) picture, x right, y down, origin at the top left corner.
 * World frame of `worldM`: the model's own: metres, axes of the camera (x right, y down, z away from it), origin between the hips.
 */
export interface Landmarks {
  readonly widthPx: number;
  readonly heightPx: number;
  /** The source's nominal frame rate; the rate of the clip that is solved from these. */
  readonly nominalFps: number;
  readonly frameCount: number;
  /** `frameCount`, seconds from the start of the (trimmed) clip, increasing. */
  readonly timesSec: Float64Array;
  /** `frameCount`: 1 where the person was found. Rows of other frames are zero. */
  readonly found: Uint8Array;
  /** `frameCount × 33 × 3`: x, y in pixels, z in pixels relative to the mid-hip (the model's weak depth; smaller is nearer). */
  readonly imagePx: Float32Array;
  /** `frameCount × 33 × 3`, metres. */
  readonly worldM: Float32Array;
  /** `frameCount × 33`, 0..1: likelihood that the landmark is visible (in the picture and not hidden). */
  readonly visibility: Float32Array;
  /** `frameCount`, 0..1: score of the pose model for the frame. */
  readonly score: Float32Array;
  /** What the background said about the camera; without it the camera is taken to stand still. */
  readonly camera?: CameraTrack;
}
