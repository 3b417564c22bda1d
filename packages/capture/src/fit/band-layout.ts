import type { Local, Locals } from './wasm-code.ts';

/** Rows and columns of the factor that the kernel works on at a time. */
export const ROWS_AT_ONCE = 4;
export const COLUMNS_AT_ONCE = 2;
export const NUMBER_BYTES = 8;
export const PAIR_BYTES = 2 * NUMBER_BYTES;

export const ROWS = [0, 1, 2, 3] as const;
export const COLUMNS = [0, 1] as const;

/** First column that four rows from `row` on (a multiple of four) are computed from: the leftmost of the band, in whole pairs. */
export const firstColumn = (row: number, band: number): number => Math.max(0, row - bandInPairs(band));

export const bandInPairs = (band: number): number => band + (band % COLUMNS_AT_ONCE);

/** Distance between the beginnings of two rows: four rows, from their first column to the diagonal of the last, do not overlap. */
export const rowStep = (band: number): number => bandInPairs(band) + ROWS_AT_ONCE;

/** Distance in bytes of a row from the first of four. */
export const rowOffset = (step: number, row: number): number => row * step * NUMBER_BYTES;

/** The variables of the kernel. Columns are counted in bytes; an entry is at its row's address + its column. */
export interface Variables {
  readonly step: number;
  /** Address of the right-hand side, and then of the solution. */
  readonly unknowns: Local;
  /** Address of the first of four rows, and column of its diagonal entry. */
  readonly row: Local;
  readonly diagonal: Local;
  /** First column that is not zero. */
  readonly first: Local;
  /** Address of the row that belongs to the left one of two columns, and the column. */
  readonly other: Local;
  readonly column: Local;
  /** Cursors of the sums. */
  readonly left: Local;
  readonly right: Local;
  readonly end: Local;
  /** Sum of each row and column, in two halves. */
  readonly sums: readonly (readonly Local[])[];
  readonly rows: readonly Local[];
  readonly columns: readonly Local[];
  readonly pivot: Local;
}

export function declareVariables(locals: Locals, step: number, unknowns: Local): Variables {
  const number = (): Local => locals.declare('i32');
  const pair = (): Local => locals.declare('f64x2');
  return {
    step,
    unknowns,
    row: number(),
    diagonal: number(),
    first: number(),
    other: number(),
    column: number(),
    left: number(),
    right: number(),
    end: number(),
    sums: ROWS.map(() => COLUMNS.map(pair)),
    rows: ROWS.map(pair),
    columns: COLUMNS.map(pair),
    pivot: locals.declare('f64'),
  };
}
