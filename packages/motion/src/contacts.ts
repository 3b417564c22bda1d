/**
 * Foot contacts from motion: a point is planted while it is slow and low.
 * Thresholds with hysteresis after the plant detection of NVIDIA's SOMA retargeter and PHUMA's filters; all scale with body size.
 */

export interface ContactOptions {
  /** A contact begins below this speed, m/s. */
  readonly startSpeedMS: number;
  /** A contact ends above this speed, m/s. */
  readonly endSpeedMS: number;
  /** A contact needs the point to be lower than this above the floor, metres. */
  readonly maxHeightM: number;
  /** Shorter contacts are dropped, seconds. */
  readonly minContactSec: number;
  /** Shorter gaps between two contacts of a point are closed, seconds. */
  readonly maxGapSec: number;
}

export const CONTACT_DEFAULTS: ContactOptions = {
  startSpeedMS: 0.15,
  endSpeedMS: 0.3,
  maxHeightM: 0.06,
  minContactSec: 0.1,
  maxGapSec: 0.07,
};

/**
 * @param positionsM `frameCount × points × 3`, world, Y up, floor at y = 0
 * @returns `frameCount × points`, 1 = planted
 */
export function detectContacts(
  positionsM: Float64Array,
  points: number,
  fps: number,
  options: ContactOptions = CONTACT_DEFAULTS,
): Uint8Array {
  const frameCount = positionsM.length / (points * 3);
  const speeds = pointSpeeds(positionsM, points, fps);
  const out = new Uint8Array(frameCount * points);
  for (let p = 0; p < points; p++) {
    let planted = false;
    for (let f = 0; f < frameCount; f++) {
      const low = positionsM[(f * points + p) * 3 + 1] < options.maxHeightM;
      planted = low && speeds[f * points + p] < (planted ? options.endSpeedMS : options.startSpeedMS);
      out[f * points + p] = planted ? 1 : 0;
    }
    closeRuns(out, p, frameCount, points, 0, Math.round(options.maxGapSec * fps));
    closeRuns(out, p, frameCount, points, 1, Math.round(options.minContactSec * fps) - 1);
  }
  return out;
}

/** Speeds of interleaved points by central differences (one-sided at the ends), `frameCount × points`, m/s. */
export function pointSpeeds(positionsM: Float64Array, points: number, fps: number): Float64Array {
  const frameCount = positionsM.length / (points * 3);
  const out = new Float64Array(frameCount * points);
  for (let f = 0; f < frameCount; f++) {
    const a = Math.max(0, f - 1);
    const b = Math.min(frameCount - 1, f + 1);
    const spanSec = (b - a) / fps;
    for (let p = 0; p < points; p++) {
      const i = (a * points + p) * 3;
      const j = (b * points + p) * 3;
      const d = Math.hypot(positionsM[j] - positionsM[i], positionsM[j + 1] - positionsM[i + 1], positionsM[j + 2] - positionsM[i + 2]);
      out[f * points + p] = spanSec > 0 ? d / spanSec : 0;
    }
  }
  return out;
}

/** Inverts runs of `value` of at most `maxLength` frames; runs of 0 that touch an end stay (nothing is known beyond it). */
function closeRuns(flags: Uint8Array, at: number, count: number, stride: number, value: 0 | 1, maxLength: number): void {
  for (const [from, to] of intervals(flags, at, count, stride, value)) {
    const touchesEnd = value === 0 && (from === 0 || to === count);
    if (to - from > maxLength || touchesEnd) continue;
    for (let f = from; f < to; f++) flags[at + f * stride] = 1 - value;
  }
}

/** Half-open frame ranges [from, to) in which the flag equals `value`. */
export function intervals(flags: Uint8Array, at: number, count: number, stride: number, value: 0 | 1 = 1): [number, number][] {
  const out: [number, number][] = [];
  let from = -1;
  for (let f = 0; f <= count; f++) {
    const inside = f < count && flags[at + f * stride] === value;
    if (inside && from < 0) from = f;
    if (!inside && from >= 0) {
      out.push([from, f]);
      from = -1;
    }
  }
  return out;
}
