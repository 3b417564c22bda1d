/**
 * A symmetric positive definite matrix of which only the last `width` columns before the diagonal of each row are non-zero:
 * row i holds columns i − width .. i, the diagonal last.
 */
export interface Banded {
  readonly size: number;
  readonly width: number;
  readonly rows: Float64Array;
}

export const createBanded = (size: number, width: number): Banded => ({ size, width, rows: new Float64Array(size * (width + 1)) });

/** Index of element (row, column), column ≤ row ≤ column + width. */
export const bandedIndex = (m: Banded, row: number, column: number): number => row * (m.width + 1) + m.width - (row - column);

/** In-place Cholesky factor L (rows as the matrix). */
export function bandedCholesky(m: Banded): void {
  const { size, width, rows } = m;
  const stride = width + 1;
  for (let i = 0; i < size; i++) {
    const a = i * stride + width - i;
    const first = Math.max(0, i - width);
    for (let j = first; j < i; j++) {
      const b = j * stride + width - j;
      const from = Math.max(first, j - width);
      let s0 = 0;
      let s1 = 0;
      let k = from;
      for (; k + 1 < j; k += 2) {
        s0 += rows[a + k] * rows[b + k];
        s1 += rows[a + k + 1] * rows[b + k + 1];
      }
      if (k < j) s0 += rows[a + k] * rows[b + k];
      rows[a + j] = (rows[a + j] - s0 - s1) * rows[b + j];
    }
    let d = rows[a + i];
    for (let k = first; k < i; k++) d -= rows[a + k] * rows[a + k];
    // The diagonal keeps 1 / l: multiplying is cheaper than dividing, here and in the substitution.
    rows[a + i] = 1 / Math.sqrt(Math.max(d, 1e-12));
  }
}

/** x = (L Lᵀ)⁻¹ x with the factor of `bandedCholesky`. */
export function bandedSolve(m: Banded, x: Float64Array): void {
  const { size, width, rows } = m;
  const stride = width + 1;
  for (let i = 0; i < size; i++) {
    const a = i * stride + width - i;
    let sum = x[i];
    for (let k = Math.max(0, i - width); k < i; k++) sum -= rows[a + k] * x[k];
    x[i] = sum * rows[a + i];
  }
  for (let i = size - 1; i >= 0; i--) {
    const a = i * stride + width - i;
    x[i] *= rows[a + i];
    for (let k = Math.max(0, i - width); k < i; k++) x[k] -= rows[a + k] * x[i];
  }
}
