import type { Box } from '../preflight/box.ts';
import { emptySignature, SIGNATURE_COLUMNS, SIGNATURE_ROWS, signatureOf } from '../video/luma-signature.ts';
import type { Picture } from './picture.ts';

/** A cell has changed if its mean luma differs by more, 0..1: the noise of a camera is less. */
const CHANGED = 0.016;
/** Room around a person's landmarks for hair, clothes and what is carried, in parts of the larger side of the box. */
const MARGIN = 0.2;
/** Nothing is taken to be as it was for longer. */
const LONGEST_SEC = 2;

/** What the scene looked like when a part of it was searched. */
interface Searched {
  readonly timeSec: number;
  /** `24 × 32`, mean luma of each cell; NaN where somebody has been in front since. */
  readonly cells: Float32Array;
}

/**
 * Tells whether newcomers can have come since a part of the scene was searched: not if everything looks as it did but for the people who
 * are known. What comes into sight behind them is taken to have been there.
 */
export class Surroundings {
  readonly #searched = new Map<number, Searched>();
  readonly #signature = emptySignature();

  /** Whether a part has to be searched again: something around the people, in `boxes`, has changed, or it was long ago. */
  haveNews(part: number, picture: Picture, timeSec: number, boxes: readonly Box[]): boolean {
    return this.#seen(part, picture, timeSec, boxes) === undefined;
  }

  /** Likewise, and takes note of the answer: the part is searched, or is not. */
  next(part: number, picture: Picture, timeSec: number, boxes: readonly Box[]): boolean {
    const seen = this.#seen(part, picture, timeSec, boxes);
    this.#searched.set(part, seen ?? { timeSec, cells: freeCells(picture, boxes, this.#cellsOf(picture)) });
    return seen === undefined;
  }

  /** Another shot begins. */
  forget(): void {
    this.#searched.clear();
  }

  #cellsOf(picture: Picture): Float32Array {
    return signatureOf(picture, this.#signature).cells;
  }

  /** What is known of a part once the picture has been compared; undefined if it has to be searched. */
  #seen(part: number, picture: Picture, timeSec: number, boxes: readonly Box[]): Searched | undefined {
    const before = this.#searched.get(part);
    if (!before || timeSec - before.timeSec >= LONGEST_SEC) return undefined;
    const now = freeCells(picture, boxes, this.#cellsOf(picture));
    if (now.some((cell, i) => Math.abs(cell - before.cells[i]) > CHANGED)) return undefined;
    const isKnown = (cell: number, i: number): boolean => !Number.isNaN(cell) && !Number.isNaN(before.cells[i]);
    return { timeSec: before.timeSec, cells: now.map((cell, i) => (isKnown(cell, i) ? before.cells[i] : cell)) };
  }
}

/** `cells`, `24 × 32`, with NaN for those in which people are. */
const freeCells = ({ widthPx, heightPx }: Picture, boxes: readonly Box[], cells: Float32Array): Float32Array => {
  const free = cells.slice();
  const column = (xPx: number): number => Math.floor((xPx / widthPx) * SIGNATURE_COLUMNS);
  const row = (yPx: number): number => Math.floor((yPx / heightPx) * SIGNATURE_ROWS);
  for (const { leftPx, topPx, widthPx: w, heightPx: h } of boxes) {
    const marginPx = MARGIN * Math.max(w, h);
    const lastColumn = Math.min(SIGNATURE_COLUMNS - 1, column(leftPx + w + marginPx));
    const lastRow = Math.min(SIGNATURE_ROWS - 1, row(topPx + h + marginPx));
    for (let j = Math.max(0, row(topPx - marginPx)); j <= lastRow; j++)
      for (let i = Math.max(0, column(leftPx - marginPx)); i <= lastColumn; i++) free[j * SIGNATURE_COLUMNS + i] = Number.NaN;
  }
  return free;
};
