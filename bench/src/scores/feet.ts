import type { Tracks, Truth } from '../truth.ts';
import { trackOf } from './points.ts';

export interface FootScores {
  readonly footSlideMm: number;
  readonly footSlideTruthMm: number;
  readonly footHeightBiasMm: number;
}

/** What heels and toes do while the truth has them planted. A skeleton without a heel joint is judged by its ankle, so is the truth. */
export function scoreFeet(truth: Truth, guess: Tracks, real: Tracks): FootScores {
  const own: number[] = [];
  const theirs: number[] = [];
  const heights: number[] = [];
  truth.contact_names.forEach((name, c) => {
    const joint = [name, name.replace(/heel|toe/, 'ankle')].find((n) => guess.points.has(n) && real.points.has(n));
    if (!joint) return;
    const a = trackOf(guess, joint);
    const b = trackOf(real, joint);
    for (let f = 1; f < real.frameCount; f++) {
      if (!(truth.frames[f].contact[c] && truth.frames[f - 1].contact[c])) continue;
      own.push(horizontalStepMm(a, f) * (truth.fps / 30));
      theirs.push(horizontalStepMm(b, f) * (truth.fps / 30));
      heights.push((a[f * 3 + 1] - b[f * 3 + 1]) * 1000);
    }
  });
  return { footSlideMm: mean(own), footSlideTruthMm: mean(theirs), footHeightBiasMm: truth.pseudo ? Number.NaN : mean(heights) };
}

const horizontalStepMm = (xyz: Float64Array, f: number): number =>
  Math.hypot(xyz[f * 3] - xyz[f * 3 - 3], xyz[f * 3 + 2] - xyz[f * 3 - 1]) * 1000;

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
