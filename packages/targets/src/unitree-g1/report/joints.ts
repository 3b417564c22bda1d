import { ARM_JOINTS_AT, G1_DOF, type G1Model } from '../model.ts';
import type { G1Motion } from '../trajectory.ts';

/** Speed that counts as a jerk of the machine rather than a motion, rad/s (BeyondMimic's and PHUMA's cleaning rule). */
export const FAST_RAD_S = 15;
const JUMP_RAD = 0.5;

export interface JointReport {
  readonly limitViolationFrames: number[];
  readonly limitMarginMin: { readonly joint: string; readonly frame: number; readonly rad: number };
  readonly velocityMax: { readonly joint: string; readonly frame: number; readonly radS: number; readonly ratio: number };
  /** Samples above the limit of their own joint. */
  readonly velocityLimitSamples: number;
  readonly fastFrames: number[];
  readonly jumpFrames: number[];
  /** What the fastest joint of the arms stays below in 95 % of the frames. */
  readonly armSpeedRadS: number;
  readonly accelerationRmsRadS2: number;
  readonly jerkRmsRadS3: number;
}

/** Limits, speeds, accelerations and jerks of the joint angles by finite differences of neighbouring frames. */
export function reportJoints(model: G1Model, motion: G1Motion): JointReport {
  const limits = limitChecks(model, motion);
  const speeds = speedChecks(model, motion);
  return {
    ...limits,
    ...speeds,
    armSpeedRadS: armSpeed(motion),
    accelerationRmsRadS2: differenceRms(motion, [1, -2, 1]),
    jerkRmsRadS3: jerkRms(motion),
  };
}

/** Files round to six decimals: a limit is broken beyond half of the last digit. */
export const ROUNDING_RAD = 6e-7;

function limitChecks(model: G1Model, motion: G1Motion): Pick<JointReport, 'limitViolationFrames' | 'limitMarginMin'> {
  const broken = new Set<number>();
  let least = { joint: model.jointNames[0], frame: 0, rad: Number.POSITIVE_INFINITY };
  for (let f = 0; f < motion.frameCount; f++) {
    for (let j = 0; j < G1_DOF; j++) {
      if (model.locked[j]) continue;
      const q = motion.angles[f * G1_DOF + j];
      const margin = Math.min(q - model.lowerRad[j], model.upperRad[j] - q);
      if (margin < -ROUNDING_RAD) broken.add(f);
      if (margin < least.rad) least = { joint: model.jointNames[j], frame: f, rad: margin };
    }
  }
  return { limitViolationFrames: [...broken], limitMarginMin: least };
}

function speedChecks(
  model: G1Model,
  motion: G1Motion,
): Pick<JointReport, 'velocityMax' | 'velocityLimitSamples' | 'fastFrames' | 'jumpFrames'> {
  const fast = new Set<number>();
  const jumps = new Set<number>();
  let most = { joint: model.jointNames[0], frame: 0, radS: 0, ratio: 0 };
  let samples = 0;
  for (let f = 1; f < motion.frameCount; f++) {
    for (let j = 0; j < G1_DOF; j++) {
      const step = Math.abs(motion.angles[f * G1_DOF + j] - motion.angles[(f - 1) * G1_DOF + j]);
      const radS = step * motion.fps;
      if (radS > model.velocityRadS[j]) samples++;
      if (radS > FAST_RAD_S) fast.add(f);
      if (radS > FAST_RAD_S && step > JUMP_RAD) jumps.add(f);
      if (radS > most.radS) most = { joint: model.jointNames[j], frame: f, radS, ratio: radS / model.velocityRadS[j] };
    }
  }
  return { velocityMax: most, velocityLimitSamples: samples, fastFrames: [...fast], jumpFrames: [...jumps] };
}

function armSpeed({ angles, frameCount, fps }: G1Motion): number {
  const fastest = new Float64Array(Math.max(1, frameCount - 1));
  for (let f = 1; f < frameCount; f++) {
    for (let j = ARM_JOINTS_AT; j < G1_DOF; j++) {
      const radS = Math.abs(angles[f * G1_DOF + j] - angles[(f - 1) * G1_DOF + j]) * fps;
      fastest[f - 1] = Math.max(fastest[f - 1], radS);
    }
  }
  return fastest.sort()[Math.floor((fastest.length - 1) * 0.95)];
}

/** Root mean square over frames and joints, rad/s³. */
export const jerkRms = (motion: G1Motion): number => differenceRms(motion, [1, -3, 3, -1]);

function differenceRms(motion: G1Motion, stencil: readonly number[]): number {
  const order = stencil.length - 1;
  let sum = 0;
  for (let f = order; f < motion.frameCount; f++) {
    for (let j = 0; j < G1_DOF; j++) {
      let d = 0;
      for (let k = 0; k <= order; k++) d += stencil[k] * motion.angles[(f - k) * G1_DOF + j];
      sum += d * d;
    }
  }
  const samples = Math.max(1, (motion.frameCount - order) * G1_DOF);
  return Math.sqrt(sum / samples) * motion.fps ** order;
}
