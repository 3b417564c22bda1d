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

/**
 * In-place Cholesky factor L (rows as the matrix); the diagonal keeps 1 / l, because multiplying is cheaper than dividing. Two
 * columns of a row are made at a time: both read the same stretch of the row, which halves the memory traffic.
 */
export function bandedCholesky(m: Banded): void {
  const { size, width, rows } = m;
  const stride = width + 1;
  for (let i = 0; i < size; i++) {
    const a = i * stride + width - i;
    const first = Math.max(0, i - width);
    let j = first;
    for (; j + 1 < i; j += 2) columnPair(rows, a, first, j, stride, width);
    if (j < i) {
      const b = j * stride + width - j;
      let sum = rows[a + j];
      for (let k = Math.max(first, j - width); k < j; k++) sum -= rows[a + k] * rows[b + k];
      rows[a + j] = sum * rows[b + j];
    }
    let d = rows[a + i];
    for (let k = first; k < i; k++) d -= rows[a + k] * rows[a + k];
    rows[a + i] = 1 / Math.sqrt(Math.max(d, 1e-12));
  }
}

/** Elements j and j + 1 of the row at `a`. Columns before `first` are outside the band of the row and zero. */
function columnPair(rows: Float64Array, a: number, first: number, j: number, stride: number, width: number): void {
  const b = j * stride + width - j;
  const c = b + stride - 1;
  let s0 = rows[a + j];
  let s1 = rows[a + j + 1];
  let t0 = 0;
  let t1 = 0;
  let k = first;
  for (; k + 1 < j; k += 2) {
    const x = rows[a + k];
    const y = rows[a + k + 1];
    s0 -= x * rows[b + k];
    s1 -= x * rows[c + k];
    t0 -= y * rows[b + k + 1];
    t1 -= y * rows[c + k + 1];
  }
  if (k < j) {
    s0 -= rows[a + k] * rows[b + k];
    s1 -= rows[a + k] * rows[c + k];
  }
  const left = (s0 + t0) * rows[b + j];
  rows[a + j] = left;
  rows[a + j + 1] = (s1 + t1 - left * rows[c + j]) * rows[c + j + 1];
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
