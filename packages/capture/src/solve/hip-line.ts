import { addScaled, dot, normalizeVector } from '@gaitway/motion/vector';

/** No spine turns or bends the line of the shoulders farther from that of the hips. */
const MOST_TWIST_COSINE = Math.SQRT1_2;

/**
 * Brings the line of the hips (`v[hips..]`) as near to that of the shoulders (`v[shoulders..]`, made a unit vector) as a spine
 * allows, in place; one that is near enough only becomes a unit vector. The hips are half as far apart as the shoulders and their
 * depths err more: on all fours, with one of them hidden, their line alone turned the pelvis over, thighs and knees bent backwards,
 * and no fit found back from there.
 */
export function keepHipsNear(v: Float64Array, hips: number, shoulders: number): void {
  if (normalizeVector(v, shoulders) < 1e-6) return;
  const along = dot(v, hips, v, shoulders);
  addScaled(v, hips, v, hips, v, shoulders, -along);
  const across = normalizeVector(v, hips);
  const length = Math.hypot(along, across);
  const cosine = length > 0 ? Math.max(MOST_TWIST_COSINE, along / length) : 1;
  const sine = across > 0 ? Math.sqrt(1 - cosine * cosine) : 0;
  for (let k = 0; k < 3; k++) v[hips + k] = cosine * v[shoulders + k] + sine * v[hips + k];
}
