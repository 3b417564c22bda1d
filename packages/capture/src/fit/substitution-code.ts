import type { Variables } from './band-layout.ts';
import { NUMBER_BYTES, PAIR_BYTES, ROWS, rowOffset } from './band-layout.ts';
import type { Code } from './wasm-code.ts';
import { add, code, f64, f64x2, i32, whileTrue } from './wasm-code.ts';

/** The parts of the kernel that solve with four rows of L. */

/** Entry of the 4 × 4 triangle on the diagonal. */
const corner = (v: Variables, r: number, c: number): Code =>
  f64.load(i32.add(v.row.get, v.diagonal.get), rowOffset(v.step, r) + c * NUMBER_BYTES);

/** The unknown of one of the four rows. */
const unknownAddress = (v: Variables): Code => i32.add(v.unknowns.get, v.diagonal.get);
const unknown = (v: Variables, r: number): Code => f64.load(unknownAddress(v), r * NUMBER_BYTES);
const setUnknown = (v: Variables, r: number, value: Code): Code => f64.store(unknownAddress(v), value, r * NUMBER_BYTES);

/** Runs `body` for every pair of columns before the diagonal, `left` in the first of the rows and `right` in the unknowns. */
const alongColumns = (v: Variables, body: Code): Code =>
  code(
    v.left.set(i32.add(v.row.get, v.first.get)),
    v.right.set(i32.add(v.unknowns.get, v.first.get)),
    v.end.set(i32.add(v.row.get, v.diagonal.get)),
    whileTrue(i32.lessThan(v.left.get, v.end.get), code(body, add(v.left, i32.const(PAIR_BYTES)), add(v.right, i32.const(PAIR_BYTES)))),
  );

const entries = (v: Variables, r: number): Code => f64x2.load(v.left.get, rowOffset(v.step, r));

/** L y = b: y of four rows from those before them. */
export function forward(v: Variables): Code {
  const sums = ROWS.map((r) => v.sums[r][0]);
  const known = v.columns[0];
  const sumProducts = code(
    known.set(f64x2.load(v.right.get)),
    ...ROWS.map((r) => sums[r].set(f64x2.add(sums[r].get, f64x2.mul(entries(v, r), known.get)))),
  );
  const solveRow = (r: number): Code => {
    const before = f64.sub(unknown(v, r), f64.add(f64x2.low(sums[r].get), f64x2.high(sums[r].get)));
    const rest = ROWS.slice(0, r).reduce((sum, c) => f64.sub(sum, f64.mul(corner(v, r, c), unknown(v, c))), before);
    return setUnknown(v, r, f64.mul(rest, corner(v, r, r)));
  };
  return code(...sums.map((sum) => sum.set(f64x2.zero)), alongColumns(v, sumProducts), ...ROWS.map(solveRow));
}

/** Lᵀ x = y: x of four rows, which is then taken out of the rows before them. */
export function backward(v: Variables): Code {
  const solveRow = (r: number): Code => {
    const rest = ROWS.slice(r + 1).reduce((sum, c) => f64.sub(sum, f64.mul(corner(v, c, r), unknown(v, c))), unknown(v, r));
    return setUnknown(v, r, f64.mul(rest, corner(v, r, r)));
  };
  const products = ROWS.map((r) => f64x2.mul(entries(v, r), v.rows[r].get)).reduce(f64x2.add);
  return code(
    ...ROWS.toReversed().map(solveRow),
    ...ROWS.map((r) => v.rows[r].set(f64x2.loadTwice(unknownAddress(v), r * NUMBER_BYTES))),
    alongColumns(v, f64x2.store(v.right.get, f64x2.sub(f64x2.load(v.right.get), products))),
  );
}
