import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from './random.ts';

/** A sum of morphs of the MakeHuman base mesh. */
export interface BodyShape {
  readonly isFemale: boolean;
  /** Morph file below `data/targets`, without its ending → weight. */
  readonly morphs: ReadonlyMap<string, number>;
}

const ETHNICITIES = ['african', 'asian', 'caucasian'] as const;

/** Splits a value −1…1 into the weights of [min, average, max]. */
const threeWay = (value: number): readonly (readonly [string, number])[] => [
  ['min', Math.max(0, -value)],
  ['average', 1 - Math.abs(value)],
  ['max', Math.max(0, value)],
];

/** A random adult. The morph weights are products of gender, age, muscle and weight, as MakeHuman combines its macro targets. */
export function randomShape(random: Random): BodyShape {
  const morphs = new Map<string, number>();
  const add = (name: string, weight: number): void => {
    if (weight > 1e-4) morphs.set(name, (morphs.get(name) ?? 0) + weight);
  };
  const isFemale = random.chance(0.5);
  const gender = isFemale ? 'female' : 'male';
  const old = random.chance(0.25) ? random.between(0, 0.8) : 0;
  const muscle = random.between(-0.6, 0.8);
  const weight = Math.max(-0.8, Math.min(0.9, random.normal() * 0.4));
  const height = random.between(-0.55, 0.65);
  const proportion = random.between(-0.3, 0.6);
  const first = random.pick(ETHNICITIES);
  const second = random.pick(ETHNICITIES);
  const blend = random.next() * 0.5;
  for (const [age, ageWeight] of [['young', 1 - old] as const, ['old', old] as const]) {
    add(`macrodetails/${first}-${gender}-${age}`, (1 - blend) * ageWeight);
    add(`macrodetails/${second}-${gender}-${age}`, blend * ageWeight);
    for (const [muscleName, muscleWeight] of threeWay(muscle)) {
      for (const [weightName, weightWeight] of threeWay(weight)) {
        const share = ageWeight * muscleWeight * weightWeight;
        const kind = `${gender}-${age}-${muscleName}muscle-${weightName}weight`;
        add(`macrodetails/universal-${kind}`, share);
        add(`macrodetails/height/${kind}-${height > 0 ? 'max' : 'min'}height`, share * Math.abs(height));
        add(`macrodetails/proportions/${kind}-${proportion > 0 ? 'ideal' : 'uncommon'}proportions`, share * Math.abs(proportion));
      }
    }
  }
  return { isFemale, morphs };
}

/** Reads morph files once. */
export class MorphLibrary {
  readonly #folder: string;
  readonly #read = new Map<string, Float64Array>();

  constructor(makehumanData: string) {
    this.#folder = join(makehumanData, 'targets');
  }

  /** Rows `vertex, dx, dy, dz`, flat. */
  #rows(name: string): Float64Array {
    const known = this.#read.get(name);
    if (known) return known;
    const rows = Float64Array.from(
      readFileSync(join(this.#folder, `${name}.target`), 'utf8')
        .split('\n')
        .filter((line) => /^\d/.test(line))
        .flatMap((line) => line.trim().split(/\s+/).map(Number)),
    );
    this.#read.set(name, rows);
    return rows;
  }

  /** The base mesh (`n × 3`, decimetres) with a shape's morphs added. */
  apply(base: Float64Array, shape: BodyShape): Float64Array {
    const out = base.slice();
    for (const [name, weight] of shape.morphs) {
      const rows = this.#rows(name);
      for (let i = 0; i < rows.length; i += 4) {
        for (let k = 0; k < 3; k++) out[rows[i] * 3 + k] += weight * rows[i + 1 + k];
      }
    }
    return out;
  }
}
