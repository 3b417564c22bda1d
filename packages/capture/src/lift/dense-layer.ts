import { INPUTS_AT_ONCE, OUTPUTS_AT_ONCE } from './dense-code.ts';

export const filledTo = (count: number, multiple: number): number => Math.ceil(count / multiple) * multiple;

/** A matrix, row-major, one row an output. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
}

/** A layer as the kernel reads it: for every eight outputs their biases, then for every input its eight weights; zeros fill up. */
export interface PackedLayer {
  /** Both with what they are filled up to. */
  readonly inputs: number;
  readonly outputs: number;
  readonly values: Float32Array;
}

/** `parts`: matrices side by side, each of which is filled up to whole steps of the kernel. */
export function packLayer(parts: readonly Matrix[], bias: Float32Array | null): PackedLayer {
  const inputs = parts.reduce((sum, part) => sum + filledTo(part.columns, INPUTS_AT_ONCE), 0);
  const outputs = filledTo(parts[0].rows, OUTPUTS_AT_ONCE);
  const panel = (1 + inputs) * OUTPUTS_AT_ONCE;
  const values = new Float32Array((outputs / OUTPUTS_AT_ONCE) * panel);
  for (let row = 0; row < parts[0].rows; row++) {
    const lane = row % OUTPUTS_AT_ONCE;
    let at = ((row - lane) / OUTPUTS_AT_ONCE) * panel + lane;
    if (bias) values[at] = bias[row];
    at += OUTPUTS_AT_ONCE;
    for (const part of parts) {
      const start = row * part.columns;
      for (let c = 0; c < part.columns; c++) values[at + c * OUTPUTS_AT_ONCE] = part.values[start + c];
      at += filledTo(part.columns, INPUTS_AT_ONCE) * OUTPUTS_AT_ONCE;
    }
  }
  return { inputs, outputs, values };
}
