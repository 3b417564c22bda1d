import { bandSolver, SOLVE } from './band-kernel.ts';
import { firstColumn, ROWS_AT_ONCE, rowStep } from './band-layout.ts';
import type { WasmModule } from './wasm-instance.ts';
import { compileModule, instantiate } from './wasm-instance.ts';

/**
 * Equations A x = b with a symmetric positive definite band matrix, of which the lower triangle is kept: entry (i, j) is
 * `rows[i * step + j]`, as in a full matrix whose rows are so close together that they overlap where all is zero. The numbers lie in
 * the memory of the kernel that solves them.
 */
export interface Banded {
  readonly size: number;
  /** Half bandwidth: entries with |i − j| > band are zero. */
  readonly band: number;
  readonly step: number;
  readonly rows: Float64Array;
  /** b before, x after. */
  readonly unknowns: Float64Array;
  /** Solves the first rows, a multiple of `ROWS_AT_ONCE`; 0 if they are not positive definite. */
  readonly kernel: (size: number, unknownsAddress: number) => number;
}

const wholeTiles = (size: number): number => Math.ceil(size / ROWS_AT_ONCE) * ROWS_AT_ONCE;

/** One module for each half bandwidth: it is part of the code. */
const modules = new Map<number, WasmModule>();

function moduleOf(band: number): WasmModule {
  const known = modules.get(band);
  if (known) return known;
  const module = compileModule(bandSolver(band));
  modules.set(band, module);
  return module;
}

export function createBanded(size: number, band: number): Banded {
  const step = rowStep(band);
  const capacity = wholeTiles(size);
  const rows = capacity * (step + 1);
  const { memory, call } = instantiate(moduleOf(band), SOLVE, (rows + capacity) * Float64Array.BYTES_PER_ELEMENT);
  return {
    size,
    band,
    step,
    rows: new Float64Array(memory, 0, rows),
    unknowns: new Float64Array(memory, rows * Float64Array.BYTES_PER_ELEMENT, capacity),
    kernel: call,
  };
}

/** Makes the first `size` rows zero. */
export const clearBanded = ({ rows, step }: Banded, size: number): void => void rows.fill(0, 0, size * (step + 1));

/**
 * Solves the first `size` equations: `unknowns` become the solution, and the matrix its Cholesky factor L (A = L Lᵀ) with
 * reciprocals on the diagonal. False if the matrix is not positive definite; both are spoilt then.
 */
export function solveBanded(matrix: Banded, size: number): boolean {
  const end = wholeTiles(size);
  for (let i = size; i < end; i++) setUnitRow(matrix, i);
  return matrix.kernel(end, matrix.unknowns.byteOffset) === 1;
}

/** x = 0: an equation that fills up the last tile of rows without touching those before it. */
function setUnitRow({ rows, step, band, unknowns }: Banded, i: number): void {
  const first = firstColumn(i - (i % ROWS_AT_ONCE), band);
  rows.fill(0, i * step + first, i * step + i);
  rows[i * step + i] = 1;
  unknowns[i] = 0;
}
