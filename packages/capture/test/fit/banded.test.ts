import { describe, expect, it } from 'vitest';
import type { Banded } from '../../src/fit/banded.ts';
import { createBanded, factorise, solveFactorised } from '../../src/fit/banded.ts';
import { solveDense } from '../../src/fit/clip-variables.ts';
import { normals } from '../solve/synthetic.ts';

const SIZE = 40;
const BAND = 7;

/** A random band matrix, diagonally dominant and so positive definite, in both storages. */
function randomMatrix(seed: number): { banded: Banded; dense: Float64Array } {
  const next = normals(seed);
  const banded = createBanded(SIZE, BAND);
  const dense = new Float64Array(SIZE * SIZE);
  for (let i = 0; i < SIZE; i++) {
    for (let j = Math.max(0, i - BAND); j <= i; j++) {
      const value = i === j ? 4 * BAND + Math.abs(next()) : next();
      banded.rows[i * (BAND + 1) + BAND - i + j] = value;
      dense[i * SIZE + j] = value;
      dense[j * SIZE + i] = value;
    }
  }
  return { banded, dense };
}

describe('banded Cholesky', () => {
  it.each([1, 2, 3])('solves what dense elimination solves (seed %i)', (seed) => {
    const { banded, dense } = randomMatrix(seed);
    const next = normals(seed + 100);
    const rhs = Float64Array.from({ length: SIZE }, next);
    const expected = solveDense(dense, rhs);
    expect(factorise(banded, SIZE)).toBe(true);
    const x = rhs.slice();
    solveFactorised(banded, SIZE, x);
    for (let i = 0; i < SIZE; i++) expect(x[i]).toBeCloseTo(expected[i], 10);
  });

  it('says so when a matrix is not positive definite', () => {
    const { banded } = randomMatrix(4);
    banded.rows[20 * (BAND + 1) + BAND] = -1;
    expect(factorise(banded, SIZE)).toBe(false);
  });
});
