import { intervals } from '@gaitway/motion/contacts';

/** One stance of one foot: heel or toe or both on the floor from frame `from` up to, not including, `to`. */
export interface Plant {
  readonly foot: 0 | 1;
  readonly from: number;
  readonly to: number;
  /** Where the toe point stands, metres, and the heading of the foot, radians: one value for the whole plant. */
  readonly toeXyM: readonly [number, number];
  readonly yawRad: number;
}

/** Longest distance that a source foot may creep during one stance before it is two stances, metres at robot scale. */
const MAX_CREEP_M = 0.05;

/**
 * Stances of both feet.
 * @param contacts `frameCount × 4` (left heel, left toe, right heel, right toe)
 * @param points `frameCount × 4 × 3`: where these points of the robot would be without anchors, metres
 */
export function findPlants(contacts: Uint8Array, frameCount: number, points: Float64Array): Plant[] {
  const planted = new Uint8Array(frameCount * 2);
  for (let f = 0; f < frameCount; f++) {
    for (let foot = 0; foot < 2; foot++) planted[f * 2 + foot] = contacts[f * 4 + foot * 2] | contacts[f * 4 + foot * 2 + 1];
  }
  const out: Plant[] = [];
  for (const foot of [0, 1] as const) {
    for (const [from, to] of intervals(planted, foot, frameCount, 2)) addPlants(out, contacts, points, foot, from, to);
  }
  return out;
}

function addPlants(out: Plant[], contacts: Uint8Array, points: Float64Array, foot: 0 | 1, from: number, to: number): void {
  let start = from;
  for (let f = from + 1; f <= to; f++) {
    const isEnd = f === to;
    if (!isEnd && creep(contacts, points, foot, start, f) < MAX_CREEP_M) continue;
    out.push(plantOf(contacts, points, foot, start, f));
    start = f;
  }
}

/** Distance of the planted point between two frames; a heel that takes over from a toe does not count. */
function creep(contacts: Uint8Array, points: Float64Array, foot: 0 | 1, a: number, b: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let p = foot * 2; p < foot * 2 + 2; p++) {
    if (!contacts[a * 4 + p] || !contacts[b * 4 + p]) continue;
    const i = (a * 4 + p) * 3;
    const j = (b * 4 + p) * 3;
    least = Math.min(least, Math.hypot(points[i] - points[j], points[i + 1] - points[j + 1]));
  }
  return Number.isFinite(least) ? least : 0;
}

function plantOf(contacts: Uint8Array, points: Float64Array, foot: 0 | 1, from: number, to: number): Plant {
  let x = 0;
  let y = 0;
  let c = 0;
  let s = 0;
  let n = 0;
  const hasToe = anyPlanted(contacts, foot * 2 + 1, from, to);
  for (let f = from; f < to; f++) {
    const heel = (f * 4 + foot * 2) * 3;
    const toe = heel + 3;
    const d = Math.hypot(points[toe] - points[heel], points[toe + 1] - points[heel + 1]) || 1;
    const isFlat = contacts[f * 4 + foot * 2] && contacts[f * 4 + foot * 2 + 1] ? 1 : 0.05;
    c += (isFlat * (points[toe] - points[heel])) / d;
    s += (isFlat * (points[toe + 1] - points[heel + 1])) / d;
    if (hasToe && !contacts[f * 4 + foot * 2 + 1]) continue;
    x += points[toe];
    y += points[toe + 1];
    n++;
  }
  return { foot, from, to, toeXyM: [x / Math.max(1, n), y / Math.max(1, n)], yawRad: Math.atan2(s, c) };
}

function anyPlanted(contacts: Uint8Array, point: number, from: number, to: number): boolean {
  for (let f = from; f < to; f++) if (contacts[f * 4 + point]) return true;
  return false;
}
