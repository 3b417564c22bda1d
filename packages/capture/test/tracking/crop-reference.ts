import type { CropOptions } from '../../src/tracking/crop.ts';
import type { Picture } from '../../src/tracking/picture.ts';
import { rgbCoefficients } from '../../src/tracking/rgb-coefficients.ts';
import type { Roi } from '../../src/tracking/roi.ts';

const clamp = (value: number, high: number): number => Math.min(Math.max(value, 0), high);

/** A plane at any index coordinates, its edge repeated outside. */
const at = (plane: Uint8Array, width: number, height: number, x: number, y: number): number => {
  const [inX, inY] = [clamp(x, width - 1), clamp(y, height - 1)];
  const [left, top] = [Math.floor(inX), Math.floor(inY)];
  const [right, below] = [Math.min(left + 1, width - 1), Math.min(top + 1, height - 1)];
  const row = (j: number): number => plane[j * width + left] * (1 - inX + left) + plane[j * width + right] * (inX - left);
  return row(top) * (1 - inY + top) + row(below) * (inY - top);
};

/** The crop by its definition, pixel by pixel in floating point: slow, and easy to believe. */
export const cropByDefinition = (picture: Picture, roi: Roi, options: CropOptions): Float32Array => {
  const { sidePx, low, high } = options;
  const { widthPx, heightPx } = picture;
  const m = rgbCoefficients(picture);
  const [chromaWidth, chromaHeight] = [Math.ceil(widthPx / 2), Math.ceil(heightPx / 2)];
  const colourOf = (x: number, y: number): number[] => {
    const isOutside = x < -0.5 || y < -0.5 || x > widthPx - 0.5 || y > heightPx - 0.5;
    if (isOutside && options.border === 'black') return [0, 0, 0];
    const [inX, inY] = [clamp(x, widthPx - 1), clamp(y, heightPx - 1)];
    const luma = at(picture.y, widthPx, heightPx, inX, inY) * m.yScale + m.yOffset;
    const u = at(picture.u, chromaWidth, chromaHeight, inX / 2, inY / 2 - 0.25) - 128;
    const v = at(picture.v, chromaWidth, chromaHeight, inX / 2, inY / 2 - 0.25) - 128;
    return [luma + m.rv * v, luma + m.gu * u + m.gv * v, luma + m.bu * u];
  };
  const out = new Float32Array(3 * sidePx * sidePx);
  const scale = roi.sidePx / sidePx;
  for (let j = 0; j < sidePx; j++)
    for (let i = 0; i < sidePx; i++) {
      const a = (i - (sidePx - 1) / 2) * scale * (options.mirrored ? -1 : 1);
      const b = (j - (sidePx - 1) / 2) * scale;
      const x = roi.centerXPx + Math.cos(roi.angleRad) * a - Math.sin(roi.angleRad) * b - 0.5;
      const y = roi.centerYPx + Math.sin(roi.angleRad) * a + Math.cos(roi.angleRad) * b - 0.5;
      colourOf(x, y).forEach((value, k) => {
        out[(k * sidePx + j) * sidePx + i] = low + (high - low) * clamp(value, 1);
      });
    }
  return out;
};
