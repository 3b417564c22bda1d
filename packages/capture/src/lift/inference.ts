import { inputMirror, type MirrorMap, outputMirror } from './mirror-inputs.ts';
import type { LiftNetwork } from './network-file.ts';

/**
 * Runs a lift network on a frame and on its mirror image and averages both, so that left and right are treated alike to the bit.
 * Buffers are reused: nothing is allocated for a frame.
 */
export class LiftInference {
  /** Fill it, then run. */
  readonly input: Float32Array;
  /** The mean of both sides of the mirror; overwritten by the next run. */
  readonly output: Float32Array;
  readonly #network: LiftNetwork;
  readonly #inputMirror: MirrorMap;
  readonly #outputMirror: MirrorMap;
  readonly #mirrored: Float32Array;
  readonly #direct: Activations;
  readonly #flipped: Activations;

  constructor(network: LiftNetwork) {
    this.#network = network;
    this.#inputMirror = inputMirror(network);
    this.#outputMirror = outputMirror();
    this.input = new Float32Array(network.inputs);
    this.#mirrored = new Float32Array(network.inputs);
    this.output = new Float32Array(network.outputs);
    this.#direct = activations(network);
    this.#flipped = activations(network);
  }

  run(): void {
    const { from, sign } = this.#inputMirror;
    for (let i = 0; i < from.length; i++) this.#mirrored[i] = sign[i] * this.input[from[i]];
    const n = this.#network;
    const a = this.#direct;
    const b = this.#flipped;
    layer(a.first, b.first, n.w1, n.b1, this.input, this.#mirrored, n.inputs);
    rectify(a.first, b.first);
    layer(a.second, b.second, n.w2, n.b2, a.first, b.first, n.hidden);
    rectify(a.second, b.second);
    layer(a.out, b.out, n.w3, n.b3, a.second, b.second, n.hidden);
    layer(a.linear, b.linear, n.skip, null, this.input, this.#mirrored, n.nowInputs);
    const out = this.#outputMirror;
    for (let i = 0; i < out.from.length; i++) {
      const j = out.from[i];
      this.output[i] = (a.out[i] + a.linear[i] + out.sign[i] * (b.out[j] + b.linear[j])) / 2;
    }
  }
}

interface Activations {
  readonly first: Float64Array;
  readonly second: Float64Array;
  readonly out: Float64Array;
  readonly linear: Float64Array;
}

const activations = (network: LiftNetwork): Activations => ({
  first: new Float64Array(network.hidden),
  second: new Float64Array(network.hidden),
  out: new Float64Array(network.outputs),
  linear: new Float64Array(network.outputs),
});

type Values = Float32Array | Float64Array;

/** Both vectors through one matrix, two rows at a time: each number is fetched once for two sums that do not wait for each other. */
function layer(
  outA: Float64Array,
  outB: Float64Array,
  weights: Float32Array,
  bias: Float32Array | null,
  a: Values,
  b: Values,
  inputs: number,
): void {
  for (let row = 0; row < outA.length; row += 2) {
    // An odd last row is computed twice.
    const other = Math.min(row + 1, outA.length - 1);
    const first = row * inputs;
    const second = other * inputs;
    let sumA = bias ? bias[row] : 0;
    let sumB = sumA;
    let otherA = bias ? bias[other] : 0;
    let otherB = otherA;
    for (let i = 0; i < inputs; i++) {
      const v = weights[first + i];
      const w = weights[second + i];
      const x = a[i];
      const y = b[i];
      sumA += v * x;
      sumB += v * y;
      otherA += w * x;
      otherB += w * y;
    }
    outA[row] = sumA;
    outB[row] = sumB;
    outA[other] = otherA;
    outB[other] = otherB;
  }
}

function rectify(a: Float64Array, b: Float64Array): void {
  for (let i = 0; i < a.length; i++) {
    if (a[i] < 0) a[i] = 0;
    if (b[i] < 0) b[i] = 0;
  }
}
