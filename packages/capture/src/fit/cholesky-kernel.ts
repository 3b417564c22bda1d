import type { Code, Local, Locals } from './wasm-code.ts';
import { add, code, doWhile, f64, f64x2, i32, leave, moduleBytes, when, whileTrue } from './wasm-code.ts';

/**
 * Cholesky factorisation of a band matrix, A = L Lᵀ, four rows and two columns of L at a time (Golub & Van Loan, "Matrix
 * Computations", 4.3.5). Eight sums of products, two products each, share six loads: that keeps the arithmetic busy and not the
 * memory, and is 3 times as fast as the same loops in JavaScript.
 *
 * The matrix begins at address 0; entry (i, j) is number i · step + j, so that the rows of a full matrix overlap (see banded.ts).
 */
export const ROWS_AT_ONCE = 4;
const COLUMNS_AT_ONCE = 2;
const NUMBER_BYTES = 8;
const PAIR_BYTES = 2 * NUMBER_BYTES;

/** First column that four rows from `row` on (a multiple of four) are computed from: the leftmost of the band, in whole pairs. */
export const firstColumn = (row: number, band: number): number => Math.max(0, row - bandInPairs(band));

const bandInPairs = (band: number): number => band + (band % COLUMNS_AT_ONCE);

/** Distance between the beginnings of two rows: four rows, from their first column to the diagonal of the last, do not overlap. */
export const rowStep = (band: number): number => bandInPairs(band) + ROWS_AT_ONCE;

/** The variables of the kernel. Columns are counted in bytes; an entry is at its row's address + its column. */
interface Variables {
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
  /** `ROWS_AT_ONCE × COLUMNS_AT_ONCE` sums of two halves each. */
  readonly sums: readonly Local[];
  readonly rows: readonly Local[];
  readonly columns: readonly Local[];
}

function declareVariables(locals: Locals): Variables {
  const number = (): Local => locals.declare('i32');
  const pairs = (count: number): Local[] => Array.from({ length: count }, () => locals.declare('f64x2'));
  return {
    row: number(),
    diagonal: number(),
    first: number(),
    other: number(),
    column: number(),
    left: number(),
    right: number(),
    end: number(),
    sums: pairs(ROWS_AT_ONCE * COLUMNS_AT_ONCE),
    rows: pairs(ROWS_AT_ONCE),
    columns: pairs(COLUMNS_AT_ONCE),
  };
}

const ROWS = [0, 1, 2, 3] as const;
const COLUMNS = [0, 1] as const;

/** Name of the kernel's function. */
export const FACTORISE = 'factorise';

/** `factorise(size)`: replaces the lower triangle of the first `size` rows, a multiple of four, by L; 0 if there is none, else 1. */
export const choleskyModule = (band: number): Uint8Array<ArrayBuffer> =>
  moduleBytes({
    name: FACTORISE,
    parameters: ['i32'],
    result: 'i32',
    body: ([size], locals) => {
      const step = rowStep(band);
      const v = declareVariables(locals);
      const reach = i32.const(bandInPairs(band) * NUMBER_BYTES);
      const fourRows = code(
        v.first.set(i32.const(0)),
        when(i32.lessThan(reach, v.diagonal.get), v.first.set(i32.sub(v.diagonal.get, reach))),
        v.column.set(v.first.get),
        v.other.set(i32.mul(v.first.get, i32.const(step))),
        whileTrue(
          i32.lessThan(v.column.get, v.diagonal.get),
          code(sumProducts(v, step, v.column), solvePair(v, step), add(v.column, i32.const(PAIR_BYTES)), add(v.other, skip(step, 2))),
        ),
        subtractDiagonal(v, step),
        factoriseCorner(v, step, locals),
        add(v.row, skip(step, ROWS_AT_ONCE)),
        add(v.diagonal, i32.const(ROWS_AT_ONCE * NUMBER_BYTES)),
      );
      const more = i32.lessThan(v.diagonal.get, i32.mul(size.get, i32.const(NUMBER_BYTES)));
      return code(doWhile(fourRows, more), i32.const(1));
    },
  });

const rowOffset = (step: number, row: number): number => row * step * NUMBER_BYTES;
const skip = (step: number, rows: number): Code => i32.const(rowOffset(step, rows));
const sumAt = (v: Variables, row: number, column: number): Local => v.sums[row * COLUMNS_AT_ONCE + column];

