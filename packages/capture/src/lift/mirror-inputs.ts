import { LANDMARKS } from '../landmarks.ts';
import { BODY_POINTS } from './body-points.ts';
import type { LiftNetwork } from './network-file.ts';

/** Where each value comes from in a mirror, and its sign there. */
export interface MirrorMap {
  readonly from: Int32Array;
  readonly sign: Float32Array;
}

/** Index of the name of the other side; of itself in the middle. */
function swapped(names: readonly string[]): number[] {
  return names.map((name) => {
    const other = name.startsWith('l_') ? `r_${name.slice(2)}` : name.startsWith('r_') ? `l_${name.slice(2)}` : name;
    return names.indexOf(other);
  });
}

/** Blocks of `width` values an item, the first of them x where `hasX`, laid one after the other. */
class MapBuilder {
  readonly #from: number[] = [];
  readonly #sign: number[] = [];

  add(swap: readonly number[], width: number, hasX: boolean): this {
    const start = this.#from.length;
    for (const other of swap) {
      for (let k = 0; k < width; k++) {
        this.#from.push(start + other * width + k);
        this.#sign.push(hasX && k === 0 ? -1 : 1);
      }
    }
    return this;
  }

  build(): MirrorMap {
    return { from: Int32Array.from(this.#from), sign: Float32Array.from(this.#sign) };
  }
}

/** Inputs: world and plane of the landmarks, visibility, scale; then world and plane at the other times. */
export function inputMirror(network: Pick<LiftNetwork, 'landmarks' | 'offsetsSec'>): MirrorMap {
  const swap = swapped(network.landmarks.map((landmark) => LANDMARKS[landmark]));
  const builder = new MapBuilder().add(swap, 3, true).add(swap, 2, true).add(swap, 1, false).add([0], 1, false);
  for (const _ of network.offsetsSec) builder.add(swap, 3, true).add(swap, 2, true);
  return builder.build();
}

/** Outputs: body, plane, log widths across, in depth and in the plane. */
export function outputMirror(): MirrorMap {
  const swap = swapped(BODY_POINTS);
  return new MapBuilder().add(swap, 3, true).add(swap, 2, true).add(swap, 1, false).add(swap, 1, false).add(swap, 1, false).build();
}
