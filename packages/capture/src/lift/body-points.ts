/**
 * Points of the body that the lift gives: joint centres and points of the surface, left before right. `heel` is the back of the
 * foot, `toe` the joint between foot and toes, `toe_tip` the end of the big toe, `index` and `pinky` the knuckles at the palm,
 * `chest` and `neck` the starts of the upper spine and of the neck, `head` the skull's joint, `head_top` the crown.
 */
export const BODY_POINTS = [
  'l_hip',
  'r_hip',
  'l_knee',
  'r_knee',
  'l_ankle',
  'r_ankle',
  'l_heel',
  'r_heel',
  'l_toe',
  'r_toe',
  'l_toe_tip',
  'r_toe_tip',
  'l_shoulder',
  'r_shoulder',
  'l_elbow',
  'r_elbow',
  'l_wrist',
  'r_wrist',
  'l_index',
  'r_index',
  'l_pinky',
  'r_pinky',
  'l_ear',
  'r_ear',
  'chest',
  'neck',
  'head',
  'head_top',
  'nose',
] as const;

export type BodyPointName = (typeof BODY_POINTS)[number];

/** Height of the body in whose metres `BodyPoints.worldM` is; multiply by height / 1.75 for another. */
export const REFERENCE_HEIGHT_M = 1.75;

/** Where the points of the body are in every frame, and how sure that is. Rows of frames without a person are zero. */
export interface BodyPoints {
  readonly frameCount: number;
  readonly points: readonly BodyPointName[];
  /** `frameCount`: 1 where the row holds a person. */
  readonly found: Uint8Array;
  /** `frameCount × points × 2`: pixels of the upright picture, x right, y down. */
  readonly imagePx: Float64Array;
  /** `frameCount × points`: standard deviation of x and of y, as a part of the person's height in the picture. */
  readonly imageSigma: Float64Array;
  /** `frameCount`: height of the upright person in the picture at that distance, pixels: brings `imageSigma` to pixels. */
  readonly heightPx: Float64Array;
  /** `frameCount × points × 3`: camera axes (x right, y down, z forward), origin between the hips, metres of a 1.75 m body. */
  readonly worldM: Float64Array;
  /** `frameCount × points × 3`: standard deviations along the same axes; depth is the uncertain one. */
  readonly worldSigmaM: Float64Array;
}
