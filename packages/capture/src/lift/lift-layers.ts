import { INPUTS_AT_ONCE, OUTPUTS_AT_ONCE } from './dense-code.ts';
import type { Matrix, PackedLayer } from './dense-layer.ts';
import { filledTo, packLayer } from './dense-layer.ts';
import type { MirrorHalf, MirrorHalves } from './mirror-halves.ts';
import { foldColumns, foldRows } from './mirror-halves.ts';
import type { LiftNetwork } from './network-file.ts';

/** The outer layers of one half of the mirror. */
export interface HalfLayers {
  readonly first: PackedLayer;
  /** Reads that half of the second hidden layer, then of the frame's own inputs: the linear path. */
  readonly last: PackedLayer;
}

/**
 * A lift network and its mirror image in one. With e and o the halves of the input that the mirror leaves and turns round, the first
 * layer gives W e + W o + b for the frame and W e − W o + b for its image; the second runs on both; and of the mean of what both give,
 * mirrored back, each half depends only on the same half of the second layer and of the input.
 */
export interface LiftLayers {
  /** Width of the hidden layers as they lie in memory. */
  readonly hidden: number;
  readonly second: PackedLayer;
  readonly same: HalfLayers;
  readonly turned: HalfLayers;
}

export function liftLayers(network: LiftNetwork, inputs: MirrorHalves, outputs: MirrorHalves): LiftLayers {
  const { hidden, nowInputs } = network;
  const matrix = (values: Float32Array, columns: number): Matrix => ({ rows: values.length / columns, columns, values });
  const w1 = matrix(network.w1, network.inputs);
  const w3 = matrix(network.w3, hidden);
  const skip = matrix(network.skip, nowInputs);
  const half = (input: MirrorHalf, output: MirrorHalf, b1: Float32Array | null, b3: Float32Array | null): HalfLayers => ({
    first: packLayer([foldColumns(w1, input)], b1),
    last: packLayer([widened(foldRows(w3, output)), foldRows(foldColumns(skip, input), output)], b3),
  });
  // Biases are the same on both sides of the mirror: of the outputs' only that half is left.
  const b3 = foldRows(matrix(network.b3, 1), outputs.same).values;
  return {
    hidden: filledTo(hidden, OUTPUTS_AT_ONCE),
    second: packLayer([widened(matrix(network.w2, hidden))], network.b2),
    same: half(inputs.same, outputs.same, network.b1, b3),
    turned: half(inputs.turned, outputs.turned, null, null),
  };
}

/** With columns of zeros for the units that only fill up the layer before. */
function widened({ rows, columns, values }: Matrix): Matrix {
  const wide = filledTo(columns, Math.max(OUTPUTS_AT_ONCE, INPUTS_AT_ONCE));
  const out = new Float32Array(rows * wide);
  for (let row = 0; row < rows; row++) out.set(values.subarray(row * columns, (row + 1) * columns), row * wide);
  return { rows, columns: wide, values: out };
}
