import type { Banded } from './banded.ts';
import { createBanded, factorise, solveFactorised } from './banded.ts';
import { DOFS } from './body-model.ts';

/**
 * H δ = −g of a window of frames, `DOFS` unknowns each. Frames couple at most with the next but one (acceleration), and then
 * only within a degree of freedom, so the half bandwidth is exactly 2 · DOFS.
 */
export interface NormalEquations {
  readonly matrix: Banded;
  readonly gradient: Float64Array;
  readonly step: Float64Array;
}

export const BAND = 2 * DOFS;

export function createNormalEquations(frames: number): NormalEquations {
  const size = frames * DOFS;
  return {
    matrix: createBanded(size, BAND),
    gradient: new Float64Array(size),
    step: new Float64Array(size),
  };
}

export function clearEquations(n: NormalEquations): void {
  n.matrix.rows.fill(0);
  n.gradient.fill(0);
}

/** Adds `value` at (i, j) of the lower triangle, i ≥ j, i − j ≤ BAND. */
export const addAt = (n: NormalEquations, i: number, j: number, value: number): void => {
  n.matrix.rows[i * (BAND + 1) + BAND - i + j] += value;
};

export function solveDamped(n: NormalEquations, frames: number, damping: number): boolean {
  const size = frames * DOFS;
  for (let i = 0; i < size; i++) {
    n.matrix.rows[i * (BAND + 1) + BAND] += damping * n.matrix.rows[i * (BAND + 1) + BAND] + 1e-6;
    n.step[i] = -n.gradient[i];
  }
  if (!factorise(n.matrix, size)) return false;
  solveFactorised(n.matrix, size, n.step);
  return true;
}
