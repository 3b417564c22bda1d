import type { Matches } from './fit-turn.ts';
import type { Comparison } from './key-picture.ts';
import { toKey } from './turn.ts';

/** Mean distance between the two places of all pairs, pixels. */
export function movementOf({ key, now, count }: Matches): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += Math.hypot(now[i * 2] - key[i * 2], now[i * 2 + 1] - key[i * 2 + 1]);
  return count > 0 ? sum / count : 0;
}

/** Below this movement what remains is noise of the matching, pixels of the map. */
const LEAST_MOVEMENT_PX = 10;
const FEWEST_PAIRS = 12;
const place = new Float64Array(2);

/**
 * Part of the movement of the better three quarters of the pairs that the turn does not explain, 0..1; NaN where too little moves.
 * A camera that turns about itself leaves nothing but the error of its guessed focal length; one that travels shifts near things
 * more than far ones.
 */
export function unexplained({ turn, matches }: Pick<Comparison, 'turn' | 'matches'>, focalPx: number): number {
  const movement = movementOf(matches);
  if (movement < LEAST_MOVEMENT_PX || matches.count < FEWEST_PAIRS) return Number.NaN;
  const rest: number[] = [];
  for (let i = 0; i < matches.count; i++) {
    if (!toKey(place, turn, matches.now[i * 2], matches.now[i * 2 + 1], focalPx)) continue;
    rest.push(Math.hypot(place[0] - matches.key[i * 2], place[1] - matches.key[i * 2 + 1]));
  }
  rest.sort((a, b) => a - b);
  return Math.min(1, rest[Math.floor(0.75 * (rest.length - 1))] / movement);
}
