import { LANDMARK_COUNT } from '../landmarks.ts';

/** An upright rectangle, pixels of the picture; may reach beyond it. */
export interface Box {
  readonly leftPx: number;
  readonly topPx: number;
  readonly widthPx: number;
  readonly heightPx: number;
}

const VISIBLE = 0.5;

/**
 * The box around the landmarks that are visible, with room for the scalp and the skin: landmarks are joints and points of the face.
 * `imagePx` is `33 × 3`, `visibility` is `33`. Null when fewer than four are visible.
 */
export const boxAround = (imagePx: Float32Array, visibility: Float32Array): Box | null => {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  let count = 0;
  for (let i = 0; i < LANDMARK_COUNT; i++) {
    if (visibility[i] < VISIBLE) continue;
    count++;
    left = Math.min(left, imagePx[i * 3]);
    right = Math.max(right, imagePx[i * 3]);
    top = Math.min(top, imagePx[i * 3 + 1]);
    bottom = Math.max(bottom, imagePx[i * 3 + 1]);
  }
  if (count < 4) return null;
  const room = 0.08 * Math.max(right - left, bottom - top);
  return { leftPx: left - room, topPx: top - room, widthPx: right - left + 2 * room, heightPx: bottom - top + 2 * room };
};

/** The part of a box that lies in the picture. */
export const clipBox = (box: Box, picture: { readonly widthPx: number; readonly heightPx: number }): Box => {
  const leftPx = Math.min(picture.widthPx, Math.max(0, box.leftPx));
  const topPx = Math.min(picture.heightPx, Math.max(0, box.topPx));
  const widthPx = Math.max(0, Math.min(picture.widthPx, box.leftPx + box.widthPx) - leftPx);
  const heightPx = Math.max(0, Math.min(picture.heightPx, box.topPx + box.heightPx) - topPx);
  return { leftPx, topPx, widthPx, heightPx };
};

export const isInside = (box: Box, xPx: number, yPx: number): boolean =>
  xPx >= box.leftPx && xPx < box.leftPx + box.widthPx && yPx >= box.topPx && yPx < box.topPx + box.heightPx;

export const grown = (box: Box, share: number): Box => ({
  leftPx: box.leftPx - (box.widthPx * share) / 2,
  topPx: box.topPx - (box.heightPx * share) / 2,
  widthPx: box.widthPx * (1 + share),
  heightPx: box.heightPx * (1 + share),
});
