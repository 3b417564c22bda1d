import { createG1Pose, g1Forward, linkPoint } from './kinematics.ts';
import { FOOT_LINKS, G1_DOF, type G1Model, SOLE_POINTS_M } from './model.ts';
import { copyG1Motion, type G1Motion } from './trajectory.ts';

/** Soles that deep in the floor stay: floors in simulators give way that much, metres. */
const TOLERATED_M = 0.004;
/** A lift comes and goes within this time, seconds. */
const RAMP_SEC = 0.17;

/**
 * Lifts the robot where a sole is still in the floor after the solve, which weighs the floor against everything else: by as much as
 * it takes, smoothly. Motion that is out of the floor comes back as it is.
 */
export function liftOutOfFloor(model: G1Model, motion: G1Motion): G1Motion {
  const needed = Float64Array.from({ length: motion.frameCount }, (_, f) => Math.max(0, -TOLERATED_M - lowestSoleM(model, motion, f)));
  if (needed.every((v) => v === 0)) return motion;
  const out = copyG1Motion(motion);
  const reach = Math.max(1, Math.round(RAMP_SEC * motion.fps));
  for (let f = 0; f < motion.frameCount; f++) {
    let lift = 0;
    for (let g = Math.max(0, f - reach); g <= Math.min(motion.frameCount - 1, f + reach); g++)
      lift = Math.max(lift, needed[g] * Math.cos(((g - f) / (reach + 1)) * (Math.PI / 2)) ** 2);
    out.rootM[f * 3 + 2] += lift;
  }
  return out;
}

const pose = createG1Pose();
const point = new Float64Array(3);

/** Height of the lowest sole point of both feet, metres. */
export function lowestSoleM(model: G1Model, motion: G1Motion, f: number): number {
  let least = Number.POSITIVE_INFINITY;
  g1Forward(pose, model, motion.rootM, f * 3, motion.rootQuaternion, f * 4, motion.angles, f * G1_DOF);
  for (const link of FOOT_LINKS) {
    for (let k = 0; k < 4; k++) {
      linkPoint(point, 0, pose, link, SOLE_POINTS_M, k * 3);
      least = Math.min(least, point[2]);
    }
  }
  return least;
}
