import type { Picture } from '../tracking/picture.ts';
import { rgbCoefficients } from '../tracking/rgb-coefficients.ts';
import { type Box, clipBox } from './box.ts';
import type { Still } from './report.ts';

/** The first person, and the others. */
const SUBJECT_RGB = [64, 224, 96] as const;
const OTHER_RGB = [255, 160, 32] as const;
const LINE_PX = 2;

/** A picture in RGB with a frame around everybody. */
export const stillOf = (picture: Picture, timeSec: number, boxes: readonly Box[]): Still => {
  const { widthPx, heightPx } = picture;
  const rgb = toRgb(picture);
  boxes.forEach((box, i) => {
    frame(rgb, widthPx, clipBox(box, picture), i === 0 ? SUBJECT_RGB : OTHER_RGB);
  });
  return { timeSec, widthPx, heightPx, rgb };
};

const toRgb = (picture: Picture): Uint8Array => {
  const { widthPx, heightPx, y, u, v } = picture;
  const m = rgbCoefficients(picture);
  const chromaWidth = (widthPx + 1) >> 1;
  const out = new Uint8ClampedArray(widthPx * heightPx * 3);
  for (let row = 0, at = 0; row < heightPx; row++) {
    for (let column = 0; column < widthPx; column++, at += 3) {
      const luma = y[row * widthPx + column] * m.yScale + m.yOffset;
      const chroma = (row >> 1) * chromaWidth + (column >> 1);
      const [cb, cr] = [u[chroma] - 128, v[chroma] - 128];
      out[at] = 255 * (luma + m.rv * cr);
      out[at + 1] = 255 * (luma + m.gu * cb + m.gv * cr);
      out[at + 2] = 255 * (luma + m.bu * cb);
    }
  }
  return new Uint8Array(out.buffer);
};

const frame = (rgb: Uint8Array, widthPx: number, box: Box, colour: readonly [number, number, number]): void => {
  const [left, top] = [Math.round(box.leftPx), Math.round(box.topPx)];
  const [right, bottom] = [Math.round(box.leftPx + box.widthPx), Math.round(box.topPx + box.heightPx)];
  for (let row = top; row < bottom; row++) {
    for (let column = left; column < right; column++) {
      const isEdge = Math.min(row - top, bottom - 1 - row, column - left, right - 1 - column) < LINE_PX;
      if (isEdge) rgb.set(colour, (row * widthPx + column) * 3);
    }
  }
};
