import type { Code, Local, Locals } from '../fit/wasm-code.ts';
import { add, code, doWhile, f32x4, i32, moduleBytes } from '../fit/wasm-code.ts';

/** Name of the kernel's function. */
export const DENSE = 'dense';
/** What a tile of the kernel holds; rows, outputs and inputs are filled up to multiples of these. */
export const ROWS_AT_ONCE = 4;
export const OUTPUTS_AT_ONCE = 8;
export const INPUTS_AT_ONCE = 4;

const NUMBER_BYTES = 4;
const VECTOR_BYTES = 16;
/** Of one input: a weight for each output of the tile. */
const PANEL_ROW_BYTES = OUTPUTS_AT_ONCE * NUMBER_BYTES;

const ROWS = [0, 1, 2, 3] as const;
const VECTORS = [0, 1] as const;
const STEPS = [0, 1, 2, 3] as const;

/**
 * A layer of a network on many rows at once: output = max(least, bias + input · weightsᵀ), in single precision. Four rows by eight
 * outputs are summed together, so that a number that is fetched is used many times; a row's sums are the same whatever its neighbours are.
 *
 * `dense(input, inputBytes, rows, weights, inputs, output, outputBytes, outputs, least)`: addresses, the bytes from one row to the
 * next, and counts that are multiples of the tile. Weights lie in panels of eight outputs (see `packLayer`).
 */
export const denseKernel = (): Uint8Array<ArrayBuffer> =>
  moduleBytes({
    name: DENSE,
    parameters: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'f32'],
    body: ([input, inputBytes, rows, weights, inputs, output, outputBytes, outputs, least], locals) => {
      const [lastOutput, lastRow, row, place, end] = Array.from({ length: 5 }, () => locals.declare('i32'));
      const tile = declareTile(locals);
      const floor = locals.declare('f32x4');
      const inputsBytes = i32.mul(inputs.get, i32.const(NUMBER_BYTES));
      const oneTile = code(
        tile.panel.set(weights.get),
        startSums(tile),
        setRows(tile.at, row.get, inputBytes),
        end.set(i32.add(row.get, inputsBytes)),
        doWhile(addProducts(tile), i32.lessThan(tile.at[0].get, end.get)),
        setRows(tile.at, place.get, outputBytes),
        storeSums(tile, floor),
      );
      const onePanel = code(
        row.set(input.get),
        place.set(output.get),
        lastRow.set(i32.add(output.get, i32.mul(rows.get, outputBytes.get))),
        doWhile(code(oneTile, skipRows(row, inputBytes), skipRows(place, outputBytes)), i32.lessThan(place.get, lastRow.get)),
        weights.set(tile.panel.get),
        add(output, i32.const(PANEL_ROW_BYTES)),
      );
      return code(
        floor.set(f32x4.splat(least.get)),
        lastOutput.set(i32.add(output.get, i32.mul(outputs.get, i32.const(NUMBER_BYTES)))),
        doWhile(onePanel, i32.lessThan(output.get, lastOutput.get)),
      );
    },
  });

interface Tile {
  /** Address of the weights that come next. */
  readonly panel: Local;
  /** One address a row. */
  readonly at: readonly Local[];
  readonly sums: readonly (readonly Local[])[];
  readonly weights: readonly Local[];
  readonly value: Local;
}

const declareTile = (locals: Locals): Tile => ({
  panel: locals.declare('i32'),
  at: ROWS.map(() => locals.declare('i32')),
  sums: ROWS.map(() => VECTORS.map(() => locals.declare('f32x4'))),
  weights: VECTORS.map(() => locals.declare('f32x4')),
  value: locals.declare('f32x4'),
});

const setRows = (at: readonly Local[], first: Code, stepBytes: Local): Code =>
  code(...at.map((row, r) => row.set(r === 0 ? first : i32.add(at[r - 1].get, stepBytes.get))));

const skipRows = (address: Local, stepBytes: Local): Code => add(address, i32.mul(stepBytes.get, i32.const(ROWS_AT_ONCE)));

const startSums = ({ panel, sums }: Tile): Code =>
  code(
    ...sums.flatMap((row) => row.map((sum, v) => sum.set(f32x4.load(panel.get, v * VECTOR_BYTES)))),
    add(panel, i32.const(PANEL_ROW_BYTES)),
  );

/** Four inputs of four rows. */
function addProducts({ panel, at, sums, weights, value }: Tile): Code {
  const oneInput = (step: number): Code =>
    code(
      ...VECTORS.map((v) => weights[v].set(f32x4.load(panel.get, step * PANEL_ROW_BYTES + v * VECTOR_BYTES))),
      ...ROWS.flatMap((r) => [
        value.set(f32x4.loadFour(at[r].get, step * NUMBER_BYTES)),
        ...VECTORS.map((v) => sums[r][v].set(f32x4.add(sums[r][v].get, f32x4.mul(value.get, weights[v].get)))),
      ]),
    );
  return code(
    ...STEPS.map(oneInput),
    add(panel, i32.const(INPUTS_AT_ONCE * PANEL_ROW_BYTES)),
    ...at.map((row) => add(row, i32.const(INPUTS_AT_ONCE * NUMBER_BYTES))),
  );
}

const storeSums = ({ at, sums }: Tile, floor: Local): Code =>
  code(...ROWS.flatMap((r) => VECTORS.map((v) => f32x4.store(at[r].get, f32x4.max(sums[r][v].get, floor.get), v * VECTOR_BYTES))));
