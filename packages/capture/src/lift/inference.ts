import { ROWS_AT_ONCE } from './dense-code.ts';
import { filledTo } from './dense-layer.ts';
import type { PlacedLayer, Rows } from './kernel-memory.ts';
import { KernelMemory } from './kernel-memory.ts';
import type { HalfLayers, LiftLayers } from './lift-layers.ts';
import { liftLayers } from './lift-layers.ts';
import type { MirrorHalves } from './mirror-halves.ts';
import { addHalf, mirrorHalves, takeHalf } from './mirror-halves.ts';
import { inputMirror, outputMirror } from './mirror-inputs.ts';
import type { LiftNetwork } from './network-file.ts';

/** Frames that are worked on together: so many that fetching the weights costs little, so few that what the layers give stays at hand. */
export const BLOCK_ROWS = 32;

const SIDES = ['same', 'turned'] as const;
type Side = (typeof SIDES)[number];

interface PlacedHalf {
  readonly first: PlacedLayer;
  readonly last: PlacedLayer;
  /** That half of the second hidden layer, then of the input. */
  readonly read: Rows;
  readonly given: Rows;
}

/**
 * Runs a lift network on frames and on their mirror images and averages both, so that left and right are treated alike to the bit.
 * A block at a time: `put` its frames, `run`, `output` each.
 */
export class LiftInference {
  readonly #hidden: number;
  readonly #inputs: MirrorHalves;
  readonly #outputs: MirrorHalves;
  readonly #memory: KernelMemory;
  readonly #second: PlacedLayer;
  readonly #halves: Readonly<Record<Side, PlacedHalf>>;
  /** Both hidden layers: rows of the frames, then rows of the images. */
  readonly #one: Rows;
  readonly #two: Rows;

  constructor(network: LiftNetwork) {
    this.#inputs = mirrorHalves(inputMirror(network));
    this.#outputs = mirrorHalves(outputMirror());
    const layers = liftLayers(network, this.#inputs, this.#outputs);
    const { hidden } = layers;
    const memory = new KernelMemory(numbersOf(layers));
    const half = ({ first, last }: HalfLayers): PlacedHalf => ({
      first: memory.layer(first),
      last: memory.layer(last),
      read: memory.rows(BLOCK_ROWS, hidden + first.inputs),
      given: memory.rows(BLOCK_ROWS, last.outputs),
    });
    this.#hidden = hidden;
    this.#memory = memory;
    this.#second = memory.layer(layers.second);
    this.#halves = { same: half(layers.same), turned: half(layers.turned) };
    this.#one = memory.rows(2 * BLOCK_ROWS, hidden);
    this.#two = memory.rows(2 * BLOCK_ROWS, hidden);
  }

  /** Makes `input` the frame of row `row` of the block. */
  put(row: number, input: Float32Array): void {
    for (const side of SIDES) {
      const { read } = this.#halves[side];
      takeHalf(read.values, row * read.stride + this.#hidden, input, this.#inputs[side]);
    }
  }

  /** Works on the first `count` rows of the block. */
  run(count: number): void {
    const rows = filledTo(count, ROWS_AT_ONCE);
    const { same, turned } = this.#halves;
    const memory = this.#memory;
    const images = { rows: this.#one, from: BLOCK_ROWS * this.#hidden };
    memory.run(same.first, { rows: same.read, from: this.#hidden }, { rows: this.#one, from: 0 }, rows, Number.NEGATIVE_INFINITY);
    memory.run(turned.first, { rows: turned.read, from: this.#hidden }, images, rows, Number.NEGATIVE_INFINITY);
    this.#rectifySides(rows);
    memory.run(this.#second, { rows: this.#one, from: 0 }, { rows: this.#two, from: 0 }, rows, 0);
    memory.run(this.#second, images, { rows: this.#two, from: images.from }, rows, 0);
    this.#halveSides(rows);
    for (const { last, read, given } of [same, turned]) {
      memory.run(last, { rows: read, from: 0 }, { rows: given, from: 0 }, rows, Number.NEGATIVE_INFINITY);
    }
  }

  /** From the halves of the first layer to what it gives for the frames and for the images. */
  #rectifySides(rows: number): void {
    const { values } = this.#one;
    const images = BLOCK_ROWS * this.#hidden;
    for (let i = 0; i < rows * this.#hidden; i++) {
      const same = values[i];
      const turned = values[images + i];
      values[i] = Math.max(0, same + turned);
      values[images + i] = Math.max(0, same - turned);
    }
  }

  /** From what the second layer gives for both to its halves. */
  #halveSides(rows: number): void {
    const { values } = this.#two;
    const hidden = this.#hidden;
    const images = BLOCK_ROWS * hidden;
    const { same, turned } = this.#halves;
    for (let row = 0; row < rows; row++) {
      const sameAt = row * same.read.stride;
      const turnedAt = row * turned.read.stride;
      for (let i = 0; i < hidden; i++) {
        const own = values[row * hidden + i];
        const image = values[images + row * hidden + i];
        same.read.values[sameAt + i] = (own + image) / 2;
        turned.read.values[turnedAt + i] = (own - image) / 2;
      }
    }
  }

  /** Writes what the network gives for row `row`: the mean of both sides of the mirror. */
  output(out: Float32Array, row: number): void {
    out.fill(0);
    for (const side of SIDES) {
      const { given } = this.#halves[side];
      addHalf(out, given.values, row * given.stride, this.#outputs[side]);
    }
  }
}

/** How much memory all layers and the rows of a block take. */
function numbersOf({ hidden, second, same, turned }: LiftLayers): number {
  const ofHalf = ({ first, last }: HalfLayers): number =>
    first.values.length + last.values.length + BLOCK_ROWS * (hidden + first.inputs + last.outputs);
  return second.values.length + ofHalf(same) + ofHalf(turned) + 4 * BLOCK_ROWS * hidden;
}
