import { LANDMARK_COUNT } from '../landmarks.ts';
import type { Observations } from './observations.ts';

/**
 * Two looks of the pose model at one picture as one: places are averaged in the frames that both looks saw. Sides
 * must have been put right in each look before: averaging a flip with what it flips gives a body that is neither.
 */
export function fuseLooks(one: Observations, other: Observations): Observations {
  const out = { ...one, imagePx: one.imagePx.slice(), bodyM: one.bodyM.slice(), visibility: one.visibility.slice() };
  for (let f = 0; f < Math.min(one.frameCount, other.frameCount); f++) {
    for (let o = f * LANDMARK_COUNT; o < (f + 1) * LANDMARK_COUNT; o++) {
      const [a, b] = [one.visibility[o], other.visibility[o]];
      // Visibility 0 marks frames in which nobody was found.
      if (!(a > 0 && b > 0)) continue;
      mix(out.imagePx, other.imagePx, o * 2, 2);
      mix(out.bodyM, other.bodyM, o * 3, 3);
      out.visibility[o] = (a + b) / 2;
    }
  }
  return out;
}

function mix(values: Float64Array, others: Float64Array, at: number, width: number): void {
  for (let i = at; i < at + width; i++) values[i] = (values[i] + others[i]) / 2;
}
