import { CONTACT_DEFAULTS, intervals } from '@gaitway/motion/contacts';
import type { SoleMotion } from './sole-motion.ts';
import { acrossRay, POINTS, soleMotion } from './sole-motion.ts';
import { holdUnlifted } from './unlifted-feet.ts';

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

/**
 * The speeds above are for feet that swing no faster than a walker's, m/s. Smoothing carries a part of the swing into the stance, and
 * so much more of it the faster the swing: runners' feet stand for six frames and seem never at rest.
 */
const WALKERS_SWING_MS = 4;

/**
 * @param soles `frameCount × 4 × 3`, world, Y up
 * @param eyeM position of the camera in that world
 * @returns `frameCount × 4`, 1 = planted
 */
export function detectStance(soles: Float64Array, eyeM: Float64Array, fps: number, options: StanceOptions = STANCE_DEFAULTS): Uint8Array {
  const motion = soleMotion(soles, eyeM, fps);
  const { frameCount } = motion;
  const out = new Uint8Array(frameCount * POINTS);
  for (let p = 0; p < POINTS; p++) {
    plant(out, motion, options, p, 0, frameCount);
    tidy(out, p, frameCount, 0, Math.round(CONTACT_DEFAULTS.maxGapSec * fps));
    looseTravellers(out, motion, options, p);
    tidy(out, p, frameCount, 1, Math.round(CONTACT_DEFAULTS.minContactSec * fps) - 1);
  }
  holdUnlifted(out, motion);
  return out;
}

/** Marks where a point is low and slow, in frames `[from, to)`. */
function plant(out: Uint8Array, motion: SoleMotion, o: StanceOptions, p: number, from: number, to: number): void {
  let planted = false;
  for (let f = from; f < to; f++) {
    const i = f * POINTS + p;
    const low = motion.soles[i * 3 + 1] - lowestPoint(motion.soles, f) < o.maxHeightM;
    const slowMS: number = (planted ? o.endSpeedMS : o.startSpeedMS) * Math.max(1, motion.swingsMS[i] / WALKERS_SWING_MS);
    planted = low && motion.comesOrGoes[i] === 0 && motion.speedsMS[i] < slowMS;
    out[i] = planted ? 1 : 0;
  }
}

/** A foot that stands stays within this distance, across the ray, metres; and how often the speeds are halved for one that does not. */
const STANDS_WITHIN_M = 0.12;
const HALVINGS = 3;

/** In slow motion a swinging foot is slow too: who travels while planted is judged again by half the speeds. */
function looseTravellers(out: Uint8Array, motion: SoleMotion, options: StanceOptions, p: number): void {
  let slower = options;
  for (let halving = 0; halving < HALVINGS; halving++) {
    slower = { ...slower, startSpeedMS: slower.startSpeedMS / 2, endSpeedMS: slower.endSpeedMS / 2 };
    const travelling = intervals(out, p, motion.frameCount, POINTS).filter(
      ([from, to]) => wayAcrossRay(motion, p, from, to) > STANDS_WITHIN_M,
    );
    if (travelling.length === 0) return;
    for (const [from, to] of travelling) plant(out, motion, slower, p, from, to);
  }
}

/** Largest distance across the viewing ray between a point at the start of a stretch and later, metres. */
function wayAcrossRay({ soles, eyeM }: SoleMotion, p: number, from: number, to: number): number {
  let farthest = 0;
  for (let f = from + 1; f < to; f++) farthest = Math.max(farthest, acrossRay(soles, eyeM, from * POINTS + p, f * POINTS + p));
  return farthest;
}

/** Lowest of the four points in each frame: heights drift with the distance, so that only points of one frame compare. */
function lowestPoint(soles: Float64Array, frame: number): number {
  let lowest = Number.POSITIVE_INFINITY;
  for (let p = 0; p < POINTS; p++) lowest = Math.min(lowest, soles[(frame * POINTS + p) * 3 + 1]);
  return lowest;
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

/** What counts as a point at rest: it does not move, whether it touches the floor or not. */
export const restOptions = (footLock: 'auto' | 'off' | 'strong'): StanceOptions => (footLock === 'strong' ? STANCE_EAGER : STANCE_DEFAULTS);

/**
 * What counts as planted. Planted soles are as low as the lowest, but for shoes and for what an error of the camera's tilt makes of
 * the way between two feet; a heel on its ball is higher.
 */
export const plantedOptions = (footLock: 'auto' | 'off' | 'strong'): StanceOptions => ({
  ...restOptions(footLock),
  maxHeightM: footLock === 'strong' ? 0.15 : 0.07,
});
