import { compileModule, instantiate } from '../fit/wasm-instance.ts';
import { DENSE, denseKernel } from './dense-code.ts';
import type { PackedLayer } from './dense-layer.ts';

const NUMBER_BYTES = Float32Array.BYTES_PER_ELEMENT;
const module = compileModule(denseKernel());

/** Numbers in the memory of the kernel, one row after the other. */
export interface Rows {
  readonly count: number;
  readonly stride: number;
  readonly values: Float32Array;
}

/** A layer whose weights lie in the memory of the kernel. */
export interface PlacedLayer {
  readonly address: number;
  readonly inputs: number;
  readonly outputs: number;
}

/** Part of rows that a layer reads or writes. */
export interface Place {
  readonly rows: Rows;
  /** Column at which it starts. */
  readonly from: number;
}

/** The dense kernel and the memory that it works on. */
export class KernelMemory {
  readonly #memory: ArrayBuffer;
  readonly #kernel: (...numbers: number[]) => number;
  #used = 0;

  /** @param numbers how many single-precision numbers will be placed in it */
  constructor(numbers: number) {
    const { memory, call } = instantiate(module, DENSE, numbers * NUMBER_BYTES);
    this.#memory = memory;
    this.#kernel = call;
  }

  #take(length: number): Float32Array {
    const values = new Float32Array(this.#memory, this.#used, length);
    this.#used += length * NUMBER_BYTES;
    return values;
  }

  rows(count: number, stride: number): Rows {
    return { count, stride, values: this.#take(count * stride) };
  }

  layer({ inputs, outputs, values }: PackedLayer): PlacedLayer {
    const placed = this.#take(values.length);
    placed.set(values);
    return { address: placed.byteOffset, inputs, outputs };
  }

  /** The layer on the first `count` rows, a multiple of `ROWS_AT_ONCE`; nothing below `least` is written. */
  run(layer: PlacedLayer, input: Place, output: Place, count: number, least: number): void {
    const address = ({ rows, from }: Place): number => rows.values.byteOffset + from * NUMBER_BYTES;
    this.#kernel(
      address(input),
      input.rows.stride * NUMBER_BYTES,
      count,
      layer.address,
      layer.inputs,
      address(output),
      output.rows.stride * NUMBER_BYTES,
      layer.outputs,
      least,
    );
  }
}
