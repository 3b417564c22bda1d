import { gaussian } from './filters.ts';

/** Cosine ease from 1 at the edge of an interval to 0 at `span` frames away. */
const ease = (distanceFrames: number, span: number): number =>
  distanceFrames >= span ? 0 : 0.5 + 0.5 * Math.cos((Math.PI * distanceFrames) / span);

/** Weight of an interval [from, to) at frame f: 1 inside, eased outside. */
export const weightAt = (f: number, from: number, to: number, span: number): number =>
  ease(f < from ? from - f : f >= to ? f - to + 1 : 0, span);

/** A smooth curve that is nowhere below `values`: windowed maximum, then smoothing that cannot reach below it. */
export function envelope(values: Float64Array, radius: number): Float64Array {
  const maximum = values.map((_, f) => {
    let m = 0;
    for (let k = Math.max(0, f - radius); k <= Math.min(values.length - 1, f + radius); k++) m = Math.max(m, values[k]);
    return m;
  });
  const smooth = maximum.slice();
  gaussian(smooth, 0, smooth.length, 1, radius / 3);
  return smooth.map((v, f) => Math.max(v, values[f]));
}
