import { FRACTION_BITS, SAMPLE_UNIT } from './crop-kernel.ts';
import { CropMemory } from './crop-memory.ts';
import { innerSpan, type RowStep } from './crop-row.ts';
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
interface Walk extends RowStep {
  readonly originX: number;
  readonly originY: number;
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

/** Where pixels that the kernel cannot sample come from, and where they go. */
interface EdgeSource {
  readonly picture: Picture;
  readonly colours: RgbCoefficients;
  readonly step: RowStep;
  /** The planes R, G, B of the result, `side × side` each. */
  readonly red: Float32Array;
  readonly green: Float32Array;
  readonly blue: Float32Array;
  readonly low: number;
  readonly high: number;
}

/** Samples one pixel as RGB into the planes of the result at `at`. `x`, `y` are luma indices inside the picture. */
const writePixel = (source: EdgeSource, at: number, x: number, y: number): void => {
  const { picture, colours: m, low, high } = source;
  const chromaWidth = (picture.widthPx + 1) >> 1;
  const chromaHeight = (picture.heightPx + 1) >> 1;
  // 4:2:0 of MPEG-2 and later: chroma samples sit on even luma columns and between two luma rows.
  const cx = clamp(x * 0.5, chromaWidth - 1);
  const cy = clamp(y * 0.5 - 0.25, chromaHeight - 1);
  const luma = sample(picture.y, picture.widthPx, picture.heightPx, x, y) * m.yScale + m.yOffset;
  const u = sample(picture.u, chromaWidth, chromaHeight, cx, cy) - 128;
  const v = sample(picture.v, chromaWidth, chromaHeight, cx, cy) - 128;
  const gain = high - low;
  source.red[at] = low + gain * clamp(luma + m.rv * v, 1);
  source.green[at] = low + gain * clamp(luma + m.gu * u + m.gv * v, 1);
  source.blue[at] = low + gain * clamp(luma + m.bu * u, 1);
};

/** Samples pixels of a row where it leaves the picture, or comes close to its edge. */
const sampleEdge = (source: EdgeSource, border: CropOptions['border'], x: number, y: number, at: number, end: number): void => {
  const { picture, step, red, green, blue, low } = source;
  const maxX = picture.widthPx - 1;
  const maxY = picture.heightPx - 1;
  for (let i = at; i < end; i++) {
    const px = x + (i - at) * step.columnX;
    const py = y + (i - at) * step.columnY;
    const isOutside = px < -0.5 || py < -0.5 || px > maxX + 0.5 || py > maxY + 0.5;
    if (isOutside && border === 'black') red[i] = green[i] = blue[i] = low;
    else writePixel(source, i, clamp(px, maxX), clamp(py, maxY));
  }
};

/** Luma rows of the picture between which a square lies: those of its corners. */
const heightsOf = (walk: Walk, sidePx: number): { readonly top: number; readonly bottom: number } => {
  const corners = [0, walk.columnY, walk.rowY, walk.columnY + walk.rowY].map((step) => walk.originY + step * (sidePx - 1));
  return { top: Math.min(...corners), bottom: Math.max(...corners) };
};

const ONE = 1 << FRACTION_BITS;

const load = (picture: Picture, colours: RgbCoefficients, walk: Walk, { sidePx, low, high }: CropOptions): CropMemory => {
  const gain = high - low;
  const { top, bottom } = heightsOf(walk, sidePx);
  return CropMemory.load(picture, top, bottom, sidePx, {
    stepX: walk.columnX * ONE,
    stepY: walk.columnY * ONE,
    lumaGain: (colours.yScale * gain) / SAMPLE_UNIT,
    lumaOffset: low + gain * colours.yOffset,
    rv: (colours.rv * gain) / SAMPLE_UNIT,
    gu: (colours.gu * gain) / SAMPLE_UNIT,
    gv: (colours.gv * gain) / SAMPLE_UNIT,
    bu: (colours.bu * gain) / SAMPLE_UNIT,
    low,
    high,
  });
};

/**
 * Cuts a rotated square out of a picture: bilinear, colours converted for the sampled pixels only.
 * `out` is `3 × side × side`, planes R, G, B.
 */
export const cropToRgb = (picture: Picture, roi: Roi, options: CropOptions, out: Float32Array): void => {
  const { sidePx, border, low, high } = options;
  const walk = walkOver(roi, options);
  const colours = rgbCoefficients(picture);
  const memory = load(picture, colours, walk, options);
  const [red, green, blue] = [0, 1, 2].map((k) => memory.result.subarray(k * sidePx * sidePx, (k + 1) * sidePx * sidePx));
  const source: EdgeSource = { picture, colours, step: walk, red, green, blue, low, high };
  for (let j = 0; j < sidePx; j++) {
    const x = walk.originX + j * walk.rowX;
    const y = walk.originY + j * walk.rowY;
    const at = j * sidePx;
    const { from, to } = innerSpan(picture, walk, x, y, sidePx);
    sampleEdge(source, border, x, y, at, at + from);
    sampleEdge(source, border, x + to * walk.columnX, y + to * walk.columnY, at + to, at + sidePx);
    if (from === to) continue;
    const originX = (x + from * walk.columnX) * ONE - (at + from) * walk.columnX * ONE;
    const originY = (y + from * walk.columnY) * ONE - (at + from) * walk.columnY * ONE;
    memory.sampleRow(originX, originY, at + from, at + to);
  }
  out.set(memory.result);
};
