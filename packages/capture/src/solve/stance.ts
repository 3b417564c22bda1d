import { CONTACT_DEFAULTS, intervals } from '@gaitway/motion/contacts';

/**
 * Contacts of soles that were seen by one camera. The distance to a camera wobbles far more than the direction, so that a
 * planted foot seems to move along the viewing ray: its speed is judged across the ray only.
 */
export interface StanceOptions {
  readonly startSpeedMS: number;
  readonly endSpeedMS: number;
  /** Above the lowest of the four points in the same frame, metres. */
  readonly maxHeightM: number;
}

export const STANCE_DEFAULTS: StanceOptions = { startSpeedMS: 0.22, endSpeedMS: 0.4, maxHeightM: 0.2 };
export const STANCE_EAGER: StanceOptions = { startSpeedMS: 0.4, endSpeedMS: 0.7, maxHeightM: 0.3 };

const POINTS = 4;

/**
 * @param soles `frameCount × 4 × 3`, world, Y up
 * @param eyeM position of the camera in that world
 * @returns `frameCount × 4`, 1 = planted
 */
export function detectStance(soles: Float64Array, eyeM: Float64Array, fps: number, options: StanceOptions = STANCE_DEFAULTS): Uint8Array {
  const frameCount = soles.length / (POINTS * 3);
  const out = new Uint8Array(frameCount * POINTS);
  for (let p = 0; p < POINTS; p++) {
    plant(out, soles, eyeM, fps, options, p, 0, frameCount);
    tidy(out, p, frameCount, 0, Math.round(CONTACT_DEFAULTS.maxGapSec * fps));
    looseTravellers(out, soles, eyeM, fps, options, p);
    tidy(out, p, frameCount, 1, Math.round(CONTACT_DEFAULTS.minContactSec * fps) - 1);
  }
  return out;
}

/** Marks where a point is low and slow, in frames `[from, to)`. */
function plant(
  out: Uint8Array,
  soles: Float64Array,
  eye: Float64Array,
  fps: number,
  o: StanceOptions,
  p: number,
  from: number,
  to: number,
): void {
  let planted = false;
  for (let f = from; f < to; f++) {
    const low = soles[(f * POINTS + p) * 3 + 1] - lowestPoint(soles, f) < o.maxHeightM;
    planted = low && speedAcrossRay(soles, eye, f, p, soles.length / (POINTS * 3), fps) < (planted ? o.endSpeedMS : o.startSpeedMS);
    out[f * POINTS + p] = planted ? 1 : 0;
  }
}

/** A foot that stands stays within this distance, across the ray, metres; and how often the speeds are halved for one that does not. */
const STANDS_WITHIN_M = 0.12;
const HALVINGS = 3;

/** In slow motion a swinging foot is slow too: who travels while planted is judged again by half the speeds. */
function looseTravellers(out: Uint8Array, soles: Float64Array, eye: Float64Array, fps: number, options: StanceOptions, p: number): void {
  let slower = options;
  for (let halving = 0; halving < HALVINGS; halving++) {
    slower = { ...slower, startSpeedMS: slower.startSpeedMS / 2, endSpeedMS: slower.endSpeedMS / 2 };
    const travelling = intervals(out, p, out.length / POINTS, POINTS).filter(
      ([from, to]) => wayAcrossRay(soles, eye, p, from, to) > STANDS_WITHIN_M,
    );
    if (travelling.length === 0) return;
    for (const [from, to] of travelling) plant(out, soles, eye, fps, slower, p, from, to);
  }
}

/** Largest distance across the viewing ray between a point at the start of a stretch and later, metres. */
function wayAcrossRay(soles: Float64Array, eye: Float64Array, p: number, from: number, to: number): number {
  let farthest = 0;
  for (let f = from + 1; f < to; f++) farthest = Math.max(farthest, acrossRay(soles, eye, (from * POINTS + p) * 3, (f * POINTS + p) * 3));
  return farthest;
}

/** Lowest of the four points in each frame: heights drift with the distance, so that only points of one frame compare. */
function lowestPoint(soles: Float64Array, frame: number): number {
  let lowest = Number.POSITIVE_INFINITY;
  for (let p = 0; p < POINTS; p++) lowest = Math.min(lowest, soles[(frame * POINTS + p) * 3 + 1]);
  return lowest;
}

function speedAcrossRay(soles: Float64Array, eye: Float64Array, f: number, p: number, frameCount: number, fps: number): number {
  const first = Math.max(0, f - 1);
  const last = Math.min(frameCount - 1, f + 1);
  const moved = acrossRay(soles, eye, (first * POINTS + p) * 3, (last * POINTS + p) * 3, (f * POINTS + p) * 3);
  return last > first ? (moved * fps) / (last - first) : 0;
}

/** Distance between two rows of `soles` without its part along the ray to the row at `o`. */
function acrossRay(soles: Float64Array, eye: Float64Array, a: number, b: number, o = a): number {
  let ray = 0;
  let along = 0;
  let moved = 0;
  for (let k = 0; k < 3; k++) {
    const r = soles[o + k] - eye[k];
    const d = soles[b + k] - soles[a + k];
    ray += r * r;
    along += r * d;
    moved += d * d;
  }
  return Math.sqrt(Math.max(0, moved - (ray > 0 ? (along * along) / ray : 0)));
}

function tidy(flags: Uint8Array, at: number, count: number, value: 0 | 1, maxLength: number): void {
  for (const [from, to] of intervals(flags, at, count, POINTS, value)) {
    if (to - from > maxLength || (value === 0 && (from === 0 || to === count))) continue;
    for (let f = from; f < to; f++) flags[at + f * POINTS] = 1 - value;
  }
}

/**
 * Height of the floor: the median planted sole, or where none is planted a low percentile of all soles, or of the lowest points of
 * the body if they are given.
 */
export function floorHeightM(soles: Float64Array, contacts: Uint8Array, lowestM?: () => readonly number[]): number {
  const planted: number[] = [];
  const all: number[] = [];
  for (let i = 0; i < contacts.length; i++) {
    all.push(soles[i * 3 + 1]);
    if (contacts[i] === 1) planted.push(soles[i * 3 + 1]);
  }
  const values = planted.length >= 6 ? planted : lowestM ? [...lowestM()] : all;
  values.sort((a, b) => a - b);
  return values.length === 0 ? 0 : values[Math.floor((values.length - 1) * (planted.length >= 6 ? 0.4 : 0.05))];
}

export const stanceOptions = (footLock: 'auto' | 'off' | 'strong'): StanceOptions =>
  footLock === 'strong' ? STANCE_EAGER : STANCE_DEFAULTS;
