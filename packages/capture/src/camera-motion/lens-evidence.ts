import type { Matches } from './fit-turn.ts';
import { refitTurn } from './fit-turn.ts';
import { movementOf } from './movement.ts';
import type { Turn } from './turn.ts';
import { copyTurn, createTurn, toKey } from './turn.ts';

/** Focal lengths that are compared: natural logarithms against the one that is assumed, 0.55 to 1.8 times. */
const STEP = 0.1;
const REACH = 6;

/** Pictures whose background moved less, pixels of the map, or shows fewer places tell nothing about the lens. */
const LEAST_MOVEMENT_PX = 15;
const FEWEST_PAIRS = 16;
/** With the right focal length a camera that only turns leaves no more than this of three quarters of the pairs, pixels. */
const EXPLAINED_PX = 0.7;
/** What the following of a place is off by, pixels. */
const NOISE_PX = 0.3;

const turn = createTurn();
const place = new Float64Array(2);
const costs = new Float64Array(2 * REACH + 1);
const off: number[] = [];

/**
 * Logarithm of the focal length over `focalPx` that explains best what the background did between two pictures of a camera that
 * turned: its rim moves farther than its middle by (x/f)² of the way (Hartley, "Self-calibration of stationary cameras", 1997). NaN
 * where the pictures do not tell, or where no turn explains them: the camera travelled.
 *
 * @param found the turn that was found with `focalPx`
 */
export function lensLog(matches: Matches, found: Turn, focalPx: number): number {
  if (matches.count < FEWEST_PAIRS || movementOf(matches) < LEAST_MOVEMENT_PX) return Number.NaN;
  let best = 0;
  let explainedPx = Number.POSITIVE_INFINITY;
  for (const direction of [-1, 1]) {
    copyTurn(turn, found);
    // Outwards from the focal length that the turn is known for: each is a good start for the next.
    for (let i = direction < 0 ? 0 : 1; i <= REACH; i++) {
      const step = direction * i;
      const focal = focalPx * Math.exp(step * STEP);
      refitTurn(turn, matches, focal);
      costs[step + REACH] = costOf(matches, focal);
      if ((step === 0 && direction < 0) || costs[step + REACH] < costs[best + REACH]) {
        best = step;
        explainedPx = upperQuartile();
      }
    }
  }
  if (Math.abs(best) === REACH || explainedPx > EXPLAINED_PX) return Number.NaN;
  const [before, at, after] = [-1, 0, 1].map((d) => costs[best + REACH + d]);
  return STEP * (best + (before - after) / (2 * (before - 2 * at + after)));
}

/** Half the squared errors in standard deviations, with the heavy tails of Cauchy; leaves the errors in `off`. */
function costOf({ key, now, count }: Matches, focalPx: number): number {
  let cost = 0;
  off.length = 0;
  for (let i = 0; i < count; i++) {
    if (!toKey(place, turn, now[i * 2], now[i * 2 + 1], focalPx)) continue;
    const errorPx = Math.hypot(place[0] - key[i * 2], place[1] - key[i * 2 + 1]);
    off.push(errorPx);
    cost += 0.5 * Math.log1p((errorPx / NOISE_PX) ** 2);
  }
  return off.length === count ? cost : Number.POSITIVE_INFINITY;
}

const upperQuartile = (): number => [...off].sort((a, b) => a - b)[Math.floor(0.75 * (off.length - 1))];
