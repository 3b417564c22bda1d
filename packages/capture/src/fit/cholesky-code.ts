import type { Variables } from './band-layout.ts';
import { COLUMNS, NUMBER_BYTES, PAIR_BYTES, ROWS, rowOffset } from './band-layout.ts';
import type { Code, Local } from './wasm-code.ts';
import { add, code, f64, f64x2, i32, leave, when, whileTrue } from './wasm-code.ts';

/** The parts of the kernel that compute four rows of L. */

/** sums = Σ L(row, k) · L(column, k) over the columns k from the first to `upTo`. */
export function sumProducts(v: Variables, upTo: Local): Code {
  const addProduct = (r: number, c: number): Code => {
    const sum = v.sums[r][c];
    return sum.set(f64x2.add(sum.get, f64x2.mul(v.rows[r].get, v.columns[c].get)));
  };
  return code(
    ...v.sums.flat().map((sum) => sum.set(f64x2.zero)),
    v.left.set(i32.add(v.row.get, v.first.get)),
    v.right.set(i32.add(v.other.get, v.first.get)),
    v.end.set(i32.add(v.row.get, upTo.get)),
    whileTrue(
      i32.lessThan(v.left.get, v.end.get),
      code(
        ...COLUMNS.map((c) => v.columns[c].set(f64x2.load(v.right.get, rowOffset(v.step, c)))),
        ...ROWS.flatMap((r) => [v.rows[r].set(f64x2.load(v.left.get, rowOffset(v.step, r))), ...COLUMNS.map((c) => addProduct(r, c))]),
        add(v.left, i32.const(PAIR_BYTES)),
        add(v.right, i32.const(PAIR_BYTES)),
      ),
    ),
  );
}

/** Pairs of rows, as they are finished together. */
const ROW_PAIRS = [0, 2] as const;

/** A − sums of two rows: the left column into `columns[0]`, the right one into `columns[1]`. */
function subtractSums(v: Variables, address: Code, row: number): Code {
  const [upper, lower] = v.rows;
  const wholeSums = (c: number): Code => {
    const [a, b] = [v.sums[row][c].get, v.sums[row + 1][c].get];
    return f64x2.add(f64x2.lows(a, b), f64x2.highs(a, b));
  };
  return code(
    upper.set(f64x2.load(address, rowOffset(v.step, row))),
    lower.set(f64x2.load(address, rowOffset(v.step, row + 1))),
    v.columns[0].set(f64x2.sub(f64x2.lows(upper.get, lower.get), wholeSums(0))),
    v.columns[1].set(f64x2.sub(f64x2.highs(upper.get, lower.get), wholeSums(1))),
  );
}

/** Stores `columns`, two rows of two columns each. */
function storePair(v: Variables, address: Code, row: number): Code {
  const [left, right] = v.columns;
  return code(
    f64x2.store(address, f64x2.lows(left.get, right.get), rowOffset(v.step, row)),
    f64x2.store(address, f64x2.highs(left.get, right.get), rowOffset(v.step, row + 1)),
  );
}

/** L of four rows at two columns, whose own rows are done: x₀ = s₀ / l₀₀, x₁ = (s₁ − x₀ l₁₀) / l₁₁. */
export function solvePair(v: Variables): Code {
  const address = i32.add(v.row.get, v.column.get);
  const [left, right] = v.columns;
  const known = (r: number, c: number): Code =>
    f64x2.loadTwice(i32.add(v.other.get, v.column.get), rowOffset(v.step, r) + c * NUMBER_BYTES);
  return code(
    ...ROW_PAIRS.map((row) =>
      code(
        subtractSums(v, address, row),
        left.set(f64x2.mul(left.get, known(0, 0))),
        right.set(f64x2.mul(f64x2.sub(right.get, f64x2.mul(left.get, known(1, 0))), known(1, 1))),
        storePair(v, address, row),
      ),
    ),
  );
}

/** Takes from the four diagonal columns what the columns before them contribute. Above the diagonal are numbers that nobody reads. */
export function subtractDiagonal(v: Variables): Code {
  return code(
    ...ROW_PAIRS.map((column) => {
      const address = i32.add(i32.add(v.row.get, v.diagonal.get), i32.const(column * NUMBER_BYTES));
      return code(
        v.other.set(i32.add(v.row.get, i32.const(rowOffset(v.step, column)))),
        sumProducts(v, v.diagonal),
        ...ROW_PAIRS.map((row) => code(subtractSums(v, address, row), storePair(v, address, row))),
      );
    }),
  );
}

/** Cholesky factor of the 4 × 4 triangle on the diagonal, column by column, 1 / lᵢᵢ on the diagonal itself; leaves the kernel if it is not positive definite. */
export function factoriseCorner(v: Variables): Code {
  const corner = v.left;
  const offset = (r: number, c: number): number => rowOffset(v.step, r) + c * NUMBER_BYTES;
  const entry = (r: number, c: number): Code => f64.load(corner.get, offset(r, c));
  const rest = (r: number, c: number): Code =>
    ROWS.slice(0, c).reduce((sum, k) => f64.sub(sum, f64.mul(entry(r, k), entry(c, k))), entry(r, c));
  const isPositive = f64.greaterThan(v.pivot.get, f64.zero);
  return code(
    corner.set(i32.add(v.row.get, v.diagonal.get)),
    ...ROWS.map((c) =>
      code(
        v.pivot.set(rest(c, c)),
        when(i32.lessThan(isPositive, i32.const(1)), leave(i32.const(0))),
        v.pivot.set(f64.div(f64.one, f64.sqrt(v.pivot.get))),
        f64.store(corner.get, v.pivot.get, offset(c, c)),
        ...ROWS.slice(c + 1).map((r) => f64.store(corner.get, f64.mul(rest(r, c), v.pivot.get), offset(r, c))),
      ),
    ),
  );
}
