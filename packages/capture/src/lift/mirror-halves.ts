import type { Matrix } from './dense-layer.ts';
import type { MirrorMap } from './mirror-inputs.ts';

/**
 * The part of a vector that a mirror leaves as it is, or the part that it turns round: value n is (x[first[n]] + sign[n] · x[second[n]]) / 2.
 * Both together are the vector, so that a linear map of it and of its mirror image costs one map instead of two: they are the sum
 * and the difference of what it makes of the halves.
 */
export interface MirrorHalf {
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly sign: Float32Array;
}

export interface MirrorHalves {
  readonly same: MirrorHalf;
  readonly turned: MirrorHalf;
}

export const mirrorHalves = (map: MirrorMap): MirrorHalves => ({ same: halfOf(map, 1), turned: halfOf(map, -1) });

function halfOf({ from, sign }: MirrorMap, turn: number): MirrorHalf {
  const kept = [...from.keys()].filter((i) => i < from[i] || (i === from[i] && sign[i] === turn));
  return {
    first: Int32Array.from(kept),
    second: Int32Array.from(kept, (i) => from[i]),
    sign: Float32Array.from(kept, (i) => turn * sign[i]),
  };
}

/** Writes the half of `values` to `out` from `start` on. */
export function takeHalf(out: Float32Array, start: number, values: Float32Array, { first, second, sign }: MirrorHalf): void {
  for (let n = 0; n < first.length; n++) out[start + n] = (values[first[n]] + sign[n] * values[second[n]]) / 2;
}

/** Adds a half, read from `start` on, to the whole vector. */
export function addHalf(out: Float32Array, values: Float32Array, start: number, { first, second, sign }: MirrorHalf): void {
  for (let n = 0; n < first.length; n++) {
    const value = values[start + n];
    out[first[n]] += value;
    if (second[n] !== first[n]) out[second[n]] += sign[n] * value;
  }
}

/** The matrix that does to the half what `matrix` does to the whole vector. It may be narrower than the vector, whose rest it does not read then. */
export function foldColumns(matrix: Matrix, { first, second, sign }: MirrorHalf): Matrix {
  const columns = first.findIndex((i) => i >= matrix.columns);
  const kept = columns < 0 ? first.length : columns;
  const values = new Float32Array(matrix.rows * kept);
  for (let row = 0; row < matrix.rows; row++) {
    const start = row * matrix.columns;
    for (let n = 0; n < kept; n++) {
      const own = matrix.values[start + first[n]];
      values[row * kept + n] = second[n] === first[n] ? own : own + sign[n] * matrix.values[start + second[n]];
    }
  }
  return { rows: matrix.rows, columns: kept, values };
}

/** The matrix that gives only the half of what `matrix` gives. */
export function foldRows(matrix: Matrix, { first, second, sign }: MirrorHalf): Matrix {
  const { columns } = matrix;
  const values = new Float32Array(first.length * columns);
  for (let n = 0; n < first.length; n++) {
    for (let c = 0; c < columns; c++) {
      values[n * columns + c] = (matrix.values[first[n] * columns + c] + sign[n] * matrix.values[second[n] * columns + c]) / 2;
    }
  }
  return { rows: first.length, columns, values };
}
