import type { Wander } from './noise-table.ts';

/** Deterministic random numbers: mulberry32, and standard normals by Box and Muller. */
export interface Random {
  readonly uniform: () => number;
  readonly normal: () => number;
}

export function randomOf(seed: number): Random {
  let state = (seed * 2654435761) >>> 0;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return { uniform, normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()) };
}

/**
 * An error that lasts, one value a frame: x ← ρ·x + √(1 − ρ²)·σ·n with ρ from the rate at which it is forgotten, plus one draw of a
 * bias that holds for the whole clip.
 *
 * @param speeds how fast what errs moves, m/s, one a frame
 */
export function wandering(random: Random, wander: Wander, fps: number, speeds: ArrayLike<number>): Float64Array {
  const bias = wander.biasSigma * random.normal();
  let x = wander.sigma * random.normal();
  return Float64Array.from({ length: speeds.length }, (_, f) => {
    const r = Math.exp(-(wander.perSec + wander.perM * speeds[f]) / fps);
    x = r * x + Math.sqrt(1 - r * r) * wander.sigma * random.normal();
    return x + bias;
  });
}
