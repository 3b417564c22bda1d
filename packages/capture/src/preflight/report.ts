import type { VideoInfo } from '../video-info.ts';

/** What can be wrong with a clip before it is processed. */
export type FindingCode =
  | 'no_person'
  | 'person_often_missing'
  | 'person_too_small'
  | 'several_people'
  | 'legs_out_of_frame'
  | 'cut'
  | 'motion_blur'
  | 'low_light'
  | 'camera_moves'
  | 'too_short'
  | 'too_long';

export interface PreflightFinding {
  readonly code: FindingCode;
  /** `blocker`: the result would be no motion of the person. `warning`: it will be worse than it could be. */
  readonly severity: 'blocker' | 'warning';
  /** What was seen and what to do about it. */
  readonly sentence: string;
  /** Where it shows, seconds from the start of the clip. */
  readonly timeSec?: number;
}

export type Verdict = 'fits' | 'fits_with_warnings' | 'does_not_fit';

/** A picture of the clip with the people who were found framed. `rgb`: rows of `widthPx` × 3 bytes. */
export interface Still {
  readonly timeSec: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly rgb: Uint8Array;
}

/** What was measured, as medians over the pictures with the person; null where it could not be. */
export interface PreflightMeasures {
  readonly sampledFrames: number;
  readonly framesWithPerson: number;
  /** The most people in one picture. */
  readonly people: number;
  /** Height of the person's box in the picture, 0..1 of the picture's height. */
  readonly personHeight: number | null;
  /** Mean luma of the person's box, 0..1. */
  readonly light: number | null;
  /** See `sharpness.ts`; sharp clips have 0.4 to 1, below 0.1 is blurred. */
  readonly sharpness: number | null;
  /** Speed of the background, picture widths a second. */
  readonly cameraSpeed: number | null;
  readonly cutsSec: readonly number[];
}

export interface PreflightReport {
  readonly verdict: Verdict;
  /** Blockers first. */
  readonly findings: readonly PreflightFinding[];
  readonly measures: PreflightMeasures;
  readonly video: VideoInfo;
  /** Shows the first finding that has a time, else the person. */
  readonly still: Still;
}

export const verdictOf = (findings: readonly PreflightFinding[]): Verdict => {
  if (findings.some(({ severity }) => severity === 'blocker')) return 'does_not_fit';
  return findings.length > 0 ? 'fits_with_warnings' : 'fits';
};
