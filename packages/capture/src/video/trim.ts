import { GaitwayError } from '@gaitway/motion/errors';

export interface TrimOptions {
  readonly trimStartSec?: number;
  readonly trimEndSec?: number;
}

/** Seconds since the first frame; frames with `startSec ≤ time < endSec` are inside. */
export interface TrimRange {
  readonly startSec: number;
  readonly endSec: number;
}

/** Containers round stamps to a millisecond: a frame this much before an end of the range counts as on it. */
export const TRIM_TOLERANCE_SEC = 0.0005;

/** Checks a trim against the clip's measured duration; an end up to one frame past it is taken as the end. */
export const trimRange = (options: TrimOptions, durationSec: number, fps: number): TrimRange => {
  const startSec = options.trimStartSec ?? 0;
  const endSec = options.trimEndSec ?? durationSec;
  const isInside = startSec >= 0 && endSec <= durationSec + 1 / fps;
  if (!(isInside && endSec > startSec && startSec < durationSec)) {
    throw new GaitwayError('api_trim_range_invalid', {
      facts: { trimStartSec: options.trimStartSec ?? null, trimEndSec: options.trimEndSec ?? null, durationSec },
    });
  }
  // Without an end everything is wanted, also frames that the packets did not announce.
  return { startSec, endSec: options.trimEndSec === undefined ? Number.POSITIVE_INFINITY : endSec };
};
