import type { LumaMap } from './luma-pyramid.ts';
import type { Turn } from './turn.ts';
import { turnMatrix } from './turn.ts';

/** Farthest shift that is looked for, as a part of the map's sides, and the part of the map that must still overlap. */
const REACH_X = 0.5;
const REACH_Y = 0.35;
/** Differences count up to this many luma steps: a person who moves is different wherever the rest fits. */
const MOST_DIFFERENT = 30;

/**
 * Where a picture is shifted to against another, by trying all shifts of two coarse maps: for pans so fast that nothing is near
 * where it was. Writes the turn (this picture → the other) into `out`. `focalPx` is that of level 0, `shrink` its size over the maps'.
 */
export function searchShift(out: Turn, other: LumaMap, now: LumaMap, focalPx: number, shrink: number): void {
  const reachX = Math.floor(now.widthPx * REACH_X);
  const reachY = Math.floor(now.heightPx * REACH_Y);
  const offset = meanOf(now) - meanOf(other);
  let best = { x: 0, y: 0, cost: Number.POSITIVE_INFINITY };
  for (let y = -reachY; y <= reachY; y++) {
    for (let x = -reachX; x <= reachX; x++) {
      const cost = shiftCost(other, now, x, y, offset);
      if (cost < best.cost) best = { x, y, cost };
    }
  }
  turnMatrix(out.rotation, (best.y * shrink) / focalPx, (-best.x * shrink) / focalPx, 0);
}

const meanOf = ({ values }: LumaMap): number => values.reduce((sum, v) => sum + v, 0) / values.length;

/** Mean difference where the maps overlap if what is at p in `other` is at p + (x, y) in `now`; on every other pixel. */
function shiftCost(other: LumaMap, now: LumaMap, x: number, y: number, offset: number): number {
  const { widthPx, heightPx } = now;
  let sum = 0;
  let count = 0;
  for (let row = Math.max(0, -y); row < Math.min(heightPx, heightPx - y); row += 2) {
    const a = row * widthPx;
    const b = (row + y) * widthPx + x;
    for (let column = Math.max(0, -x); column < Math.min(widthPx, widthPx - x); column += 2) {
      sum += Math.min(MOST_DIFFERENT, Math.abs(now.values[b + column] - offset - other.values[a + column]));
      count++;
    }
  }
  return sum / count;
}
