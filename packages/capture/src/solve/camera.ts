import type { Observations } from './observations.ts';

/** Who says how long the lens is: the user, the background of a pan, or nobody. */
export type FocalSource = 'given' | 'background' | 'prior';

/** A pinhole with square pixels and its principal point in the middle of the picture. */
export interface Camera {
  readonly focalPx: number;
  readonly centreXPx: number;
  readonly centreYPx: number;
  readonly source: FocalSource;
}

/** Focal length of an unknown camera as a fraction of the picture's diagonal (measured: 1.0 errs far more, see docs). */
const PRIOR_FOCAL_PER_DIAGONAL = 0.7;

/**
 * The camera from the field of view across the longer side, or from the prior; `seenLog` is the logarithm of the focal length over
 * the prior's as far as the background has shown it, 0 = not at all.
 */
export function cameraFor(seen: Pick<Observations, 'widthPx' | 'heightPx'>, fovDeg: number | undefined, seenLog = 0): Camera {
  const centre = { centreXPx: seen.widthPx / 2, centreYPx: seen.heightPx / 2 };
  if (fovDeg !== undefined) {
    const focalPx = Math.max(seen.widthPx, seen.heightPx) / 2 / Math.tan((fovDeg * Math.PI) / 360);
    return { ...centre, focalPx, source: 'given' };
  }
  const priorPx = PRIOR_FOCAL_PER_DIAGONAL * Math.hypot(seen.widthPx, seen.heightPx);
  return { ...centre, focalPx: priorPx * Math.exp(seenLog), source: seenLog === 0 ? 'prior' : 'background' };
}
