import type { ColourMatrix } from '../video-info.ts';

/**
 * One decoded picture in planar YUV 4:2:0, rows without padding: luma `widthPx × heightPx`, chroma at half the size, rounded up.
 * The video room's frames are such pictures.
 */
export interface Picture {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly y: Uint8Array;
  readonly u: Uint8Array;
  readonly v: Uint8Array;
  /** True where luma uses 0–255, false for 16–235. */
  readonly fullRange: boolean;
  readonly matrix: ColourMatrix;
}

/** A picture of one's own: decoders reuse their planes. */
export const copyPicture = ({ widthPx, heightPx, y, u, v, fullRange, matrix }: Picture): Picture => ({
  widthPx,
  heightPx,
  y: y.slice(),
  u: u.slice(),
  v: v.slice(),
  fullRange,
  matrix,
});
