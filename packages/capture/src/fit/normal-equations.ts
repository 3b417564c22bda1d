import { rowStep } from './band-layout.ts';
import type { Banded } from './banded.ts';
import { clearBanded, createBanded, solveBanded } from './banded.ts';
import { DOFS } from './body-model.ts';

/**
 * H δ = −g of a window of frames, `DOFS` unknowns each. Frames couple at most with the next but one (acceleration), and then
 * only within a degree of freedom, so the half bandwidth is exactly 2 · DOFS.
 */
export interface NormalEquations {
  readonly matrix: Banded;
  readonly gradient: Float64Array;
  /** δ after `solveDamped`. */
  readonly step: Float64Array;
}

const BAND = 2 * DOFS;
/** Entry (i, j) of the lower triangle, i ≥ j, is number i · ROW_STEP + j. */
export const ROW_STEP = rowStep(BAND);

export function createNormalEquations(frames: number): NormalEquations {
  const size = frames * DOFS;
  const matrix = createBanded(size, BAND);
  return { matrix, gradient: new Float64Array(size), step: matrix.unknowns };
}

/** Makes the equations of the first `frames` zero. */
export function clearEquations(n: NormalEquations, frames: number): void {
  clearBanded(n.matrix, frames * DOFS);
  n.gradient.fill(0, 0, frames * DOFS);
}

/** Adds `value` at (i, j) of the lower triangle, i ≥ j, i − j ≤ BAND. */
export const addAt = (n: NormalEquations, i: number, j: number, value: number): void => {
  n.matrix.rows[i * ROW_STEP + j] += value;
};

/** Solves with the diagonal raised by its `damping`-th part; false if the matrix is not positive definite even so. Spoils the matrix. */
export function solveDamped(n: NormalEquations, frames: number, damping: number): boolean {
  const size = frames * DOFS;
  const { rows } = n.matrix;
  for (let i = 0; i < size; i++) {
    rows[i * ROW_STEP + i] += damping * rows[i * ROW_STEP + i] + 1e-6;
    n.step[i] = -n.gradient[i];
  }
  return solveBanded(n.matrix, size);
}
