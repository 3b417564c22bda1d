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
      const sum = rows[rowI + j] - dot(rows, rowI, rowJ, Math.max(first, j - band), j);
      if (j < i) rows[rowI + j] = sum / rows[rowJ + j];
      else if (sum > 0) rows[rowI + i] = Math.sqrt(sum);
      else return false;
    }
  }
  return true;
}

/** Σ rows[a + k] · rows[b + k] over [from, to), in four independent sums: one sum alone waits for itself at every addition. */
function dot(rows: Float64Array, a: number, b: number, from: number, to: number): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let k = from;
  for (; k + 3 < to; k += 4) {
    s0 += rows[a + k] * rows[b + k];
    s1 += rows[a + k + 1] * rows[b + k + 1];
    s2 += rows[a + k + 2] * rows[b + k + 2];
    s3 += rows[a + k + 3] * rows[b + k + 3];
  }
  for (; k < to; k++) s0 += rows[a + k] * rows[b + k];
  return s0 + s1 + (s2 + s3);
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
