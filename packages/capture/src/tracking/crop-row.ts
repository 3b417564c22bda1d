import type { Picture } from './picture.ts';
import type { RgbCoefficients } from './rgb-coefficients.ts';

/** Everything about a crop that is the same for all of its rows. */
export interface RowSource {
  readonly picture: Picture;
  readonly colours: RgbCoefficients;
  /** Steps in the picture, x and y, from one pixel of a row to the next. An array: as fields they would be integers now and then. */
  readonly step: Float64Array;
  /** The planes R, G, B of the result, `side × side` each. */
  readonly red: Float32Array;
  readonly green: Float32Array;
  readonly blue: Float32Array;
  /** Range of the result: 0 → low, 1 → high. */
  readonly low: number;
  readonly high: number;
}

/** Places in the picture are cut to 1/2048 pixel: two such weights and a byte just fit into 31 bits. */
const FRACTION_BITS = 11;
const ONE = 1 << FRACTION_BITS;
const FRACTION = ONE - 1;
const ONE_PIXEL = ONE * ONE;

/** Indices `from` to before `to` of a row. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const narrow = ({ from, to }: Span, start: number, step: number, low: number, high: number): Span => {
  if (step === 0) return start >= low && start <= high ? { from, to } : { from, to: from };
  const [a, b] = step > 0 ? [low, high] : [high, low];
  const first = Math.max(from, Math.ceil((a - start) / step));
  return { from: Math.min(first, to), to: Math.max(Math.min(first, to), Math.min(to, Math.floor((b - start) / step) + 1)) };
};

/**
 * The part of a row (which starts at luma index coordinates `x`, `y`) around whose pixels all samples, those of chroma too, are inside the picture. A row is straight, so that it is
 * one part.
 */
export const innerSpan = ({ picture, step }: RowSource, x: number, y: number, count: number): Span =>
  narrow(narrow({ from: 0, to: count }, x, step[0], 0, picture.widthPx - 3), y, step[1], 1, picture.heightPx - 3);

/**
 * Samples pixels of a row that lie in its `innerSpan`, the first of them at luma index coordinates (`x`, `y`), into places `at` to
 * before `end`: integer bilinear weights, shared by the two planes of chroma; colours are converted on the way.
 */
export const sampleInner = (source: RowSource, x: number, y: number, at: number, end: number): void => {
  const { picture, colours, step, red, green, blue, low, high } = source;
  const { y: lumaPlane, u: uPlane, v: vPlane, widthPx } = picture;
  const chromaWidth = (widthPx + 1) >> 1;
  const gain = high - low;
  const lumaGain = (colours.yScale * gain) / ONE_PIXEL;
  const lumaOffset = low + gain * colours.yOffset;
  const rv = (colours.rv * gain) / ONE_PIXEL;
  const gu = (colours.gu * gain) / ONE_PIXEL;
  const gv = (colours.gv * gain) / ONE_PIXEL;
  const bu = (colours.bu * gain) / ONE_PIXEL;
  const gray = 128 * ONE_PIXEL;
  const stepPx = step[0] * ONE;
  const stepPy = step[1] * ONE;
  const originX = x * ONE - at * stepPx;
  const originY = y * ONE - at * stepPy;
  // Places are counted from `i` alone: a sum carried from pixel to pixel would be a number on the heap for each of them.
  for (let i = at; i < end; i++) {
    const ix = (originX + i * stepPx) | 0;
    const iy = (originY + i * stepPy) | 0;
    const fx = ix & FRACTION;
    const fy = iy & FRACTION;
    const p = (iy >> FRACTION_BITS) * widthPx + (ix >> FRACTION_BITS);
    const p0 = lumaPlane[p];
    const p2 = lumaPlane[p + widthPx];
    const top = ((p0 << FRACTION_BITS) + Math.imul(fx, lumaPlane[p + 1] - p0)) | 0;
    const bottom = ((p2 << FRACTION_BITS) + Math.imul(fx, lumaPlane[p + widthPx + 1] - p2)) | 0;
    const luma = (((top << FRACTION_BITS) + Math.imul(fy, bottom - top)) | 0) * lumaGain + lumaOffset;
    // 4:2:0 of MPEG-2 and later: chroma samples sit on even luma columns and between two luma rows.
    const jx = ix >> 1;
    const jy = (iy - (ONE >> 1)) >> 1;
    const gx = jx & FRACTION;
    const gy = jy & FRACTION;
    const c = (jy >> FRACTION_BITS) * chromaWidth + (jx >> FRACTION_BITS);
    const below = c + chromaWidth;
    const u0 = uPlane[c];
    const u2 = uPlane[below];
    const uTop = ((u0 << FRACTION_BITS) + Math.imul(gx, uPlane[c + 1] - u0)) | 0;
    const uBottom = ((u2 << FRACTION_BITS) + Math.imul(gx, uPlane[below + 1] - u2)) | 0;
    const u = ((uTop << FRACTION_BITS) + Math.imul(gy, uBottom - uTop) - gray) | 0;
    const v0 = vPlane[c];
    const v2 = vPlane[below];
    const vTop = ((v0 << FRACTION_BITS) + Math.imul(gx, vPlane[c + 1] - v0)) | 0;
    const vBottom = ((v2 << FRACTION_BITS) + Math.imul(gx, vPlane[below + 1] - v2)) | 0;
    const v = ((vTop << FRACTION_BITS) + Math.imul(gy, vBottom - vTop) - gray) | 0;
    // Not compared by hand: `low` and `high` may be integers to the compiler, and half of the runs then take 1.7 ms instead of 1.25.
    const r = luma + rv * v;
    const g = luma + gu * u + gv * v;
    const b = luma + bu * u;
    red[i] = Math.min(Math.max(r, low), high);
    green[i] = Math.min(Math.max(g, low), high);
    blue[i] = Math.min(Math.max(b, low), high);
  }
};