/** sums = Σ L(row, k) · L(column, k) over the columns k from the first to `upTo`. */
function sumProducts(v: Variables, step: number, upTo: Local): Code {
  const load = (into: Local, cursor: Local, row: number): Code => into.set(f64x2.load(cursor.get, rowOffset(step, row)));
  const product = (row: number, column: number): Code => {
    const sum = sumAt(v, row, column);
    return sum.set(f64x2.add(sum.get, f64x2.mul(v.rows[row].get, v.columns[column].get)));
  };
  return code(
    ...v.sums.map((sum) => sum.set(f64x2.zero)),
    v.left.set(i32.add(v.row.get, v.first.get)),
    v.right.set(i32.add(v.other.get, v.first.get)),
    v.end.set(i32.add(v.row.get, upTo.get)),
    whileTrue(
      i32.lessThan(v.left.get, v.end.get),
      code(
        ...COLUMNS.map((c) => load(v.columns[c], v.right, c)),
        ...ROWS.flatMap((r) => [load(v.rows[r], v.left, r), ...COLUMNS.map((c) => product(r, c))]),
        add(v.left, i32.const(PAIR_BYTES)),
        add(v.right, i32.const(PAIR_BYTES)),
      ),
    ),
  );
}

/** Both halves of the sums of a column, of two rows at once. */
function wholeSums(v: Variables, row: number, column: number): Code {
  const [a, b] = [sumAt(v, row, column).get, sumAt(v, row + 1, column).get];
  return f64x2.add(f64x2.lows(a, b), f64x2.highs(a, b));
}

/** Stores `left` and `right`, a column of two rows each, from `row` on. */
function storeRows(address: Code, step: number, row: number, left: Local, right: Local): Code {
  return code(
    f64x2.store(address, f64x2.lows(left.get, right.get), rowOffset(step, row)),
    f64x2.store(address, f64x2.highs(left.get, right.get), rowOffset(step, row + 1)),
  );
}

/** A − sums of two rows: the left column into `columns[0]`, the right one into `columns[1]`. */
function differences(v: Variables, step: number, address: Code, row: number): Code {
  return code(
    v.rows[0].set(f64x2.load(address, rowOffset(step, row))),
    v.rows[1].set(f64x2.load(address, rowOffset(step, row + 1))),
    v.columns[0].set(f64x2.sub(f64x2.lows(v.rows[0].get, v.rows[1].get), wholeSums(v, row, 0))),
    v.columns[1].set(f64x2.sub(f64x2.highs(v.rows[0].get, v.rows[1].get), wholeSums(v, row, 1))),
  );
}

/** L of four rows at two columns, whose own rows are done: x₀ = s₀ / l₀₀, x₁ = (s₁ − x₀ l₁₀) / l₁₁. */
function solvePair(v: Variables, step: number): Code {
  const address = i32.add(v.row.get, v.column.get);
  const known = (row: number, column: number): Code =>
    f64x2.loadTwice(i32.add(v.other.get, v.column.get), rowOffset(step, row) + column * NUMBER_BYTES);
  const [left, right] = v.columns;
  return code(
    ...[0, 2].map((row) =>
      code(
        differences(v, step, address, row),
        left.set(f64x2.div(left.get, known(0, 0))),
        right.set(f64x2.div(f64x2.sub(right.get, f64x2.mul(left.get, known(1, 0))), known(1, 1))),
        storeRows(address, step, row, left, right),
      ),
    ),
  );
}

/** Takes from the four diagonal columns what the columns before them contribute. The upper triangle gets numbers that nobody reads. */
function subtractDiagonal(v: Variables, step: number): Code {
  const [left, right] = v.columns;
  return code(
    ...[0, 2].map((column) => {
      const address = i32.add(i32.add(v.row.get, v.diagonal.get), i32.const(column * NUMBER_BYTES));
      return code(
        v.other.set(i32.add(v.row.get, skip(step, column))),
        sumProducts(v, step, v.diagonal),
        ...[0, 2].map((row) => code(differences(v, step, address, row), storeRows(address, step, row, left, right))),
      );
    }),
  );
}

/** Cholesky factor of the 4 × 4 triangle on the diagonal, column by column; leaves the kernel if it is not positive definite. */
function factoriseCorner(v: Variables, step: number, locals: Locals): Code {
  const corner = v.left;
  const entries = ROWS.map((r) => ROWS.slice(0, r + 1).map(() => locals.declare('f64')));
  const offset = (row: number, column: number): number => rowOffset(step, row) + column * NUMBER_BYTES;
  const rest = (row: number, column: number): Code =>
    ROWS.slice(0, column).reduce<Code>(
      (sum, k) => f64.sub(sum, f64.mul(entries[row][k].get, entries[column][k].get)),
      f64.load(corner.get, offset(row, column)),
    );
  const finish = (row: number, column: number, value: Code): Code =>
    code(entries[row][column].set(value), f64.store(corner.get, entries[row][column].get, offset(row, column)));
  return code(
    corner.set(i32.add(v.row.get, v.diagonal.get)),
    ...ROWS.map((c) => {
      const pivot = entries[c][c];
      return code(
        pivot.set(rest(c, c)),
        when(i32.lessThan(f64.greaterThan(pivot.get, f64.zero), i32.const(1)), leave(i32.const(0))),
        finish(c, c, f64.sqrt(pivot.get)),
        ...ROWS.slice(c + 1).map((r) => finish(r, c, f64.div(rest(r, c), pivot.get))),
      );
    }),
  );
}
