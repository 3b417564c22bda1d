import { GaitwayError } from '@gaitway/motion/errors';

/** A trim end at most this far beyond the end of the video means the end: players round. */
export const TRIM_TOLERANCE_SEC = 0.25;

export interface Trim {
  readonly startSec: number;
  readonly endSec: number;
  /** What is billed. */
  readonly durationMs: number;
}

/**
 * The part of the video that a job takes.
 * ```
 * resolveTrim(1, null, 10)     // 1..10, 9000 ms
 * resolveTrim(0, 10.2, 10)     // 0..10, 10000 ms
 * ```
 */
export function resolveTrim(startSec: number, endSec: number | null, videoSec: number): Trim {
  if (!(videoSec > 0) || !Number.isFinite(videoSec)) throw new GaitwayError('api_source_duration_invalid');
  const wantedEndSec = endSec ?? videoSec;
  if (wantedEndSec > videoSec + TRIM_TOLERANCE_SEC) throw new GaitwayError('api_trim_range_invalid');
  const end = Math.min(wantedEndSec, videoSec);
  const durationMs = Math.round((end - startSec) * 1000);
  if (startSec < 0 || durationMs < 1) throw new GaitwayError('api_trim_range_invalid');
  return { startSec, endSec: end, durationMs };
}
