import type { Picture } from './picture.ts';
import { type RgbCoefficients, rgbCoefficients } from './rgb-coefficients.ts';
import type { Roi } from './roi.ts';

export interface CropOptions {
  /** Side of the square result, pixels. */
  readonly sidePx: number;
  /** What lies outside the picture: its nearest pixel, or black. */
  readonly border: 'replicate' | 'black';
  /** Range of the result: 0 → low, 1 → high. */
  readonly low: number;
  readonly high: number;
  /** Mirrors the square left to right (in its own frame) before it is written. */
  readonly mirrored?: boolean;
}

const clamp = (value: number, high: number): number => (value < 0 ? 0 : Math.min(value, high));

/** Bilinear sample of a plane at pixel-index coordinates that lie inside it. */
const sample = (plane: Uint8Array, width: number, height: number, x: number, y: number): number => {
  const x0 = x | 0;
  const y0 = y | 0;
  const fx = x - x0;
  const fy = y - y0;
  const at = y0 * width + x0;
  const right = x0 + 1 < width ? 1 : 0;
  const below = y0 + 1 < height ? width : 0;
  const top = plane[at] + fx * (plane[at + right] - plane[at]);
  const bottom = plane[at + below] + fx * (plane[at + below + right] - plane[at + below]);
  return top + fy * (bottom - top);
};

/** How the unit steps of the result move in the picture: pixel (i, j) samples origin + i·(ax, ay) + j·(−ay, ax)·flip. */
interface Walk {
  readonly originX: number;
  readonly originY: number;
  readonly columnX: number;
  readonly columnY: number;
  readonly rowX: number;
  readonly rowY: number;
}

/** Pixel centres of the result map to pixel centres of the picture: index coordinates are positions minus one half. */
const walkOver = (roi: Roi, options: CropOptions): Walk => {
  const step = roi.sidePx / options.sidePx;
  const cos = Math.cos(roi.angleRad) * step;
  const sin = Math.sin(roi.angleRad) * step;
  const flip = options.mirrored ? -1 : 1;
  const half = (options.sidePx - 1) / 2;
  return {
    originX: roi.centerXPx - 0.5 - half * (flip * cos - sin),
    originY: roi.centerYPx - 0.5 - half * (flip * sin + cos),
    columnX: flip * cos,
    columnY: flip * sin,
    rowX: -sin,
    rowY: cos,
  };
};

/** Samples one pixel as RGB into the three planes of `out` at `at`. `x`, `y` are luma indices inside the picture. */
const writePixel = (
  out: Float32Array,
  at: number,
  picture: Picture,
  m: RgbCoefficients,
  x: number,
  y: number,
  low: number,
  gain: number,
): void => {
  const plane = out.length / 3;
  const chromaWidth = (picture.widthPx + 1) >> 1;
  const chromaHeight = (picture.heightPx + 1) >> 1;
  // 4:2:0 of MPEG-2 and later: chroma samples sit on even luma columns and between two luma rows.
  const cx = clamp(x * 0.5, chromaWidth - 1);
  const cy = clamp(y * 0.5 - 0.25, chromaHeight - 1);
  const luma = sample(picture.y, picture.widthPx, picture.heightPx, x, y) * m.yScale + m.yOffset;
  const u = sample(picture.u, chromaWidth, chromaHeight, cx, cy) - 128;
  const v = sample(picture.v, chromaWidth, chromaHeight, cx, cy) - 128;
  out[at] = low + gain * clamp(luma + m.rv * v, 1);
  out[at + plane] = low + gain * clamp(luma + m.gu * u + m.gv * v, 1);
  out[at + 2 * plane] = low + gain * clamp(luma + m.bu * u, 1);
};

/**
 * Cuts a rotated square out of a picture: bilinear, colours converted for the sampled pixels only.
 * `out` is `3 × side × side`, planes R, G, B.
 */
export const cropToRgb = (picture: Picture, roi: Roi, options: CropOptions, out: Float32Array): void => {
  const { sidePx, low, high } = options;
  const matrix = rgbCoefficients(picture);
  const walk = walkOver(roi, options);
  const gain = high - low;
  const maxX = picture.widthPx - 1;
  const maxY = picture.heightPx - 1;
  const plane = sidePx * sidePx;
  const black = options.border === 'black';
  for (let j = 0; j < sidePx; j++) {
    let x = walk.originX + j * walk.rowX;
    let y = walk.originY + j * walk.rowY;
    for (let i = 0; i < sidePx; i++, x += walk.columnX, y += walk.columnY) {
      const at = j * sidePx + i;
      if (black && (x < -0.5 || y < -0.5 || x > maxX + 0.5 || y > maxY + 0.5)) {
        out[at] = low;
        out[at + plane] = low;
        out[at + 2 * plane] = low;
      } else {
        writePixel(out, at, picture, matrix, clamp(x, maxX), clamp(y, maxY), low, gain);
      }
    }
  }
};
