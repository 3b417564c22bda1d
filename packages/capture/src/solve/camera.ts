import type { Observations } from './observations.ts';

/** Who says how long the lens is: the user, the background of a pan, straight edges of the background, the file, or nobody. */
export type FocalSource = 'given' | 'background' | 'lines' | 'file' | 'prior';

/** A pinhole with square pixels and its principal point in the middle of the picture. */
export interface Camera {
  readonly focalPx: number;
  /** Standard deviation of the logarithm of `focalPx`. */
  readonly logSigma: number;
  readonly centreXPx: number;
  readonly centreYPx: number;
  readonly source: FocalSource;
}

/** What is known of a lens without the user: logarithm of its focal length over the assumed one, its standard deviation, who says so. */
export interface SeenLens {
  readonly mean: number;
  readonly sd: number;
  readonly source: FocalSource;
}

/** Focal length of an unknown camera as a fraction of the picture's diagonal (measured: 1.0 errs far more, see docs). */
export const PRIOR_FOCAL_PER_DIAGONAL = 0.7;
/** A lens of which nothing is known. */
export const UNSEEN_LENS: SeenLens = { mean: 0, sd: 0.12, source: 'prior' };
/** How far a field of view is off that somebody measured or looked up: logarithm of the focal length. */
const GIVEN_SD = 0.02;

/** The camera from the field of view across the longer side, or from what was seen of its lens, or from the prior. */
export function cameraFor(seen: Pick<Observations, 'widthPx' | 'heightPx'>, fovDeg: number | undefined, lens = UNSEEN_LENS): Camera {
  const centre = { centreXPx: seen.widthPx / 2, centreYPx: seen.heightPx / 2 };
  if (fovDeg !== undefined) {
    const focalPx = Math.max(seen.widthPx, seen.heightPx) / 2 / Math.tan((fovDeg * Math.PI) / 360);
    return { ...centre, focalPx, logSigma: GIVEN_SD, source: 'given' };
  }
  const priorPx = PRIOR_FOCAL_PER_DIAGONAL * Math.hypot(seen.widthPx, seen.heightPx);
  return { ...centre, focalPx: priorPx * Math.exp(lens.mean), logSigma: lens.sd, source: lens.source };
}
