import type { FocalSource } from './camera.ts';

/** What the solve found out besides the motion, for the manifest. */
export interface SolveReport {
  /** `fit` is the temporal body fit, `analytic` the first solve. */
  readonly method: 'fit' | 'analytic';
  readonly camera: CameraReport;
  readonly person: PersonReport;
  /** Stretches that were mended before solving. */
  readonly repairs: readonly Repair[];
  /** Stretches in which nobody was found; the motion there is bridged, not seen. */
  readonly gaps: readonly FrameSpan[];
  /** How far the motion can be trusted; absent in reports of older clips. */
  readonly confidence?: ConfidenceReport;
  /** Sentences for the user about what is uncertain. */
  readonly warnings: readonly string[];
}

export interface CameraReport {
  /** Focal length in pixels of the upright picture, square pixels, principal point in the middle. */
  readonly focalPx: number;
  readonly focalSource: FocalSource;
  /** Standard deviation of `focalPx`, relative; absent in reports of older clips. */
  readonly focalSigma?: number;
  /** The camera turned; that is taken out of the motion. */
  readonly moving: boolean;
  /** Absent where nobody looked at the background. */
  readonly background?: BackgroundReport;
  /** Unit vector against gravity in camera axes (x right, y down, z forward); those of the middle of the pan where the camera turns. */
  readonly upInCamera: readonly [number, number, number];
}

/** What the background says about the camera. */
export interface BackgroundReport {
  /** Share of the frames in which it could be followed, 0..1. */
  readonly followed: number;
  /** Largest angle from the middle of the pan, degrees; 0 for a camera that does not turn. */
  readonly panDeg: number;
  /** Largest size of the background over its smallest; 1 unless the camera zooms or travels forwards or backwards. */
  readonly zoom: number;
  /** Part of its movement that no rotation explains, 0..1. */
  readonly parallax: number;
  readonly translationSuspected: boolean;
}

export interface PersonReport {
  readonly heightM: number;
  /** The height is believed to lie in this interval (95 %), metres. */
  readonly heightRangeM: readonly [number, number];
  readonly heightSource: 'given' | 'prior';
  /** Joint-to-joint lengths of this person's skeleton, both sides equal, metres. */
  readonly boneLengthsM: Readonly<Record<string, number>>;
}

/** Confidence of the clip over its parts of the body (arms, legs, head, torso) and frames, 0..1. */
export interface ConfidenceReport {
  readonly mean: number;
  /** Share of parts and frames below 0.5. */
  readonly lowShare: number;
  /** Where a part is a guess, the worst first. */
  readonly worst: readonly UnsureStretch[];
}

export interface UnsureStretch {
  readonly part: string;
  readonly fromSec: number;
  readonly toSec: number;
  readonly mean: number;
}

/** Frames `from` (first) to `to` (after the last) of the clip. */
export interface FrameSpan {
  readonly from: number;
  readonly to: number;
}

export interface Repair extends FrameSpan {
  readonly kind: 'whole_body_flip' | 'arm_swap' | 'leg_swap' | 'outlier';
}
