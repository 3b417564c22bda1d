import { roundedMotion } from '@gaitway/formats/unitree/robot-motion';
import type { Clip } from '@gaitway/motion/clip';
import { CONTACT_DEFAULTS, detectContacts } from '@gaitway/motion/contacts';
import { humanLegs, solePositions } from '@gaitway/motion/feet';
import { FOOT_POINTS_M } from '@gaitway/motion/human';
import { resampleClip } from '@gaitway/motion/resample';
import { unrollQuaternions } from '@gaitway/motion/rotation';
import { type Goals, makeGoals } from './goals.ts';
import { liftOutOfFloor } from './lift.ts';
import { G1_DOF, type G1Model } from './model.ts';
import type { G1Options } from './options.ts';
import { repairClip } from './repair.ts';
import { jerkRms } from './report/joints.ts';
import { kindOfG1 } from './report/report.ts';
import { solveClip } from './solve-clip.ts';
import { solveFrames } from './solve-frames.ts';
import { type SourceMotion, sourceMotion } from './source.ts';
import type { G1Motion } from './trajectory.ts';

export interface Retargeted {
  /** As it stands in the files: rounded to six decimals. */
  readonly motion: G1Motion;
  readonly source: SourceMotion;
  readonly rootScale: number;
  readonly clippedInputs: number;
}

export interface RetargetContext {
  readonly signal?: AbortSignal;
  readonly onProgress?: (fraction: number) => void;
}

/** A Clip on the human skeleton (any proportions) becomes motion of the robot at `options.fps`. Pure and deterministic. */
export function retargetToG1(model: G1Model, clip: Clip, options: G1Options, context: RetargetContext = {}): Retargeted {
  const { clip: sound, clippedInputs } = repairClip(clip);
  const source = sourceMotion(withContacts(resampleClip(sound, options.fps), options.footContactThreshold));
  const goals: Goals = makeGoals(model, source);
  const step = (fraction: number): void => {
    context.signal?.throwIfAborted();
    context.onProgress?.(fraction);
  };
  const first = solveFrames(model, goals, options.handMode, (f) => {
    if (f % 64 === 0) step((0.3 * f) / source.frameCount);
  });
  const solved = solveClip(model, goals, first, { ...options, onProgress: (fraction) => step(0.3 + 0.6 * fraction) });
  const motion = calmedWalk(model, goals, solved, options);
  step(1);
  return { motion: finished(model, liftOutOfFloor(model, motion)), source: goals.source, rootScale: goals.rootScale, clippedInputs };
}

/** Weight factor of the smoothness of a walk that is rough, and how many steps from the solution it takes. */
const CALM = { calm: 2, iterations: 3 } as const;
/** A little below the bound of a walk, rad/s³. */
const WALK_JERK_RAD_S3 = 260;

/**
 * Brisk walking as it was captured is rougher than a walk may be, and its bones have degrees to spare: solved again with more weight
 * on smoothness. Other motion stays as it is.
 */
function calmedWalk(model: G1Model, goals: Goals, solved: G1Motion, options: G1Options): G1Motion {
  const isRough = jerkRms(solved) > WALK_JERK_RAD_S3 && kindOfG1(model, solved, goals.source.contacts) === 'walk';
  return isRough ? solveClip(model, goals, solved, { ...options, ...CALM }) : solved;
}

function withContacts(clip: Clip, thresholdMS: number | null): Clip {
  if (thresholdMS === null) return clip;
  const soles = solePositions(clip, humanLegs(clip, FOOT_POINTS_M));
  return {
    ...clip,
    contacts: detectContacts(soles, 4, clip.fps, { ...CONTACT_DEFAULTS, startSpeedMS: thresholdMS, endSpeedMS: 2 * thresholdMS }),
  };
}

/** Signs continuous, angles inside the limits after rounding to the six decimals of the files. */
export function finished(model: G1Model, motion: G1Motion): G1Motion {
  unrollQuaternions(motion.rootQuaternion, 0, motion.frameCount, 4);
  const angles = motion.angles.map((q, i) => {
    const j = i % G1_DOF;
    return Math.min(Math.floor(model.upperRad[j] * 1e6) / 1e6, Math.max(Math.ceil(model.lowerRad[j] * 1e6) / 1e6, q));
  });
  return roundedMotion({ ...motion, angles });
}
