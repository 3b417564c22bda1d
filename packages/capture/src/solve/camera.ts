import type { Observations } from './observations.ts';

/** A pinhole with square pixels and its principal point in the middle of the picture. */
export interface Camera {
  readonly focalPx: number;
  readonly centreXPx: number;
  readonly centreYPx: number;
  readonly source: 'given' | 'prior';
}

/** Focal length of an unknown camera as a fraction of the picture's diagonal (measured: 1.0 errs far more, see docs). */
const PRIOR_FOCAL_PER_DIAGONAL = 0.7;

/** The camera from the field of view across the longer side, or from the prior. */
export function cameraFor(seen: Pick<Observations, 'widthPx' | 'heightPx'>, fovDeg: number | undefined): Camera {
  const focalPx =
    fovDeg === undefined
      ? PRIOR_FOCAL_PER_DIAGONAL * Math.hypot(seen.widthPx, seen.heightPx)
      : Math.max(seen.widthPx, seen.heightPx) / 2 / Math.tan((fovDeg * Math.PI) / 360);
  return { focalPx, centreXPx: seen.widthPx / 2, centreYPx: seen.heightPx / 2, source: fovDeg === undefined ? 'prior' : 'given' };
}
