import type { RobotMotion } from '@gaitway/formats/unitree/robot-motion';
import { unrollQuaternions } from '@gaitway/motion/rotation';
import { G1_DOF, type G1Model } from './model.ts';
import { type G1Report, reportG1 } from './report/report.ts';
import { copyG1Motion, type G1Motion } from './trajectory.ts';

const UNIT_TOLERANCE = 1e-3;

export interface Inspection {
  readonly report: G1Report;
  /** The summary of the report with what was wrong with the file itself. */
  readonly summary: Readonly<Record<string, unknown>>;
}

/**
 * The report on a motion from any file. Values that are not numbers are replaced by those of the frame before and quaternions are
 * brought to unit length, so that the rest can be measured; the frames are listed.
 */
export function inspectMotion(model: G1Model, motion: RobotMotion): Inspection {
  const sound = copyG1Motion(motion);
  const notANumber = replaceNonNumbers(sound);
  const notUnit = normalizeQuaternions(sound);
  unrollQuaternions(sound.rootQuaternion, 0, sound.frameCount, 4);
  const report = reportG1(model, sound, { clippedInputs: notANumber.length + notUnit.length });
  const file = { not_a_number_frames: notANumber, non_unit_quaternion_frames: notUnit, quaternion_order_suspect: looksScalarFirst(motion) };
  const isSound = notANumber.length === 0 && notUnit.length === 0 && !file.quaternion_order_suspect;
  const summary = { frame_count: motion.frameCount, fps: motion.fps, file, ...report.summary };
  return { report, summary: isSound ? summary : { ...summary, verdict: 'review' } };
}

function replaceNonNumbers(motion: G1Motion): number[] {
  const frames = new Set<number>();
  const repair = (values: Float64Array, width: number, fallback: (k: number) => number): void => {
    for (let i = 0; i < values.length; i++) {
      if (Number.isFinite(values[i])) continue;
      frames.add(Math.floor(i / width));
      values[i] = i >= width ? values[i - width] : fallback(i);
    }
  };
  repair(motion.rootM, 3, () => 0);
  repair(motion.rootQuaternion, 4, (k) => (k === 3 ? 1 : 0));
  repair(motion.angles, G1_DOF, () => 0);
  return [...frames].sort((a, b) => a - b);
}

function normalizeQuaternions(motion: G1Motion): number[] {
  const frames: number[] = [];
  const q = motion.rootQuaternion;
  for (let f = 0; f < motion.frameCount; f++) {
    const length = Math.hypot(q[f * 4], q[f * 4 + 1], q[f * 4 + 2], q[f * 4 + 3]);
    if (Math.abs(length - 1) > UNIT_TOLERANCE) frames.push(f);
    for (let k = 0; k < 4; k++) q[f * 4 + k] = length > 1e-6 ? q[f * 4 + k] / length : k === 3 ? 1 : 0;
  }
  return frames;
}

/** True where the pelvis is upright if the quaternions are read wxyz and is not if they are read xyzw: the usual mix-up. */
function looksScalarFirst(motion: RobotMotion): boolean {
  const q = motion.rootQuaternion;
  let asXyzw = 0;
  let asWxyz = 0;
  for (let f = 0; f < motion.frameCount; f++) {
    const i = f * 4;
    asXyzw += 1 - 2 * (q[i] ** 2 + q[i + 1] ** 2);
    asWxyz += 1 - 2 * (q[i + 1] ** 2 + q[i + 2] ** 2);
  }
  return asXyzw / motion.frameCount < 0.3 && asWxyz / motion.frameCount > 0.8;
}
