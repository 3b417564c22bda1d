import { LANDMARK_COUNT, LANDMARKS } from '../landmarks.ts';

const TRUNK = (['l_shoulder', 'r_shoulder', 'l_hip', 'r_hip'] as const).map((name) => LANDMARKS.indexOf(name));
const VISIBLE = 0.5;

/**
 * Whether a shoulder or a hip is in the picture and not hidden. The score of the network alone is high for an empty floor, too, where
 * most of the region lies outside the picture: whoever walks out of it would be seen for a while after.
 *
 * @param imagePx `33 × 3` from `row` on, pixels of the picture
 * @param visibility `33` from `row` on
 */
export const showsTrunk = (
  imagePx: Float32Array,
  visibility: Float32Array,
  picture: { readonly widthPx: number; readonly heightPx: number },
  row = 0,
): boolean =>
  TRUNK.some((landmark) => {
    const i = row * LANDMARK_COUNT + landmark;
    const [x, y] = [imagePx[i * 3], imagePx[i * 3 + 1]];
    return visibility[i] >= VISIBLE && x >= 0 && x < picture.widthPx && y >= 0 && y < picture.heightPx;
  });

/** From the middle of the hips to the middle of the shoulders, in the unit of `imagePx` (`33 × 3`). */
export const trunkLength = (imagePx: Float32Array): number => {
  const [leftShoulder, rightShoulder, leftHip, rightHip] = TRUNK;
  const apart = (axis: number): number =>
    imagePx[leftShoulder * 3 + axis] + imagePx[rightShoulder * 3 + axis] - imagePx[leftHip * 3 + axis] - imagePx[rightHip * 3 + axis];
  return Math.hypot(apart(0), apart(1)) / 2;
};

const HIPS = (['l_hip', 'r_hip'] as const).map((name) => LANDMARKS.indexOf(name));

/** Whether both hips are below the picture (`imagePx`: `33 × 3` from `row` on): the legs of such a body are invented, all of them. */
export const areHipsBelow = (imagePx: Float32Array, picture: { readonly heightPx: number }, row = 0): boolean =>
  HIPS.every((landmark) => imagePx[(row * LANDMARK_COUNT + landmark) * 3 + 1] >= picture.heightPx);
