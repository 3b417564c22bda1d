import type { BodyPoints } from '../lift/body-points.ts';
import type { CameraMotion } from './camera-motion.ts';
import type { Pinhole } from './steady-view.ts';
import { SteadyView } from './steady-view.ts';

/**
 * Body points as a camera standing still would have given them; see `steadyLandmarks`. They must have been lifted from the landmarks
 * of the camera that turned: the lift judges a person by where they are in the picture.
 */
export function steadyBodyPoints(body: BodyPoints, motion: CameraMotion, camera: Pinhole): BodyPoints {
  const imagePx = body.imagePx.slice();
  const imageSigma = body.imageSigma.slice();
  const worldM = body.worldM.slice();
  const worldSigmaM = body.worldSigmaM.slice();
  const view = new SteadyView(motion, camera);
  const count = body.points.length;
  for (let f = 0; f < body.frameCount; f++) {
    if (body.found[f] !== 1) continue;
    view.aim(f);
    for (let o = f * count; o < (f + 1) * count; o++) {
      imageSigma[o] *= view.stretch(imagePx[o * 2], imagePx[o * 2 + 1]);
      view.toReferencePixel(imagePx, o * 2, imagePx[o * 2], imagePx[o * 2 + 1]);
      view.turn(worldM, o * 3);
      view.turnSigmas(worldSigmaM, o * 3);
    }
  }
  return { ...body, imagePx, imageSigma, worldM, worldSigmaM };
}
