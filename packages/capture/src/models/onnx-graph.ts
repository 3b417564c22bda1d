import type { OnnxAttribute, OnnxConstant, OnnxGraph, OnnxNode, OnnxPort } from './onnx-writer.ts';

/** Collects the nodes and constants of an ONNX graph and hands out unique names. */
export class OnnxGraphBuilder {
  readonly #nodes: OnnxNode[] = [];
  readonly #constants: OnnxConstant[] = [];
  #names = 0;

  unique(stem: string): string {
    this.#names += 1;
    return `${stem}_${this.#names}`;
  }

  floats(stem: string, shape: readonly number[], values: Float32Array): string {
    const name = this.unique(stem);
    this.#constants.push({ name, shape, values });
    return name;
  }

  integers(stem: string, values: readonly number[]): string {
    const name = this.unique(stem);
    this.#constants.push({ name, shape: [values.length], values: BigInt64Array.from(values, BigInt) });
    return name;
  }

  /** Adds a node with one output and returns the output's name: `output` if given, else a new one. */
  node(type: string, inputs: readonly string[], attributes: Readonly<Record<string, OnnxAttribute>> = {}, output?: string): string {
    const name = output ?? this.unique(type);
    this.#nodes.push({ type, inputs, outputs: [name], attributes });
    return name;
  }

  graph(name: string, inputs: readonly OnnxPort[], outputs: readonly OnnxPort[]): OnnxGraph {
    return { name, inputs, outputs, constants: this.#constants, nodes: this.#nodes };
  }
}
