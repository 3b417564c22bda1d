import type { Tracks } from '../truth.ts';
import { trackOf } from './points.ts';

const BONES = ['l', 'r'].flatMap((side) =>
  [
    ['shoulder', 'elbow'],
    ['elbow', 'wrist'],
    ['hip', 'knee'],
    ['knee', 'ankle'],
  ].map(([a, b]) => [`${side}_${a}`, `${side}_${b}`] as const),
);

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** Mean error of the length of the limb bones, and how much each varies over time, percent. */
export function scoreBones(guess: Tracks, real: Tracks): { readonly boneLengthErrorPct: number; readonly boneVariationPct: number } {
  const errors: number[] = [];
  const variations: number[] = [];
  for (const [a, b] of BONES) {
    const own = lengths(guess, a, b);
    const theirs = mean(lengths(real, a, b));
    const m = mean(own);
    errors.push((Math.abs(m - theirs) / theirs) * 100);
    variations.push((Math.sqrt(mean(own.map((x) => (x - m) ** 2))) / m) * 100);
  }
  return { boneLengthErrorPct: mean(errors), boneVariationPct: mean(variations) };
}

function lengths(tracks: Tracks, a: string, b: string): number[] {
  const x = trackOf(tracks, a);
  const y = trackOf(tracks, b);
  return Array.from({ length: tracks.frameCount }, (_, f) =>
    Math.hypot(x[f * 3] - y[f * 3], x[f * 3 + 1] - y[f * 3 + 1], x[f * 3 + 2] - y[f * 3 + 2]),
  );
}
