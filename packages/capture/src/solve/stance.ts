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
    let planted = false;
    for (let f = 0; f < frameCount; f++) {
      const low = soles[(f * POINTS + p) * 3 + 1] - lowestPoint(soles, f) < options.maxHeightM;
      planted = low && speedAcrossRay(soles, eyeM, f, p, frameCount, fps) < (planted ? options.endSpeedMS : options.startSpeedMS);
      out[f * POINTS + p] = planted ? 1 : 0;
    }
    tidy(out, p, frameCount, 0, Math.round(CONTACT_DEFAULTS.maxGapSec * fps));
    tidy(out, p, frameCount, 1, Math.round(CONTACT_DEFAULTS.minContactSec * fps) - 1);
  }
  return out;
}

/** Lowest of the four points in each frame: heights drift with the distance, so that only points of one frame compare. */
function lowestPoint(soles: Float64Array, frame: number): number {
  let lowest = Number.POSITIVE_INFINITY;
  for (let p = 0; p < POINTS; p++) lowest = Math.min(lowest, soles[(frame * POINTS + p) * 3 + 1]);
  return lowest;
}

function speedAcrossRay(soles: Float64Array, eye: Float64Array, f: number, p: number, frameCount: number, fps: number): number {
  const a = (Math.max(0, f - 1) * POINTS + p) * 3;
  const b = (Math.min(frameCount - 1, f + 1) * POINTS + p) * 3;
  const o = (f * POINTS + p) * 3;
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
  const spanSec = (Math.min(frameCount - 1, f + 1) - Math.max(0, f - 1)) / fps;
  return spanSec > 0 ? Math.sqrt(Math.max(0, moved - (ray > 0 ? (along * along) / ray : 0))) / spanSec : 0;
}

function tidy(flags: Uint8Array, at: number, count: number, value: 0 | 1, maxLength: number): void {
  for (const [from, to] of intervals(flags, at, count, POINTS, value)) {
    if (to - from > maxLength || (value === 0 && (from === 0 || to === count))) continue;
    for (let f = from; f < to; f++) flags[at + f * POINTS] = 1 - value;
  }
}

/** Height of the floor: the median planted sole, or a low percentile of all soles where none is planted. */
export function floorHeightM(soles: Float64Array, contacts: Uint8Array): number {
  const planted: number[] = [];
  const all: number[] = [];
  for (let i = 0; i < contacts.length; i++) {
    all.push(soles[i * 3 + 1]);
    if (contacts[i] === 1) planted.push(soles[i * 3 + 1]);
  }
  const values = planted.length >= 6 ? planted : all;
  values.sort((a, b) => a - b);
  return values.length === 0 ? 0 : values[Math.floor((values.length - 1) * (planted.length >= 6 ? 0.4 : 0.05))];
}

export const stanceOptions = (footLock: 'auto' | 'off' | 'strong'): StanceOptions =>
  footLock === 'strong' ? STANCE_EAGER : STANCE_DEFAULTS;
