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
