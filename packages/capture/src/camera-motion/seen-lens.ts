import type { CameraTrack, CameraVerdict } from './camera-motion.ts';

/** How far focal lengths of unknown cameras are from the assumed one: standard deviation of the logarithm. */
const PRIOR_SD = 0.12;
/** What one picture's focal length is off by, and what all of a clip have in common (distortion, a hand that also moves). */
const PICTURE_SD = 0.08;
const COMMON_SD = 0.03;
/** Pictures that disagree more, or a background that grows or shrinks more: the camera zooms or travels, which is no lens. */
const MOST_SPREAD = 0.1;
const MOST_ZOOM = 1.12;

/**
 * Logarithm of the focal length of a camera over the assumed one (`track.focalPx`), from what its pans have shown; 0 where they have
 * shown nothing. The median of the pictures, and as much of it as they are surer than the prior.
 */
export function seenLensLog({ lensLogs }: Pick<CameraTrack, 'lensLogs'>, { zoom }: Pick<CameraVerdict, 'zoom'>): number {
  const logs = [...(lensLogs ?? [])].filter(Number.isFinite).sort((a, b) => a - b);
  if (logs.length === 0 || zoom > MOST_ZOOM) return 0;
  const middle = (logs[(logs.length - 1) >> 1] + logs[logs.length >> 1]) / 2;
  const spread = Math.sqrt(logs.reduce((sum, log) => sum + (log - middle) ** 2, 0) / logs.length);
  if (spread > MOST_SPREAD) return 0;
  const variance = PICTURE_SD ** 2 / logs.length + COMMON_SD ** 2;
  return (middle * PRIOR_SD ** 2) / (PRIOR_SD ** 2 + variance);
}
