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

/** Luma, 0..1, of every code of 8 bits. */
const lumasOf = (fullRange: boolean): Float64Array => {
  const [gain, black] = fullRange ? [1 / 255, 0] : [1 / 219, 16];
  return Float64Array.from({ length: 256 }, (_, code) => Math.min(1, Math.max(0, (code - black) * gain)));
};

const FULL_RANGE = lumasOf(true);
const LIMITED_RANGE = lumasOf(false);

/** The first of every `step`th of `length` pixels that lies in each of `cells`, counted in steps; and behind the last how many there are. */
const firstSteps = (length: number, step: number, cells: number): number[] => {
  const count = Math.ceil(length / step);
  return Array.from({ length: cells + 1 }, (_, cell) => Math.min(count, Math.ceil((cell * length) / (cells * step))));
};

/** Writes the signature of a picture into `out`; allocates nothing that grows. */
export const signatureOf = (picture: Luma, out: LumaSignature): LumaSignature => {
  const { widthPx, heightPx, y, fullRange } = picture;
  const step = Math.max(1, Math.floor(Math.min(widthPx, heightPx) / SAMPLES_A_SIDE));
  const lumas = fullRange ? FULL_RANGE : LIMITED_RANGE;
  const columns = firstSteps(widthPx, step, SIGNATURE_COLUMNS);
  const rows = firstSteps(heightPx, step, SIGNATURE_ROWS);
  const counts = new Uint32Array(lumas.length);
  for (let row = 0; row < SIGNATURE_ROWS; row++) {
    for (let column = 0; column < SIGNATURE_COLUMNS; column++) {
      let sum = 0;
      for (let j = rows[row]; j < rows[row + 1]; j++) {
        const start = j * step * widthPx;
        for (let i = columns[column]; i < columns[column + 1]; i++) {
          const code = y[start + i * step];
          sum += lumas[code];
          counts[code]++;
        }
      }
      const count = (rows[row + 1] - rows[row]) * (columns[column + 1] - columns[column]);
      out.cells[row * SIGNATURE_COLUMNS + column] = count > 0 ? sum / count : 0;
    }
  }
  fillHistogram(lumas, counts, out.histogram);
  return out;
};

const fillHistogram = (lumas: Float64Array, counts: Uint32Array, histogram: Float32Array): void => {
  histogram.fill(0);
  let total = 0;
  for (let code = 0; code < counts.length; code++) {
    histogram[Math.min(HISTOGRAM_BINS - 1, Math.floor(lumas[code] * HISTOGRAM_BINS))] += counts[code];
    total += counts[code];
  }
  for (let i = 0; i < histogram.length; i++) histogram[i] /= total;
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
