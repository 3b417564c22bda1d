import type { Clip } from './clip.ts';
import { intervals } from './contacts.ts';
import { envelope, weightAt } from './easing.ts';
import type { Leg } from './feet.ts';
import { lowestOfSole, solePositions } from './feet.ts';
import type { FootLockOptions } from './foot-lock-options.ts';

/** World-space displacement of the ankle that plants the foot, `frameCount × 3`. */
export function ankleCorrections(clip: Clip, legs: readonly [Leg, Leg], side: number, options: FootLockOptions): Float64Array {
  const soles = solePositions(clip, legs);
  const span = Math.max(1, options.easeSec * clip.fps);
  const sum = new Float64Array(clip.frameCount * 3);
  const shares = new Float64Array(clip.frameCount);
  const strongest = new Float64Array(clip.frameCount);
  for (const plant of footPlants(clip, soles, side)) addPlant(sum, shares, strongest, soles, plant, span);
  for (let f = 0; f < clip.frameCount; f++) {
    if (!(shares[f] > 0)) continue;
    const scale = (options.strength * strongest[f]) / shares[f];
    for (let k = 0; k < 3; k++) sum[f * 3 + k] *= scale;
  }
  liftAboveFloor(sum, strongest, lowestOfSole(clip, legs[side]), clip.fps);
  return sum;
}

/** One contact interval of one point and the place on the floor it is held at. */
interface Plant {
  readonly point: number;
  readonly from: number;
  readonly to: number;
  readonly x: number;
  readonly z: number;
}

/**
 * Contact intervals of a foot. Heel and toe that are planted together share one displacement of the whole foot, taken where
 * both are down, so that rolling from heel to toe does not drag either.
 */
function footPlants(clip: Clip, soles: Float64Array, side: number): Plant[] {
  const found = [0, 1].flatMap((end) => {
    const point = side * 2 + end;
    return intervals(clip.contacts, point, clip.frameCount, 4).map(([from, to]) => ({ point, from, to }));
  });
  found.sort((a, b) => a.from - b.from || a.point - b.point);
  const out: Plant[] = [];
  for (const { point, from, to } of found) {
    const partner = out.findLast((plant) => plant.point !== point && plant.to > from);
    out.push({ point, from, to, ...(partner ? anchorBeside(partner, point, from, soles) : anchorOf(point, from, to, soles)) });
  }
  return out;
}

/** Median place of the point over the interval: robust to a late lift or an early touch. */
function anchorOf(point: number, from: number, to: number, soles: Float64Array): { x: number; z: number } {
  const middle = (axis: number): number => {
    const values = Float64Array.from({ length: to - from }, (_, i) => soles[(from + i) * 12 + point * 3 + axis]).sort();
    return values[values.length >> 1];
  };
  return { x: middle(0), z: middle(2) };
}

/** Place of the point when it touches down while `partner` is held at its anchor. */
function anchorBeside(partner: Plant, point: number, from: number, soles: Float64Array): { x: number; z: number } {
  const held = from * 12 + partner.point * 3;
  const own = from * 12 + point * 3;
  return { x: soles[own] + partner.x - soles[held], z: soles[own + 2] + partner.z - soles[held + 2] };
}

/** Power of a plant's weight in the mean: a planted point outweighs one that is still easing in. */
const SHARE_POWER = 4;

/** Adds one plant to the weighted sum of displacements; `shares` sums the weights, `strongest` keeps the largest. */
function addPlant(sum: Float64Array, shares: Float64Array, strongest: Float64Array, soles: Float64Array, plant: Plant, span: number): void {
  const first = Math.max(0, Math.ceil(plant.from - span));
  const last = Math.min(shares.length - 1, Math.floor(plant.to - 1 + span));
  for (let f = first; f <= last; f++) {
    const weight = weightAt(f, plant.from, plant.to, span);
    const share = weight ** SHARE_POWER;
    // Outside the interval the displacement of its nearest frame is held while its weight fades.
    const at = Math.max(plant.from, Math.min(plant.to - 1, f)) * 12 + plant.point * 3;
    sum[f * 3] += share * (plant.x - soles[at]);
    sum[f * 3 + 1] -= share * soles[at + 1];
    sum[f * 3 + 2] += share * (plant.z - soles[at + 2]);
    shares[f] += share;
    strongest[f] = Math.max(strongest[f], weight);
  }
}

/** Adds what is needed to keep the sole, whose lowest points are given, at or above the floor, spread smoothly over time but not into a plant. */
function liftAboveFloor(sum: Float64Array, planted: Float64Array, lowestM: Float64Array, fps: number): void {
  const needed = planted.map((_, f) => Math.max(0, -lowestM[f] - sum[f * 3 + 1]));
  if (!needed.some((lift) => lift > 0)) return;
  const eased = envelope(needed, Math.max(1, Math.round(0.08 * fps)));
  for (let f = 0; f < needed.length; f++) sum[f * 3 + 1] += Math.max(needed[f], eased[f] * (1 - planted[f]));
}
