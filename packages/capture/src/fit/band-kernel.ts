import type { Variables } from './band-layout.ts';
import {
  bandInPairs,
  COLUMNS_AT_ONCE,
  declareVariables,
  NUMBER_BYTES,
  PAIR_BYTES,
  ROWS_AT_ONCE,
  rowOffset,
  rowStep,
} from './band-layout.ts';
import { factoriseCorner, solvePair, subtractDiagonal, sumProducts } from './cholesky-code.ts';
import { backward, forward } from './substitution-code.ts';
import type { Code } from './wasm-code.ts';
import { add, code, doWhile, i32, moduleBytes, when, whileTrue } from './wasm-code.ts';

/** Name of the kernel's function. */
export const SOLVE = 'solve';

/**
 * Solves A x = b for a band matrix by Cholesky's factorisation, A = L Lᵀ, four rows and two columns of L at a time (Golub & Van
 * Loan, "Matrix Computations", 4.3.5). Eight sums of products, two products each, share six loads: that keeps the arithmetic busy
 * and not the memory, and is four times as fast as the same loops in JavaScript. L y = b is solved on the way, while the rows are
 * at hand, and Lᵀ x = y on the way back.
 *
 * The matrix begins at address 0; entry (i, j) is number i · step + j, so that the rows of a full matrix overlap (see banded.ts).
 *
 * `solve(size, unknowns)` replaces the lower triangle of the first `size` rows, a multiple of four, by L, and the right-hand side
 * at address `unknowns` by the solution. The diagonal of L is kept as reciprocals: divisions are what the sums would wait for.
 * Returns 1, or 0 if the matrix is not positive definite.
 */
export const bandSolver = (band: number): Uint8Array<ArrayBuffer> =>
  moduleBytes({
    name: SOLVE,
    parameters: ['i32', 'i32'],
    result: 'i32',
    body: ([size, unknowns], locals) => {
      const v = declareVariables(locals, rowStep(band), unknowns);
      const setFirst = findFirst(v, band);
      const sizeBytes = i32.mul(size.get, i32.const(NUMBER_BYTES));
      return code(
        doWhile(code(setFirst, factoriseRows(v), forward(v), move(v, ROWS_AT_ONCE)), i32.lessThan(v.diagonal.get, sizeBytes)),
        doWhile(code(move(v, -ROWS_AT_ONCE), setFirst, backward(v)), i32.lessThan(i32.const(0), v.diagonal.get)),
        i32.const(1),
      );
    },
  });

/** Goes on by some rows, or back. */
const move = (v: Variables, rows: number): Code =>
  code(add(v.row, i32.const(rowOffset(v.step, rows))), add(v.diagonal, i32.const(rows * NUMBER_BYTES)));

function findFirst(v: Variables, band: number): Code {
  const reach = i32.const(bandInPairs(band) * NUMBER_BYTES);
  return code(v.first.set(i32.const(0)), when(i32.lessThan(reach, v.diagonal.get), v.first.set(i32.sub(v.diagonal.get, reach))));
}

/** Four rows of L, those before them being done. */
function factoriseRows(v: Variables): Code {
  return code(
    v.column.set(v.first.get),
    v.other.set(i32.mul(v.first.get, i32.const(v.step))),
    whileTrue(
      i32.lessThan(v.column.get, v.diagonal.get),
      code(
        sumProducts(v, v.column),
        solvePair(v),
        add(v.column, i32.const(PAIR_BYTES)),
        add(v.other, i32.const(rowOffset(v.step, COLUMNS_AT_ONCE))),
      ),
    ),
    subtractDiagonal(v),
    factoriseCorner(v),
  );
}
