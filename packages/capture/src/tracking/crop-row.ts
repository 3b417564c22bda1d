import { PIXELS_AT_ONCE } from './crop-kernel.ts';
import type { Picture } from './picture.ts';

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

/** Steps in the picture from one pixel of a row to the next. */
export interface RowStep {
  readonly columnX: number;
  readonly columnY: number;
}

/**
 * The part of a row (which starts at luma index coordinates `x`, `y`) around whose pixels all samples, those of chroma too, are inside the
 * picture. A row is straight, so that it is one part; empty where it would be too short for the kernel.
 */
export const innerSpan = (picture: Picture, { columnX, columnY }: RowStep, x: number, y: number, count: number): Span => {
  const across = narrow({ from: 0, to: count }, x, columnX, 0, picture.widthPx - 3);
  const { from, to } = narrow(across, y, columnY, 1, picture.heightPx - 3);
  return to - from < PIXELS_AT_ONCE ? { from, to: from } : { from, to };
};
