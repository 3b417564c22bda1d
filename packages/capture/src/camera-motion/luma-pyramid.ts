import type { Picture } from '../tracking/picture.ts';

/** Longer side of the finest map, about: features of the background are followed on pictures of this size. */
const MAP_LONG_SIDE_PX = 320;
/** Each level has half the size of the one below it. */
export const LEVELS = 3;

export type Luma = Pick<Picture, 'widthPx' | 'heightPx' | 'y'>;

/** Luma of one level, row by row, in the units of the picture's bytes. */
export interface LumaMap {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly values: Float32Array;
}

/** A picture made small: level 0 is `factor` times smaller than the picture. */
export interface LumaPyramid {
  readonly factor: number;
  readonly levels: readonly LumaMap[];
}

/** Memory for pictures of one size. */
export function createPyramid(widthPx: number, heightPx: number): LumaPyramid {
  const factor = Math.max(1, Math.round(Math.max(widthPx, heightPx) / MAP_LONG_SIDE_PX));
  const levels: LumaMap[] = [];
  for (let level = 0; level < LEVELS; level++) {
    const shrink = factor << level;
    const size = { widthPx: Math.floor(widthPx / shrink), heightPx: Math.floor(heightPx / shrink) };
    levels.push({ ...size, values: new Float32Array(size.widthPx * size.heightPx) });
  }
  return { factor, levels };
}

/** Fills the levels from a picture of the size the pyramid was made for. */
export function fillPyramid(pyramid: LumaPyramid, picture: Luma): void {
  const { y, widthPx } = picture;
  const [finest] = pyramid.levels;
  if (pyramid.factor === 4 && widthPx % 4 === 0 && y.byteOffset % 4 === 0) shrinkByFour(finest, y, widthPx);
  else shrink(finest, y, widthPx, pyramid.factor);
  for (let level = 1; level < LEVELS; level++) halve(pyramid.levels[level], pyramid.levels[level - 1]);
}

/** Mean of each block; of a large block two rows of samples are enough. */
function shrink(out: LumaMap, y: Uint8Array, stride: number, factor: number): void {
  const step = Math.max(1, factor >> 1);
  const count = Math.ceil(factor / step) * factor;
  for (let row = 0, i = 0; row < out.heightPx; row++) {
    for (let column = 0; column < out.widthPx; column++, i++) {
      let sum = 0;
      for (let r = 0; r < factor; r += step) {
        const from = (row * factor + r) * stride + column * factor;
        for (let k = 0; k < factor; k++) sum += y[from + k];
      }
      out.values[i] = sum / count;
    }
  }
}

/** Two of the four rows of each 4 × 4 block, four bytes a read: this is where the time goes. */
function shrinkByFour(out: LumaMap, y: Uint8Array, stride: number): void {
  const words = new Uint32Array(y.buffer, y.byteOffset, (stride >> 2) * out.heightPx * 4);
  const wide = stride >> 2;
  for (let row = 0, i = 0; row < out.heightPx; row++) {
    const first = row * 4 * wide;
    const second = first + 2 * wide;
    for (let column = 0; column < out.widthPx; column++, i++) {
      const a = words[first + column];
      const b = words[second + column];
      const pairs = (a & 0xff00ff) + ((a >>> 8) & 0xff00ff) + (b & 0xff00ff) + ((b >>> 8) & 0xff00ff);
      out.values[i] = ((pairs & 0xffff) + (pairs >>> 16)) * 0.125;
    }
  }
}

function halve(out: LumaMap, from: LumaMap): void {
  const { values, widthPx } = from;
  for (let row = 0, i = 0; row < out.heightPx; row++) {
    let at = row * 2 * widthPx;
    for (let column = 0; column < out.widthPx; column++, i++, at += 2)
      out.values[i] = 0.25 * (values[at] + values[at + 1] + values[at + widthPx] + values[at + widthPx + 1]);
  }
}
