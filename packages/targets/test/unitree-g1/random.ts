import { G1_DOF, type G1Model } from '../../src/unitree-g1/model.ts';

/** A small deterministic generator of uniform numbers in 0..1 (Marsaglia's xorshift). */
export function uniform(seed: number): () => number {
  let x = seed | 1;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) / 2 ** 32;
  };
}

export interface Configuration {
  readonly position: Float64Array;
  readonly quaternion: Float64Array;
  readonly angles: Float64Array;
}

/** A configuration anywhere in the joint limits, in any attitude. */
export function randomConfiguration(model: G1Model, next: () => number): Configuration {
  const quaternion = Float64Array.from({ length: 4 }, () => next() - 0.5);
  const length = Math.hypot(...quaternion);
  return {
    position: Float64Array.from({ length: 3 }, () => 2 * next() - 1),
    quaternion: quaternion.map((v) => v / length),
    angles: Float64Array.from({ length: G1_DOF }, (_, j) => model.lowerRad[j] + next() * (model.upperRad[j] - model.lowerRad[j])),
  };
}
