import { multiply, normalize } from '@gaitway/motion/quaternion';
import { expMap } from '@gaitway/motion/rotation';
import { JOINTS_AT } from './kinematics.ts';
import { G1_DOF, type G1Model } from './model.ts';
import type { G1Motion } from './trajectory.ts';

const turn = new Float64Array(4);

/** Moves frame f of `motion` by the tangent step at `at`, keeping every joint inside its limits. */
export function applyStep(motion: G1Motion, model: G1Model, f: number, step: Float64Array, at: number): void {
  for (let k = 0; k < 3; k++) motion.rootM[f * 3 + k] += step[at + k];
  expMap(turn, 0, step, at + 3);
  multiply(motion.rootQuaternion, f * 4, turn, 0, motion.rootQuaternion, f * 4);
  normalize(motion.rootQuaternion, f * 4);
  for (let j = 0; j < G1_DOF; j++) {
    const i = f * G1_DOF + j;
    motion.angles[i] = Math.min(model.upperRad[j], Math.max(model.lowerRad[j], motion.angles[i] + step[at + JOINTS_AT + j]));
  }
}

/** True where a joint stands at a limit and the descent direction g pushes it further out: it is left out of the step. */
export function isHeld(model: G1Model, motion: G1Motion, f: number, j: number, g: number): boolean {
  const q = motion.angles[f * G1_DOF + j];
  return (q <= model.lowerRad[j] && g < 0) || (q >= model.upperRad[j] && g > 0);
}
