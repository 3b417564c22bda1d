import { choleskyModule, FACTORISE, firstColumn, ROWS_AT_ONCE, rowStep } from './cholesky-kernel.ts';
import type { WasmModule } from './wasm-instance.ts';
import { compileModule, instantiate } from './wasm-instance.ts';

/**
 * Symmetric positive definite band matrices, of which the lower triangle is kept: entry (i, j) is `rows[i * step + j]`, as in a full
 * matrix whose rows are so close together that they overlap where all is zero. The numbers lie in the memory of the kernel that
 * factorises them.
 */
export interface Banded {
  readonly size: number;
  /** Half bandwidth: entries with |i − j| > band are zero. */
  readonly band: number;
  readonly step: number;
  readonly rows: Float64Array;
  /** Factorises the first rows, a multiple of `ROWS_AT_ONCE`; 0 if they are not positive definite. */
  readonly kernel: (size: number) => number;
}

const wholeTiles = (size: number): number => Math.ceil(size / ROWS_AT_ONCE) * ROWS_AT_ONCE;

/** One module for each half bandwidth: it is part of the code. */
const modules = new Map<number, WasmModule>();

function moduleOf(band: number): WasmModule {
  const known = modules.get(band);
  if (known) return known;
  const module = compileModule(choleskyModule(band));
  modules.set(band, module);
  return module;
}

export function createBanded(size: number, band: number): Banded {
  const step = rowStep(band);
  const count = wholeTiles(size) * (step + 1);
  const { memory, call } = instantiate(moduleOf(band), FACTORISE, count * Float64Array.BYTES_PER_ELEMENT);
  return { size, band, step, rows: new Float64Array(memory, 0, count), kernel: call };
}

/** Makes the first `size` rows zero. */
export const clearBanded = ({ rows, step }: Banded, size: number): void => void rows.fill(0, 0, size * (step + 1));

/** Replaces the matrix of the first `size` rows by its Cholesky factor L (A = L Lᵀ); false if it is not positive definite. */
export function factorise(matrix: Banded, size: number): boolean {
  const end = wholeTiles(size);
  for (let i = size; i < end; i++) setUnitRow(matrix, i);
  return matrix.kernel(end) === 1;
}

/** A row that fills up the last tile of rows without touching those before it. */
function setUnitRow({ rows, step, band }: Banded, i: number): void {
  const first = firstColumn(i - (i % ROWS_AT_ONCE), band);
  rows.fill(0, i * step + first, i * step + i);
  rows[i * step + i] = 1;
}

/** Solves L Lᵀ x = b in place for the first `size` unknowns, after `factorise`. */
export function solveFactorised({ band, rows, step }: Banded, size: number, x: Float64Array): void {
  for (let i = 0; i < size; i++) {
    const first = Math.max(0, i - band);
    x[i] = (x[i] - dot(rows, i * step, x, first, i)) / rows[i * step + i];
  }
  for (let i = size - 1; i >= 0; i--) {
    const row = i * step;
    const value = x[i] / rows[row + i];
    x[i] = value;
    for (let k = Math.max(0, i - band); k < i; k++) x[k] -= rows[row + k] * value;
  }
}

/** Σ rows[row + k] x[k] over [from, to), in four sums: one alone would wait for itself. */
function dot(rows: Float64Array, row: number, x: Float64Array, from: number, to: number): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  let k = from;
  for (; k + 3 < to; k += 4) {
    a += rows[row + k] * x[k];
    b += rows[row + k + 1] * x[k + 1];
    c += rows[row + k + 2] * x[k + 2];
    d += rows[row + k + 3] * x[k + 3];
  }
  for (; k < to; k++) a += rows[row + k] * x[k];
  return a + b + (c + d);
}
