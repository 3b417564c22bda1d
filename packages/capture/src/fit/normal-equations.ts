import type { Banded } from './banded.ts';
import { clearBanded, createBanded, factorise, solveFactorised } from './banded.ts';
import { DOFS } from './body-model.ts';
import { rowStep } from './cholesky-kernel.ts';

/**
 * H δ = −g of a window of frames, `DOFS` unknowns each. Frames couple at most with the next but one (acceleration), and then
 * only within a degree of freedom, so the half bandwidth is exactly 2 · DOFS.
 */
export interface NormalEquations {
  readonly matrix: Banded;
  readonly gradient: Float64Array;
  readonly step: Float64Array;
}

const BAND = 2 * DOFS;
/** Entry (i, j) of the lower triangle, i ≥ j, is number i · ROW_STEP + j. */
export const ROW_STEP = rowStep(BAND);

export function createNormalEquations(frames: number): NormalEquations {
  const size = frames * DOFS;
  return {
    matrix: createBanded(size, BAND),
    gradient: new Float64Array(size),
    step: new Float64Array(size),
  };
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

export function solveDamped(n: NormalEquations, frames: number, damping: number): boolean {
  const size = frames * DOFS;
  const { rows } = n.matrix;
  for (let i = 0; i < size; i++) {
    rows[i * ROW_STEP + i] += damping * rows[i * ROW_STEP + i] + 1e-6;
    n.step[i] = -n.gradient[i];
  }
  if (!factorise(n.matrix, size)) return false;
  solveFactorised(n.matrix, size, n.step);
  return true;
}
