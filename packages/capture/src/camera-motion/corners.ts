import type { LumaMap, LumaPyramid } from './luma-pyramid.ts';

/** Places of a map, `count × 2` used, in pixels of the map (centre of the first pixel is 0). */
export interface Corners {
  readonly capacity: number;
  readonly xy: Float64Array;
  count: number;
}

export const createCorners = (capacity: number): Corners => ({ capacity, xy: new Float64Array(capacity * 2), count: 0 });

/** At most one corner comes from each cell of this size, so that they are spread over the picture. */
const CELL_PX = 18;
/** A window of this radius must have texture in both directions. */
const RADIUS_PX = 3;
const STRIDE_PX = 2;
/** Nothing closer to the rim: the windows of all levels must fit. */
export const RIM_PX = 9;
/** Smaller eigenvalue of the mean structure tensor, squared luma steps a pixel: compression makes less. */
const LEAST_EIGENVALUE = 1.5;

interface Candidate {
  readonly x: number;
  readonly y: number;
  readonly score: number;
}

/**
 * Corners worth following: the best of each cell by the smaller eigenvalue of its structure tensor (Shi and Tomasi, "Good
 * Features to Track", 1994), the strongest first. They must show at half the size too: the grain of a carpet is another in every
 * compressed picture. `isFree` says of a place whether it may be background.
 */
export function findCorners(out: Corners, pyramid: LumaPyramid, isFree: (x: number, y: number) => boolean): void {
  const [map] = pyramid.levels;
  const candidates: Candidate[] = [];
  for (let top = RIM_PX; top + CELL_PX <= map.heightPx - RIM_PX; top += CELL_PX) {
    for (let left = RIM_PX; left + CELL_PX <= map.widthPx - RIM_PX; left += CELL_PX) {
      const best = bestOfCell(pyramid, left, top, isFree);
      if (best) candidates.push(best);
    }
  }
  candidates.sort((a, b) => b.score - a.score);
  out.count = Math.min(out.capacity, candidates.length);
  for (let i = 0; i < out.count; i++) {
    out.xy[i * 2] = candidates[i].x;
    out.xy[i * 2 + 1] = candidates[i].y;
  }
}

function bestOfCell(
  { levels: [map, coarser] }: LumaPyramid,
  left: number,
  top: number,
  isFree: (x: number, y: number) => boolean,
): Candidate | undefined {
  let best: Candidate | undefined;
  for (let y = top; y < top + CELL_PX; y += STRIDE_PX) {
    for (let x = left; x < left + CELL_PX; x += STRIDE_PX) {
      if (!isFree(x, y)) continue;
      const fine = smallerEigenvalue(map, x, y);
      if (!(fine > LEAST_EIGENVALUE)) continue;
      const score = smallerEigenvalue(coarser, x >> 1, y >> 1);
      if (score > LEAST_EIGENVALUE && !(best && best.score >= score)) best = { x, y, score };
    }
  }
  return best;
}

/** Of the mean structure tensor around a place, on every other pixel of its window. */
function smallerEigenvalue({ values, widthPx }: LumaMap, x: number, y: number): number {
  let xx = 0;
  let yy = 0;
  let xy = 0;
  for (let r = -RADIUS_PX; r <= RADIUS_PX; r += 2) {
    for (let c = -RADIUS_PX; c <= RADIUS_PX; c += 2) {
      const i = (y + r) * widthPx + x + c;
      const gx = (values[i + 1] - values[i - 1]) / 2;
      const gy = (values[i + widthPx] - values[i - widthPx]) / 2;
      xx += gx * gx;
      yy += gy * gy;
      xy += gx * gy;
    }
  }
  const samples = (RADIUS_PX + 1) ** 2;
  return ((xx + yy) / 2 - Math.sqrt(((xx - yy) / 2) ** 2 + xy * xy)) / samples;
}
