import { fromAxisAngle, slerp } from '@gaitway/motion/rotation';
import { lowestSoleM } from './lift.ts';
import { G1_DOF, type G1Model, HOME_STANCE, homeJointAngles } from './model.ts';
import { createG1Motion, type G1Motion } from './trajectory.ts';

/** A motion with its contacts, and how many frames stand before the first one of the source. */
export interface Blended {
  readonly motion: G1Motion;
  readonly contacts: Uint8Array;
  readonly leadFrames: number;
}

/**
 * Adds `seconds` before and after: from the home stance (where the first frame is, facing as it does) into the motion and back,
 * eased so that speed and acceleration start and end at zero. Controllers that are started on a clip need a first frame they can
 * stand in.
 */
export function blendEnds(model: G1Model, motion: G1Motion, contacts: Uint8Array, seconds: number): Blended {
  const lead = Math.round(seconds * motion.fps);
  if (lead === 0) return { motion, contacts, leadFrames: 0 };
  const out = createG1Motion(motion.fps, motion.frameCount + 2 * lead);
  out.rootM.set(motion.rootM, lead * 3);
  out.rootQuaternion.set(motion.rootQuaternion, lead * 4);
  out.angles.set(motion.angles, lead * G1_DOF);
  const flags = new Uint8Array(out.frameCount * 4);
  flags.set(contacts, lead * 4);
  for (let k = 0; k < lead; k++) {
    setBlend(model, out, k, lead, ease(k / lead));
    setBlend(model, out, out.frameCount - 1 - k, out.frameCount - 1 - lead, ease(k / lead));
  }
  return { motion: out, contacts: flags, leadFrames: lead };
}

/** Quintic from 0 to 1 with no speed and no acceleration at its ends. */
const ease = (t: number): number => t * t * t * (10 + t * (6 * t - 15));

const HOME = homeJointAngles();
const level = new Float64Array(4);

/** Frame f becomes the stance moved the share `t` of the way to the pose of frame `edge`. */
function setBlend(model: G1Model, motion: G1Motion, f: number, edge: number, t: number): void {
  const q = motion.rootQuaternion;
  const yaw = Math.atan2(
    2 * (q[edge * 4 + 3] * q[edge * 4 + 2] + q[edge * 4] * q[edge * 4 + 1]),
    1 - 2 * (q[edge * 4 + 1] ** 2 + q[edge * 4 + 2] ** 2),
  );
  fromAxisAngle(level, 0, 0, 0, 1, yaw);
  slerp(q, f * 4, level, 0, q, edge * 4, t);
  for (let j = 0; j < G1_DOF; j++)
    motion.angles[f * G1_DOF + j] = HOME[j] * (1 - model.locked[j]) * (1 - t) + motion.angles[edge * G1_DOF + j] * t;
  motion.rootM.copyWithin(f * 3, edge * 3, edge * 3 + 2);
  motion.rootM[f * 3 + 2] = HOME_STANCE.pelvisHeightM * (1 - t) + motion.rootM[edge * 3 + 2] * t;
  motion.rootM[f * 3 + 2] -= lowestSoleM(model, motion, f) - t * lowestSoleM(model, motion, edge);
}
