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
type BothSides<T> = Readonly<Record<(typeof SIDES)[number], T>>;

const onBothSides = <T>(make: (side: (typeof SIDES)[number]) => T): BothSides<T> => ({ same: make('same'), turned: make('turned') });

/** The layers of one of the networks. */
interface Member {
  readonly second: PlacedLayer;
  readonly first: BothSides<PlacedLayer>;
  readonly last: BothSides<PlacedLayer>;
  /** Halves of what it gives. */
  readonly given: BothSides<Rows>;
}

/**
 * Runs lift networks on frames and on their mirror images and averages both, so that left and right are treated alike to the bit.
 * A block at a time: `put` its frames, `run`, `output` each.
 */
export class LiftInference {
  readonly #hidden: number;
  readonly #inputs: MirrorHalves;
  readonly #outputs: MirrorHalves;
  readonly #memory: KernelMemory;
  readonly #members: readonly Member[];
  /** Halves of the second hidden layer, then of the input. */
  readonly #read: BothSides<Rows>;
  /** Both hidden layers: rows of the frames, then rows of the images. */
  readonly #one: Rows;
  readonly #two: Rows;

  constructor(network: LiftNetwork) {
    this.#inputs = mirrorHalves(inputMirror(network));
    this.#outputs = mirrorHalves(outputMirror());
    const members = network.members.map((weights) => liftLayers(network, weights, this.#inputs, this.#outputs));
    const { hidden, same, turned } = members[0];
    const memory = new KernelMemory(numbersOf(members));
    this.#hidden = hidden;
    this.#memory = memory;
    this.#read = {
      same: memory.rows(BLOCK_ROWS, hidden + same.first.inputs),
      turned: memory.rows(BLOCK_ROWS, hidden + turned.first.inputs),
    };
    this.#one = memory.rows(2 * BLOCK_ROWS, hidden);
    this.#two = memory.rows(2 * BLOCK_ROWS, hidden);
    this.#members = members.map((layers) => ({
      second: memory.layer(layers.second),
      first: onBothSides((side) => memory.layer(layers[side].first)),
      last: onBothSides((side) => memory.layer(layers[side].last)),
      given: onBothSides((side) => memory.rows(BLOCK_ROWS, layers[side].last.outputs)),
    }));
  }

  /** Makes `input` the frame of row `row` of the block. */
  put(row: number, input: Float32Array): void {
    for (const side of SIDES) {
      const { values, stride } = this.#read[side];
      takeHalf(values, row * stride + this.#hidden, input, this.#inputs[side]);
    }
  }

  /** Works on the first `count` rows of the block. */
  run(count: number): void {
    for (const member of this.#members) this.#runMember(member, filledTo(count, ROWS_AT_ONCE));
  }

  #runMember({ first, second, last, given }: Member, rows: number): void {
    const memory = this.#memory;
    const images = BLOCK_ROWS * this.#hidden;
    const one = { same: { rows: this.#one, from: 0 }, turned: { rows: this.#one, from: images } };
    for (const side of SIDES) {
      memory.run(first[side], { rows: this.#read[side], from: this.#hidden }, one[side], rows, Number.NEGATIVE_INFINITY);
    }
    this.#rectifySides(rows);
    for (const { from } of [one.same, one.turned]) memory.run(second, { rows: this.#one, from }, { rows: this.#two, from }, rows, 0);
    this.#halveSides(rows);
    for (const side of SIDES) {
      memory.run(last[side], { rows: this.#read[side], from: 0 }, { rows: given[side], from: 0 }, rows, Number.NEGATIVE_INFINITY);
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
    const { same, turned } = this.#read;
    for (let row = 0; row < rows; row++) {
      const sameAt = row * same.stride;
      const turnedAt = row * turned.stride;
      for (let i = 0; i < hidden; i++) {
        const own = values[row * hidden + i];
        const image = values[images + row * hidden + i];
        same.values[sameAt + i] = (own + image) / 2;
        turned.values[turnedAt + i] = (own - image) / 2;
      }
    }
  }

  /** Writes what one of the networks gives for row `row`: the mean of both sides of the mirror. */
  output(out: Float32Array, member: number, row: number): void {
    out.fill(0);
    for (const side of SIDES) {
      const { values, stride } = this.#members[member].given[side];
      addHalf(out, values, row * stride, this.#outputs[side]);
    }
  }
}

/** How much memory all layers and the rows of a block take. */
function numbersOf(members: readonly LiftLayers[]): number {
  const { hidden, same, turned } = members[0];
  const rows = BLOCK_ROWS * (6 * hidden + same.first.inputs + turned.first.inputs);
  const ofHalf = ({ first, last }: HalfLayers): number => first.values.length + last.values.length + BLOCK_ROWS * last.outputs;
  return members.reduce((sum, layers) => sum + layers.second.values.length + ofHalf(layers.same) + ofHalf(layers.turned), rows);
}
