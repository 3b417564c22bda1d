import type { Picture } from '../../src/tracking/picture.ts';
import type { ColourMatrix } from '../../src/video-info.ts';

export interface PictureFacts {
  readonly widthPx?: number;
  readonly heightPx?: number;
  readonly fullRange?: boolean;
  readonly matrix?: ColourMatrix;
  readonly luma?: (x: number, y: number) => number;
  readonly u?: number;
  readonly v?: number;
}

/** A picture whose luma is given by a function of the pixel and whose chroma is constant. */
export const picture = (facts: PictureFacts = {}): Picture => {
  const { widthPx = 64, heightPx = 48, fullRange = true, matrix = 'bt601', luma = () => 128, u = 128, v = 128 } = facts;
  const chroma = Math.ceil(widthPx / 2) * Math.ceil(heightPx / 2);
  return {
    widthPx,
    heightPx,
    fullRange,
    matrix,
    y: Uint8Array.from({ length: widthPx * heightPx }, (_, i) => luma(i % widthPx, Math.floor(i / widthPx))),
    u: new Uint8Array(chroma).fill(u),
    v: new Uint8Array(chroma).fill(v),
  };
};

/** Pixels without any order: every neighbour that is taken wrongly shows. */
export const noise = (widthPx: number, heightPx: number, fullRange: boolean): Picture => {
  let state = 12345;
  const fill = (length: number): Uint8Array =>
    Uint8Array.from({ length }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) | 0;
      return state >>> 24;
    });
  const chroma = Math.ceil(widthPx / 2) * Math.ceil(heightPx / 2);
  return { widthPx, heightPx, fullRange, matrix: 'bt709', y: fill(widthPx * heightPx), u: fill(chroma), v: fill(chroma) };
};
