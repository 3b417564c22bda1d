import type { Picture } from '../tracking/picture.ts';
import type { Box } from './box.ts';

/** Luma, 0..1, `widthPx × heightPx`, row by row. */
export interface GrayMap {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly values: Float32Array;
}

type Luma = Pick<Picture, 'widthPx' | 'heightPx' | 'y' | 'fullRange'>;

/** Scales a box of a picture down to a map of the given size, by the mean of the pixels that fall into each (one at least). */
export const grayMap = (picture: Luma, box: Box, widthPx: number, heightPx: number): GrayMap => {
  const values = new Float32Array(widthPx * heightPx);
  const xs = edges(box.leftPx, box.widthPx, widthPx, picture.widthPx);
  const ys = edges(box.topPx, box.heightPx, heightPx, picture.heightPx);
  const black = picture.fullRange ? 0 : 16;
  const gain = 1 / (picture.fullRange ? 255 : 219);
  for (let row = 0; row < heightPx; row++) {
    for (let column = 0; column < widthPx; column++) {
      const mean = meanOf(picture, xs[column], Math.max(xs[column] + 1, xs[column + 1]), ys[row], Math.max(ys[row] + 1, ys[row + 1]));
      values[row * widthPx + column] = (mean - black) * gain;
    }
  }
  return { widthPx, heightPx, values };
};

/** First pixel of every cell, and the end of the last; all inside the picture. */
const edges = (start: number, length: number, cells: number, limit: number): Int32Array =>
  Int32Array.from({ length: cells + 1 }, (_, i) =>
    Math.min(limit - (i < cells ? 1 : 0), Math.max(0, Math.floor(start + (length * i) / cells))),
  );

const meanOf = ({ y, widthPx }: Luma, left: number, right: number, top: number, bottom: number): number => {
  let sum = 0;
  for (let row = top; row < bottom; row++) for (let column = left; column < right; column++) sum += y[row * widthPx + column];
  return sum / ((right - left) * (bottom - top));
};
