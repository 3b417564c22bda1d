import type { Corners } from './corners.ts';
import type { LumaMap, LumaPyramid } from './luma-pyramid.ts';
import { LEVELS } from './luma-pyramid.ts';

/** Half of the window that is compared, pixels of its level. */
const HALF_PX = 4;
const SIDE = 2 * HALF_PX + 1;
const AREA = SIDE * SIDE;

/** What the surroundings of corners looked like in their key picture, at every level. */
export interface Patches {
  readonly count: number;
  /** `levels × count × AREA`: luma less its mean, and its derivatives. */
  readonly luma: Float32Array;
  readonly across: Float32Array;
  readonly down: Float32Array;
  /** `levels × count × 4`: inverse of the 2 × 2 tensor (xx, xy, yy) and the mean square of the luma; xx = 0 where a level is no help. */
  readonly inverse: Float64Array;
}

export function takePatches(pyramid: LumaPyramid, corners: Corners): Patches {
  const { count } = corners;
  const size = LEVELS * count * AREA;
  const out: Patches = {
    count,
    luma: new Float32Array(size),
    across: new Float32Array(size),
    down: new Float32Array(size),
    inverse: new Float64Array(LEVELS * count * 4),
  };
  for (let level = 0; level < LEVELS; level++) {
    for (let i = 0; i < count; i++) takePatch(out, pyramid.levels[level], level, i, corners);
  }
  return out;
}

/** Position in pixels of a level of a position in pixels of level 0: centres of pixels are whole numbers at every level. */
const atLevel = (position: number, level: number): number => (position + 0.5) / (1 << level) - 0.5;
const fromLevel = (position: number, level: number): number => (position + 0.5) * (1 << level) - 0.5;

function takePatch(out: Patches, map: LumaMap, level: number, i: number, corners: Corners): void {
  const at = (level * out.count + i) * AREA;
  const x = atLevel(corners.xy[i * 2], level);
  const y = atLevel(corners.xy[i * 2 + 1], level);
  const margin = HALF_PX + 1;
  if (!(x >= margin && y >= margin && x < map.widthPx - margin - 1 && y < map.heightPx - margin - 1)) return;
  let mean = 0;
  let k = at;
  for (let r = -HALF_PX; r <= HALF_PX; r++) {
    for (let c = -HALF_PX; c <= HALF_PX; c++, k++) {
      out.luma[k] = sample(map, x + c, y + r);
      out.across[k] = (sample(map, x + c + 1, y + r) - sample(map, x + c - 1, y + r)) / 2;
      out.down[k] = (sample(map, x + c, y + r + 1) - sample(map, x + c, y + r - 1)) / 2;
      mean += out.luma[k] / AREA;
    }
  }
  let [xx, xy, yy, energy] = [0, 0, 0, 0];
  for (k = at; k < at + AREA; k++) {
    out.luma[k] -= mean;
    xx += out.across[k] ** 2;
    xy += out.across[k] * out.down[k];
    yy += out.down[k] ** 2;
    energy += out.luma[k] ** 2 / AREA;
  }
  const det = xx * yy - xy * xy;
  if (!(det > 1e-3 * (xx + yy) ** 2) || !(xx + yy > AREA)) return;
  out.inverse.set([yy / det, -xy / det, xx / det, energy], (level * out.count + i) * 4);
}

function sample({ values, widthPx }: LumaMap, x: number, y: number): number {
  const left = Math.floor(x);
  const top = Math.floor(y);
  const fx = x - left;
  const fy = y - top;
  const i = top * widthPx + left;
  return (values[i] * (1 - fx) + values[i + 1] * fx) * (1 - fy) + (values[i + widthPx] * (1 - fx) + values[i + widthPx + 1] * fx) * fy;
}

/** Steps at one level, and the step below which it has arrived, pixels of the level. */
const MOST_STEPS = 6;
const ARRIVED_PX = 0.03;
/** What remains after the last step, as a part of the patch's contrast: more is another thing. */
const LIKE_ENOUGH = 0.35;
/** The grain of a picture, mean squared luma steps: patches with little contrast consist of it. */
const GRAIN = 3;

const window = new Float32Array(AREA);

/**
 * Follows patch `i` from the place in `xy` (pixels of level 0, at `i × 2`) to where it is in another picture, in place, from the
 * coarsest of `levels` levels to the finest. False where it is not found, which leaves `xy` of no use. Translation only, inverse
 * compositional, means taken off (Baker and Matthews, "Lucas–Kanade 20 Years On", 2004).
 */
export function followPatch(patches: Patches, i: number, pyramid: LumaPyramid, xy: Float64Array, levels: number): boolean {
  let found = false;
  for (let level = levels - 1; level >= 0; level--) {
    if (!(patches.inverse[(level * patches.count + i) * 4] > 0)) continue;
    found = followAtLevel(patches, i, pyramid.levels[level], level, xy);
    if (!found && level === 0) return false;
  }
  return found;
}

function followAtLevel(patches: Patches, i: number, map: LumaMap, level: number, xy: Float64Array): boolean {
  const at = (level * patches.count + i) * AREA;
  const h = (level * patches.count + i) * 4;
  const { inverse, luma, across, down } = patches;
  let x = atLevel(xy[i * 2], level);
  let y = atLevel(xy[i * 2 + 1], level);
  for (let step = 0; step < MOST_STEPS; step++) {
    if (!(x >= HALF_PX && y >= HALF_PX && x < map.widthPx - HALF_PX - 1 && y < map.heightPx - HALF_PX - 1)) return false;
    const mean = readWindow(map, x, y);
    let [bx, by, rest] = [0, 0, 0];
    for (let k = 0; k < AREA; k++) {
      const error = window[k] - mean - luma[at + k];
      bx += across[at + k] * error;
      by += down[at + k] * error;
      rest += error * error;
    }
    const dx = inverse[h] * bx + inverse[h + 1] * by;
    const dy = inverse[h + 1] * bx + inverse[h + 2] * by;
    x -= dx;
    y -= dy;
    if (Math.abs(dx) + Math.abs(dy) < ARRIVED_PX * (1 + 2 * level)) {
      xy[i * 2] = fromLevel(x, level);
      xy[i * 2 + 1] = fromLevel(y, level);
      return rest / AREA < LIKE_ENOUGH ** 2 * inverse[h + 3] + GRAIN;
    }
  }
  return false;
}

/** Reads the window around a place between pixels into `window`; returns its mean. */
function readWindow({ values, widthPx }: LumaMap, x: number, y: number): number {
  const left = Math.floor(x);
  const top = Math.floor(y);
  const fx = x - left;
  const fy = y - top;
  const [a, b, c, d] = [(1 - fx) * (1 - fy), fx * (1 - fy), (1 - fx) * fy, fx * fy];
  let sum = 0;
  let k = 0;
  for (let r = -HALF_PX; r <= HALF_PX; r++) {
    let i = (top + r) * widthPx + left - HALF_PX;
    for (let col = 0; col < SIDE; col++, i++, k++) {
      const value = values[i] * a + values[i + 1] * b + values[i + widthPx] * c + values[i + widthPx + 1] * d;
      window[k] = value;
      sum += value;
    }
  }
  return sum / AREA;
}
