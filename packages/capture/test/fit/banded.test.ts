import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Banded } from '../../src/fit/banded.ts';
import { clearBanded, createBanded, solveBanded } from '../../src/fit/banded.ts';
import { normals } from '../solve/synthetic.ts';

interface Shape {
  readonly size: number;
  readonly band: number;
  readonly seed: number;
}

/** Sizes around the kernel's tiles of four rows and two columns, bands from none to wider than the matrix. */
const shapes: fc.Arbitrary<Shape> = fc.record({
  size: fc.integer({ min: 1, max: 45 }),
  band: fc.integer({ min: 0, max: 50 }),
  seed: fc.integer({ min: 1, max: 1e6 }),
});

/** A = B Bᵀ of a random lower band matrix B with a diagonal away from zero: positive definite, not diagonally dominant. */
function randomPositive({ size, band, seed }: Shape): Float64Array {
  const next = normals(seed);
  const b = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = Math.max(0, i - band); j < i; j++) b[i * size + j] = next() / Math.sqrt(band);
    b[i * size + i] = 0.5 + Math.abs(next());
  }
  return timesTranspose(b, size);
}

function timesTranspose(b: Float64Array, size: number): Float64Array {
  const out = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) for (let k = 0; k < size; k++) out[i * size + j] += b[i * size + k] * b[j * size + k];
  }
  return out;
}

/** The first `size` rows of a band matrix, full. */
function filled(dense: Float64Array, { size, band }: Shape, capacity = size): Banded {
  const matrix = createBanded(capacity, band);
  fill(matrix, dense, size);
  return matrix;
}

function fill({ rows, step, band }: Banded, dense: Float64Array, size: number): void {
  for (let i = 0; i < size; i++) for (let j = Math.max(0, i - band); j <= i; j++) rows[i * step + j] = dense[i * size + j];
}

/** L of the first rows after a solve, of whose diagonal the matrix holds the reciprocals. */
function factor({ rows, step, band }: Banded, size: number): Float64Array {
  const out = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = Math.max(0, i - band); j < i; j++) out[i * size + j] = rows[i * step + j];
    out[i * size + i] = 1 / rows[i * step + i];
  }
  return out;
}

/** The textbook's algorithm, one sum at a time: what the kernel must agree with. */
function textbookFactor(dense: Float64Array, size: number): Float64Array | undefined {
  const l = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = dense[i * size + j];
      for (let k = 0; k < j; k++) sum -= l[i * size + k] * l[j * size + k];
      if (i === j && !(sum > 0)) return undefined;
      l[i * size + j] = i === j ? Math.sqrt(sum) : sum / l[j * size + j];
    }
  }
  return l;
}

const worstDifference = (a: Float64Array, b: Float64Array): number =>
  a.reduce((worst, value, i) => Math.max(worst, Math.abs(value - b[i])), 0);

describe('banded Cholesky', () => {
  it('L Lᵀ is the matrix', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const dense = randomPositive(shape);
        const matrix = filled(dense, shape);
        expect(solveBanded(matrix, shape.size)).toBe(true);
        expect(worstDifference(timesTranspose(factor(matrix, shape.size), shape.size), dense)).toBeLessThan(1e-12);
      }),
    );
  });

  it('is the factor of the textbook', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const dense = randomPositive(shape);
        const matrix = filled(dense, shape);
        solveBanded(matrix, shape.size);
        const expected = textbookFactor(dense, shape.size) ?? new Float64Array();
        expect(worstDifference(factor(matrix, shape.size), expected)).toBeLessThan(1e-9);
      }),
    );
  });

  it('solves the equations', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const { size } = shape;
        const dense = randomPositive(shape);
        const matrix = filled(dense, shape);
        const rhs = Float64Array.from({ length: size }, normals(shape.seed + 1));
        matrix.unknowns.set(rhs);
        expect(solveBanded(matrix, size)).toBe(true);
        const x = matrix.unknowns.slice(0, size);
        const product = rhs.map((_, i) => x.reduce((sum, value, j) => sum + dense[i * size + j] * value, 0));
        const scale = 1 + x.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
        expect(worstDifference(product, rhs) / scale).toBeLessThan(1e-11);
      }),
    );
  });

  it('factorises the first rows of a larger matrix, again and again, whatever lay there before', () => {
    fc.assert(
      fc.property(shapes, fc.integer({ min: 1, max: 45 }), (shape, size) => {
        const matrix = filled(randomPositive(shape), shape, 45);
        solveBanded(matrix, shape.size);
        const smaller = { ...shape, size };
        const dense = randomPositive(smaller);
        clearBanded(matrix, size);
        fill(matrix, dense, size);
        expect(solveBanded(matrix, size)).toBe(true);
        expect(worstDifference(timesTranspose(factor(matrix, size), size), dense)).toBeLessThan(1e-12);
      }),
    );
  });

  it('says so when a matrix is not positive definite, wherever that shows', () => {
    fc.assert(
      fc.property(shapes, fc.nat(), fc.constantFrom(-1, 0, Number.NaN), (shape, where, value) => {
        const dense = randomPositive(shape);
        dense[(where % shape.size) * (shape.size + 1)] = value;
        expect(solveBanded(filled(dense, shape), shape.size)).toBe(false);
      }),
    );
  });

  it('says so when only the factor shows it', () => {
    const shape = { size: 6, band: 3, seed: 1 };
    const dense = randomPositive(shape);
    const l = textbookFactor(dense, shape.size) ?? new Float64Array();
    dense[4 * 7] -= 1.01 * l[4 * 7] ** 2;
    expect(dense[4 * 7]).toBeGreaterThan(0);
    expect(solveBanded(filled(dense, shape), shape.size)).toBe(false);
  });

  it('gives every matrix memory of its own', () => {
    const shape = { size: 9, band: 4, seed: 5 };
    const dense = randomPositive(shape);
    const [first, second] = [filled(dense, shape), filled(dense, shape)];
    solveBanded(first, shape.size);
    expect(factor(second, shape.size)).toEqual(factor(filled(dense, shape), shape.size));
  });
});
