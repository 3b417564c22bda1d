import type { Lines } from './edge-lines.ts';

/** Edges this near each other, part of the diagonal, in nearly the same direction are of one thing, and err together. */
const NEAR = 0.07;
const ALIKE_COSINE = Math.cos((2 * Math.PI) / 180);
/** So many edges of one thing have a say; and of the whole picture. */
const MOST_ALIKE = 3;
const MOST_LINES = 200;

/** Lines of which no thing has too many: the slats of one blind must not outvote a room. `lines` are sorted by length. */
export function thinLines(lines: Lines, diagonalPx: number): Lines {
  const { middles, directions } = lines;
  const kept: number[] = [];
  const isAlike = (i: number, j: number): boolean =>
    Math.hypot(middles[i * 2] - middles[j * 2], middles[i * 2 + 1] - middles[j * 2 + 1]) < NEAR * diagonalPx &&
    Math.abs(directions[i * 2] * directions[j * 2] + directions[i * 2 + 1] * directions[j * 2 + 1]) > ALIKE_COSINE;
  for (let i = 0; i < lines.count && kept.length < MOST_LINES; i++) if (kept.filter((j) => isAlike(i, j)).length < MOST_ALIKE) kept.push(i);
  const pairs = (values: Float64Array): Float64Array => Float64Array.from(kept.flatMap((i) => [values[i * 2], values[i * 2 + 1]]));
  return {
    count: kept.length,
    middles: pairs(middles),
    directions: pairs(directions),
    lengths: Float64Array.from(kept, (i) => lines.lengths[i]),
    sigmas: Float64Array.from(kept, (i) => lines.sigmas[i]),
  };
}
