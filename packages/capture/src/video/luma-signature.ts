import type { Picture } from '../tracking/picture.ts';

export const SIGNATURE_COLUMNS = 32;
export const SIGNATURE_ROWS = 24;
export const HISTOGRAM_BINS = 32;

/** What a picture looks like from afar. Luma is 0..1 whatever the range of the samples. */
export interface LumaSignature {
  /** `24 × 32`: mean luma of each cell, row by row. */
  readonly cells: Float32Array;
  /** `32`: share of the pixels in each band of luma; sums to 1. */
  readonly histogram: Float32Array;
}

export const emptySignature = (): LumaSignature => ({
  cells: new Float32Array(SIGNATURE_COLUMNS * SIGNATURE_ROWS),
  histogram: new Float32Array(HISTOGRAM_BINS),
});

/** About this many samples a side are enough for means and shares; a large picture costs no more than a small one. */
const SAMPLES_A_SIDE = 96;

type Luma = Pick<Picture, 'widthPx' | 'heightPx' | 'y' | 'fullRange'>;

/** Writes the signature of a picture into `out`; allocates nothing that grows. */
export const signatureOf = (picture: Luma, out: LumaSignature): LumaSignature => {
  const { widthPx, heightPx, y, fullRange } = picture;
  const step = Math.max(1, Math.floor(Math.min(widthPx, heightPx) / SAMPLES_A_SIDE));
  const gain = 1 / (fullRange ? 255 : 219);
  const black = fullRange ? 0 : 16;
  const { cells, histogram } = out;
  const counts = new Uint32Array(cells.length);
  cells.fill(0);
  histogram.fill(0);
  let total = 0;
  for (let row = 0; row < heightPx; row += step) {
    const cellRow = Math.floor((row * SIGNATURE_ROWS) / heightPx) * SIGNATURE_COLUMNS;
    for (let column = 0; column < widthPx; column += step) {
      const luma = Math.min(1, Math.max(0, (y[row * widthPx + column] - black) * gain));
      const cell = cellRow + Math.floor((column * SIGNATURE_COLUMNS) / widthPx);
      cells[cell] += luma;
      counts[cell]++;
      histogram[Math.min(HISTOGRAM_BINS - 1, Math.floor(luma * HISTOGRAM_BINS))]++;
      total++;
    }
  }
  for (let i = 0; i < cells.length; i++) cells[i] = counts[i] > 0 ? cells[i] / counts[i] : 0;
  for (let i = 0; i < histogram.length; i++) histogram[i] /= total;
  return out;
};

/** 0 (the same) to 1: the larger of two opinions, how far the brightnesses and how far the places of light and dark differ. */
export const signatureDistance = (a: LumaSignature, b: LumaSignature): number => Math.max(histogramDistance(a, b), cellDistance(a, b));

/** Earth mover's distance of the histograms, so that a light that dims a little is a little difference. */
const histogramDistance = (a: LumaSignature, b: LumaSignature): number => {
  let carried = 0;
  let moved = 0;
  for (let i = 0; i < HISTOGRAM_BINS; i++) {
    carried += a.histogram[i] - b.histogram[i];
    moved += Math.abs(carried);
  }
  return moved / HISTOGRAM_BINS;
};

const cellDistance = (a: LumaSignature, b: LumaSignature): number => {
  let sum = 0;
  for (let i = 0; i < a.cells.length; i++) sum += Math.abs(a.cells[i] - b.cells[i]);
  return sum / a.cells.length;
};

/**
 * −1..1: correlation of the detail of two pictures, each cell against the mean of its four neighbours. Light that floods a part of
 * the picture or fades leaves detail where it was; another shot does not.
 */
export const detailCorrelation = (a: LumaSignature, b: LumaSignature): number => {
  let [aa, bb, ab] = [0, 0, 0];
  for (let row = 1; row < SIGNATURE_ROWS - 1; row++) {
    for (let column = 1; column < SIGNATURE_COLUMNS - 1; column++) {
      const at = row * SIGNATURE_COLUMNS + column;
      const da = detailAt(a.cells, at);
      const db = detailAt(b.cells, at);
      aa += da * da;
      bb += db * db;
      ab += da * db;
    }
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 0;
};

const detailAt = (cells: Float32Array, at: number): number =>
  4 * cells[at] - cells[at - 1] - cells[at + 1] - cells[at - SIGNATURE_COLUMNS] - cells[at + SIGNATURE_COLUMNS];
