import { intervals } from '@gaitway/motion/contacts';
import { SEGMENT_COUNT, type SourceMotion } from './source.ts';

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
const MAX_CREEP_M = 0.1;
/** A stance longer than a step of a walk is no step: whoever creeps in it shuffles, and less is enough to cut it. */
const LONG_STANCE_SEC = 1.5;
const MAX_LONG_CREEP_M = 0.07;
/** Time a foot needs to get from one stance to the next where a creeping stance was cut in two, seconds, to either side. */
const REPLANT_SEC = 0.07;

/**
 * Stances of both feet.
 * @param points `frameCount × 4 × 3`: where heels and toes of the robot would be without anchors, metres
 */
export function findPlants(source: SourceMotion, scale: number, points: Float64Array): Plant[] {
  const { contacts, frameCount } = source;
  const planted = new Uint8Array(frameCount * 2);
  for (let f = 0; f < frameCount; f++) {
    for (let foot = 0; foot < 2; foot++) planted[f * 2 + foot] = contacts[f * 4 + foot * 2] | contacts[f * 4 + foot * 2 + 1];
  }
  const gap = Math.max(1, Math.round(REPLANT_SEC * source.fps));
  const out: Plant[] = [];
  for (const foot of [0, 1] as const) {
    for (const [from, to] of intervals(planted, foot, frameCount, 2)) {
      for (const part of split(source, scale, gap, { foot, from, to }))
        out.push(turnedForLean(source, plantOf(contacts, points, foot, part.from, part.to)));
    }
  }
  return out;
}

/** Contacts inside the plants: where a creeping stance was cut in two the foot changes its place and is not planted. */
export function keptContacts({ contacts, frameCount }: SourceMotion, plants: readonly Plant[]): Uint8Array {
  const out = new Uint8Array(frameCount * 4);
  for (const { foot, from, to } of plants) {
    for (let f = from; f < to; f++) for (const p of [foot * 2, foot * 2 + 1]) out[f * 4 + p] = contacts[f * 4 + p];
  }
  return out;
}

/** What the ankle can roll, less a little, radians. */
const ANKLE_ROLL_RAD = 0.25;
/** Furthest that a foot is turned from its heading, and in what steps, radians. */
const MOST_TURN_RAD = 0.5;
const TURN_STEP_RAD = 0.05;
/** What a radian of heading costs against a radian of lean. */
const HEADING_COST = 0.15;

/**
 * The ankle of the robot rolls 15° to either side, less than that of a person. Where a shank leans further over its flat foot, the
 * foot turns towards the lean, which makes pitch of it.
 */
function turnedForLean(source: SourceMotion, plant: Plant): Plant {
  let best = 0;
  let least = excessLean(source, plant, 0);
  if (least === 0) return plant;
  for (let turn = -MOST_TURN_RAD; turn <= MOST_TURN_RAD; turn += TURN_STEP_RAD) {
    const cost = excessLean(source, plant, turn) + HEADING_COST * turn * turn;
    if (cost >= least) continue;
    least = cost;
    best = turn;
  }
  return { ...plant, yawRad: plant.yawRad + best };
}

/** Mean square of what the shank leans further than the ankle rolls while the foot is flat, radians². */
function excessLean({ contacts, directions }: SourceMotion, { foot, from, to, yawRad }: Plant, turnRad: number): number {
  const c = Math.cos(yawRad + turnRad);
  const s = Math.sin(yawRad + turnRad);
  let sum = 0;
  let frames = 0;
  for (let f = from; f < to; f++) {
    if (!contacts[f * 4 + foot * 2] || !contacts[f * 4 + foot * 2 + 1]) continue;
    const i = (f * SEGMENT_COUNT + foot * 2 + 1) * 3;
    const lean = Math.atan2(c * directions[i + 1] - s * directions[i], -directions[i + 2]);
    sum += straightness(directions, i) * Math.max(0, Math.abs(lean) - ANKLE_ROLL_RAD) ** 2;
    frames++;
  }
  return sum / Math.max(1, frames);
}

/** A knee bent by this much fixes the heading of its foot, radians. */
const BENT_RAD = 1.6;

/** 1 for a straight leg, 0 for one that is bent so far that its foot cannot turn; `i` is where the shank is. */
function straightness(directions: Float64Array, i: number): number {
  const cosine = directions[i - 3] * directions[i] + directions[i - 2] * directions[i + 1] + directions[i - 1] * directions[i + 2];
  return Math.max(0, 1 - Math.acos(Math.min(1, cosine)) / BENT_RAD);
}

interface Stance {
  readonly foot: 0 | 1;
  readonly from: number;
  readonly to: number;
}

/** One stance, or, where the foot of the source creeps too far, what is left of it on both sides of its fastest frame. */
function split(source: SourceMotion, scale: number, gap: number, stance: Stance): Stance[] {
  const { foot, from, to } = stance;
  const maxCreepM = to - from > LONG_STANCE_SEC * source.fps ? MAX_LONG_CREEP_M : MAX_CREEP_M;
  if (to - from < 2 * gap + 6 || farthest(source, stance) * scale < maxCreepM) return [stance];
  const cut = fastest(source, stance, gap);
  return [...split(source, scale, gap, { foot, from, to: cut - gap }), ...split(source, scale, gap, { foot, from: cut + gap, to })];
}

function farthest(source: SourceMotion, { foot, from, to }: Stance): number {
  let most = 0;
  for (let f = from + 1; f < to; f++) most = Math.max(most, creep(source, foot, from, f));
  return most;
}

function fastest(source: SourceMotion, { foot, from, to }: Stance, gap: number): number {
  let best = from + gap + 2;
  let most = -1;
  for (let f = best; f < to - gap - 2; f++) {
    const step = creep(source, foot, f - 1, f + 1);
    if (step <= most) continue;
    most = step;
    best = f;
  }
  return best;
}

/** How far the foot of the source moved between two frames: by its ball while that is down, else by its ankle, metres. */
function creep(source: SourceMotion, foot: 0 | 1, a: number, b: number): number {
  const isOnToe = source.contacts[a * 4 + foot * 2 + 1] && source.contacts[b * 4 + foot * 2 + 1];
  const p = foot * 2 + (isOnToe ? 1 : 0);
  const i = (a * 4 + p) * 3;
  const j = (b * 4 + p) * 3;
  return Math.hypot(source.feetM[i] - source.feetM[j], source.feetM[i + 1] - source.feetM[j + 1]);
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
