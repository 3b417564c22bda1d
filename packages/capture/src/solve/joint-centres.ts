import { LANDMARK_COUNT, LANDMARKS } from '../landmarks.ts';
import type { BodyPoints } from '../lift/body-points.ts';
import { BODY_POINTS } from '../lift/body-points.ts';
import type { Observations } from './observations.ts';

/** Points that the lift knows and the landmarks of the same name: [point, landmark]. */
const SHARED: readonly (readonly [point: number, landmark: number])[] = BODY_POINTS.flatMap((name, point) => {
  const landmark = (LANDMARKS as readonly string[]).indexOf(name);
  return landmark < 0 ? [] : [[point, landmark] as const];
});

/**
 * What was seen, with joint centres in place of the landmarks beside them in the picture. A body placed by landmarks stands a hand's
 * breadth beside the points that the fit then pulls it to.
 *
 * @param points at the same frames as `seen`; frames in which the lift found nobody keep their landmarks
 */
export function withJointCentres(seen: Observations, points: BodyPoints): Observations {
  const imagePx = seen.imagePx.slice();
  for (let f = 0; f < seen.frameCount; f++) {
    if (points.found[f] === 0) continue;
    for (const [point, landmark] of SHARED) {
      const from = (f * BODY_POINTS.length + point) * 2;
      const to = (f * LANDMARK_COUNT + landmark) * 2;
      imagePx[to] = points.imagePx[from];
      imagePx[to + 1] = points.imagePx[from + 1];
    }
  }
  return { ...seen, imagePx };
}
