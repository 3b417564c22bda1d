/**
 * Symmetric positive definite band matrices. Row i holds the entries (i, i − band) … (i, i) contiguously, so that every inner
 * loop of the factorisation is a dot product of two contiguous stretches (Golub & Van Loan, "Matrix Computations", 4.3.5).
 */
export interface Banded {
  readonly size: number;
  /** Half bandwidth: entries with |i − j| > band are zero. */
  readonly band: number;
  /** `size × (band + 1)`. */
  readonly rows: Float64Array;
}

export const createBanded = (size: number, band: number): Banded => ({ size, band, rows: new Float64Array(size * (band + 1)) });

/**
 * Replaces the matrix of the first `size` rows by its Cholesky factor L (A = L Lᵀ); false if it is not positive definite.
 * Two rows advance together, two columns at a time: four sums share four loads, which halves the time of one sum at a time.
 */
export function factorise(matrix: Banded, size: number): boolean {
  let i = 0;
  for (; i + 1 < size; i += 2) if (!factoriseRowPair(matrix, i)) return false;
  return i >= size || factoriseRow(matrix, i, Math.max(0, i - matrix.band));
}

/** Rows i and i + 1; all rows before them are done. */
function factoriseRowPair({ band, rows }: Banded, i: number): boolean {
  const stride = band + 1;
  const upper = i * stride + band - i;
  const lower = upper + stride - 1;
  const first = Math.max(0, i + 1 - band);
  // The upper row may begin one column before the lower one.
  const alone = Math.max(0, i - band);
  if (alone < first) rows[upper + alone] /= rows[alone * stride + band];
  let j = first;
  for (; j + 1 < i; j += 2) {
    const left = j * stride + band - j;
    const right = left + stride - 1;
    let ul = rows[upper + j];
    let ur = rows[upper + j + 1];
    let ll = rows[lower + j];
    let lr = rows[lower + j + 1];
    if (alone < first) {
      ul -= rows[upper + alone] * rows[left + alone];
      ur -= rows[upper + alone] * rows[right + alone];
    }
    // Two steps at a time with sums of their own: one sum would wait for itself.
    let ul2 = 0;
    let ur2 = 0;
    let ll2 = 0;
    let lr2 = 0;
    let k = first;
    for (; k + 1 < j; k += 2) {
      const u = rows[upper + k];
      const l = rows[lower + k];
      const a = rows[left + k];
      const b = rows[right + k];
      const u2 = rows[upper + k + 1];
      const l2 = rows[lower + k + 1];
      const a2 = rows[left + k + 1];
      const b2 = rows[right + k + 1];
      ul -= u * a;
      ur -= u * b;
      ll -= l * a;
      lr -= l * b;
      ul2 -= u2 * a2;
      ur2 -= u2 * b2;
      ll2 -= l2 * a2;
      lr2 -= l2 * b2;
    }
    if (k < j) {
      ul2 -= rows[upper + k] * rows[left + k];
      ur2 -= rows[upper + k] * rows[right + k];
      ll2 -= rows[lower + k] * rows[left + k];
      lr2 -= rows[lower + k] * rows[right + k];
    }
    ul += ul2;
    ur += ur2;
    ll += ll2;
    lr += lr2;
    const corner = rows[right + j];
    const leftDiagonal = rows[left + j];
    const rightDiagonal = rows[right + j + 1];
    ul /= leftDiagonal;
    ll /= leftDiagonal;
    rows[upper + j] = ul;
    rows[lower + j] = ll;
    rows[upper + j + 1] = (ur - ul * corner) / rightDiagonal;
    rows[lower + j + 1] = (lr - ll * corner) / rightDiagonal;
  }
  return finishRow(rows, upper, stride, band, alone, j, i) && finishRow(rows, lower, stride, band, first, j, i + 1);
}

const factoriseRow = ({ band, rows }: Banded, i: number, first: number): boolean =>
  finishRow(rows, i * (band + 1) + band - i, band + 1, band, first, first, i);

/** Columns [from, i] of row i, one at a time; those from `first` up to `from` are done. */
function finishRow(rows: Float64Array, row: number, stride: number, band: number, first: number, from: number, i: number): boolean {
  for (let j = from; j <= i; j++) {
    const other = j * stride + band - j;
    let sum = rows[row + j];
    for (let k = Math.max(first, j - band); k < j; k++) sum -= rows[row + k] * rows[other + k];
    if (j < i) rows[row + j] = sum / rows[other + j];
    else if (sum > 0) rows[row + i] = Math.sqrt(sum);
    else return false;
  }
  return true;
}

/** Solves L Lᵀ x = b in place for the first `size` unknowns, after `factorise`. */
export function solveFactorised(matrix: Banded, size: number, x: Float64Array): void {
  const { band, rows } = matrix;
  const stride = band + 1;
  for (let i = 0; i < size; i++) {
    const row = i * stride + band - i;
    let sum = x[i];
    for (let k = Math.max(0, i - band); k < i; k++) sum -= rows[row + k] * x[k];
    x[i] = sum / rows[row + i];
  }
  for (let i = size - 1; i >= 0; i--) {
    const row = i * stride + band - i;
    const value = x[i] / rows[row + i];
    x[i] = value;
    for (let k = Math.max(0, i - band); k < i; k++) x[k] -= rows[row + k] * value;
  }
}
