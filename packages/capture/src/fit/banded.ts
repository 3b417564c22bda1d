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

/** Replaces the matrix of the first `size` rows by its Cholesky factor L (A = L Lᵀ); false if it is not positive definite. */
export function factorise(matrix: Banded, size: number): boolean {
  const { band, rows } = matrix;
  const stride = band + 1;
  for (let i = 0; i < size; i++) {
    const first = Math.max(0, i - band);
    const rowI = i * stride + band - i;
    for (let j = first; j <= i; j++) {
      const rowJ = j * stride + band - j;
      let sum = rows[rowI + j];
      for (let k = Math.max(first, j - band); k < j; k++) sum -= rows[rowI + k] * rows[rowJ + k];
      if (j < i) rows[rowI + j] = sum / rows[rowJ + j];
      else if (sum > 0) rows[rowI + i] = Math.sqrt(sum);
      else return false;
    }
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
