import type { Picture } from '../tracking/picture.ts';
import type { Box } from './box.ts';

/** Mean luma inside a box, 0 (black) to 1 (white), as displayed (gamma-encoded). */
export const meanLuma = (picture: Pick<Picture, 'widthPx' | 'heightPx' | 'y' | 'fullRange'>, box: Box): number => {
  const left = Math.max(0, Math.floor(box.leftPx));
  const right = Math.min(picture.widthPx, Math.ceil(box.leftPx + box.widthPx));
  const top = Math.max(0, Math.floor(box.topPx));
  const bottom = Math.min(picture.heightPx, Math.ceil(box.topPx + box.heightPx));
  let sum = 0;
  for (let row = top; row < bottom; row++) {
    const start = row * picture.widthPx;
    for (let column = left; column < right; column++) sum += picture.y[start + column];
  }
  const count = Math.max(0, right - left) * Math.max(0, bottom - top);
  const black = picture.fullRange ? 0 : 16;
  return count === 0 ? 0 : Math.min(1, Math.max(0, (sum / count - black) / (picture.fullRange ? 255 : 219)));
};
