import type { GrayMap } from './gray-map.ts';

export const BACKGROUND_LONG_SIDE_PX = 160;
const BLOCK_PX = 12;
/** Largest shift that is looked for, in pixels of the map. */
const REACH_PX = 12;
/** Blocks with less contrast than this (standard deviation of luma) match everywhere. */
const LEAST_CONTRAST = 0.02;
const LEAST_BLOCKS = 4;
/** Blocks this near to the median agree with it; with fewer than half agreeing there is no one motion (people, shadows, leaves). */
const AGREEMENT_PX = 0.75;

/**
 * How far the background moved from one picture to the next, in widths of the picture: the median of the shifts of small blocks.
 * `isBackground` says of a point of the map whether it belongs to it. Null where too little of the background has any texture, or where it moves in many ways.
 */
export const backgroundShift = (from: GrayMap, to: GrayMap, isBackground: (x: number, y: number) => boolean): number | null => {
  const shiftsX: number[] = [];
  const shiftsY: number[] = [];
  for (let top = REACH_PX; top + BLOCK_PX + REACH_PX <= from.heightPx; top += BLOCK_PX) {
    for (let left = REACH_PX; left + BLOCK_PX + REACH_PX <= from.widthPx; left += BLOCK_PX) {
      if (!isBackground(left + BLOCK_PX / 2, top + BLOCK_PX / 2) || !hasTexture(from, left, top)) continue;
      const shift = blockShift(from, to, left, top);
      shiftsX.push(shift.x);
      shiftsY.push(shift.y);
    }
  }
  if (shiftsX.length < LEAST_BLOCKS) return null;
  const [x, y] = [median(shiftsX), median(shiftsY)];
  const agreeing = shiftsX.filter((shiftX, i) => Math.hypot(shiftX - x, shiftsY[i] - y) < AGREEMENT_PX).length;
  return agreeing * 2 < shiftsX.length ? null : Math.hypot(x, y) / from.widthPx;
};

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
};

/** Contrast along both axes: a block with a single edge says nothing about the direction along it. */
const hasTexture = ({ values, widthPx }: GrayMap, left: number, top: number): boolean => {
  let [across, down] = [0, 0];
  for (let row = top; row < top + BLOCK_PX - 1; row++) {
    for (let column = left; column < left + BLOCK_PX - 1; column++) {
      const at = row * widthPx + column;
      across += (values[at + 1] - values[at]) ** 2;
      down += (values[at + widthPx] - values[at]) ** 2;
    }
  }
  return Math.sqrt(Math.min(across, down) / BLOCK_PX ** 2) > LEAST_CONTRAST;
};

/** Full search for the least sum of squared differences, refined by a parabola through its neighbours. */
const blockShift = (from: GrayMap, to: GrayMap, left: number, top: number): { readonly x: number; readonly y: number } => {
  const cost = (x: number, y: number): number => blockCost(from, to, left, top, x, y);
  let best = { x: 0, y: 0, cost: cost(0, 0) };
  for (let y = -REACH_PX; y <= REACH_PX; y++) {
    for (let x = -REACH_PX; x <= REACH_PX; x++) {
      const here = cost(x, y);
      if (here < best.cost) best = { x, y, cost: here };
    }
  }
  return {
    x: best.x + (Math.abs(best.x) < REACH_PX ? vertex(cost(best.x - 1, best.y), best.cost, cost(best.x + 1, best.y)) : 0),
    y: best.y + (Math.abs(best.y) < REACH_PX ? vertex(cost(best.x, best.y - 1), best.cost, cost(best.x, best.y + 1)) : 0),
  };
};

/** Where a parabola through the costs at −1, 0 and 1 is lowest. */
const vertex = (before: number, at: number, after: number): number => {
  const bend = before - 2 * at + after;
  return bend > 0 ? (before - after) / (2 * bend) : 0;
};

const blockCost = (from: GrayMap, to: GrayMap, left: number, top: number, x: number, y: number): number => {
  const width = from.widthPx;
  let sum = 0;
  for (let row = top; row < top + BLOCK_PX; row++) {
    const a = row * width + left;
    const b = (row + y) * width + left + x;
    for (let i = 0; i < BLOCK_PX; i++) sum += (from.values[a + i] - to.values[b + i]) ** 2;
  }
  return sum;
};
