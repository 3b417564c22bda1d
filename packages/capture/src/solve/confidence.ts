import { gaussian } from '@gaitway/motion/filters';
import { HUMAN_JOINTS } from '@gaitway/motion/human';
import { LANDMARK_COUNT } from '../landmarks.ts';
import type { FitResiduals } from './fit-residuals.ts';
import type { Observations } from './observations.ts';
import { ARMS, EARS, LEGS, NECK, NOSE, PELVIS, SPINE } from './rig.ts';

/**
 * Confidence of a joint in a frame: 1 / (1 + (e / 20 cm)²), where e is the error that its position relative to the hips must be
 * expected to have. Half is an error of 20 cm: a guess.
 */
const HALF_TRUSTED_M = 0.2;

/** Landmarks that decide how well each joint's pose is known. */
const WITNESSES: readonly (readonly number[])[] = HUMAN_JOINTS.map((name, joint) => witnessesOf(name, joint));

function witnessesOf(name: string, joint: number): readonly number[] {
  if (joint === PELVIS) return [23, 24];
  if (SPINE.includes(joint)) return [11, 12, 23, 24];
  if (NECK.includes(joint)) return [NOSE, ...EARS];
  const odd = name.endsWith('_r') ? 1 : 0;
  const arm = ARMS[odd];
  const leg = LEGS[odd];
  if (joint === arm.clavicle) return [11, 12];
  if (joint === arm.upper) return [arm.shoulderMark, arm.elbowMark];
  if (joint === arm.lower) return [arm.elbowMark, arm.wristMark];
  if (joint === leg.thigh) return [leg.hipMark, leg.kneeMark];
  if (joint === leg.calf) return [leg.kneeMark, leg.ankleMark];
  if (joint === leg.foot || joint === leg.ball) return [leg.ankleMark, leg.heelMark, leg.toeMark];
  return [arm.wristMark, arm.indexMark, arm.pinkyMark];
}

/** Fingers are never seen as such: their pose is a guess that follows the hand. */
const FINGER_SHARE = 0.3;
const FINGER = /^(thumb|index|middle|ring|pinky)_/;
const LEG = /^(thigh|calf|foot|ball)_/;

/** What the fit errs by on average where a landmark is in plain sight, and what it then leaves in the picture (median), metres. */
interface Usual {
  readonly landmarks: readonly number[];
  readonly errorM: number;
  readonly imageM: number;
}

/**
 * Measured on the four samples and balance_cam01: mean errors of the joints, less what their witnesses share. Feet and hands as
 * ankles and wrists, the head as the shoulders; of the hips, from which errors are counted, half of that.
 */
const USUAL: readonly Usual[] = [
  { landmarks: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], errorM: 0.055, imageM: 0.013 },
  { landmarks: [11, 12], errorM: 0.055, imageM: 0.0146 },
  { landmarks: [13, 14], errorM: 0.07, imageM: 0.0075 },
  { landmarks: [15, 16, 17, 18, 19, 20, 21, 22], errorM: 0.105, imageM: 0.007 },
  { landmarks: [23, 24], errorM: 0.03, imageM: 0.0097 },
  { landmarks: [25, 26], errorM: 0.056, imageM: 0.0072 },
  { landmarks: [27, 28, 29, 30, 31, 32], errorM: 0.07, imageM: 0.0104 },
];
const usualOf = (landmark: number): Usual => USUAL.find(({ landmarks }) => landmarks.includes(landmark)) ?? USUAL[0];

/** Errors grow with what remains in the picture (by this power of it, within limits) and in depth (by this much a metre beyond). */
const IMAGE_POWER = 0.33;
const IMAGE_FACTORS = [0.3, 8] as const;
const DEPTH_GAIN = 4.5;
const USUAL_DEPTH_M = 0.04;
/** Below this visibility a landmark is ever more a guess; one that is hidden errs by as many times more. */
const SEEN = 0.75;
const HIDDEN_FACTOR = 5;
/** The errors of neighbouring frames go together; a landmark hidden for less than this is bridged by what is seen around it. */
const RESIDUAL_SEC = 0.25;
const VISIBLE_SEC = 0.12;

/**
 * Confidence of every joint and frame, `frameCount × joints`, 0..1: from how well each landmark was seen and, after a fit, from how
 * far it lies from the fitted body. Exactly 0 in frames in which nobody was found.
 */
export function confidenceOf(seen: Observations, legs: boolean, residuals?: FitResiduals): Float32Array {
  const joints = HUMAN_JOINTS.length;
  const out = new Float32Array(seen.frameCount * joints);
  const errors = expectedErrorsM(seen, residuals);
  HUMAN_JOINTS.forEach((name, j) => {
    const share = FINGER.test(name) ? FINGER_SHARE : !legs && LEG.test(name) ? 0 : 1;
    for (let f = 0; f < seen.frameCount; f++) {
      let squares = 0;
      for (const landmark of WITNESSES[j]) squares += errors[f * LANDMARK_COUNT + landmark] ** 2 / WITNESSES[j].length;
      out[f * joints + j] = share / (1 + squares / HALF_TRUSTED_M ** 2);
    }
  });
  for (const { from, to } of seen.gaps) out.fill(0, from * joints, to * joints);
  return out;
}

/** Expected error of every landmark's place on the body, `frameCount × 33`, metres. */
function expectedErrorsM(seen: Observations, residuals: FitResiduals | undefined): Float64Array {
  const visible = smoothed(seen.visibility, seen, VISIBLE_SEC);
  const image = residuals && smoothed(residuals.imageM, seen, RESIDUAL_SEC);
  const depth = residuals && smoothed(residuals.depthM, seen, RESIDUAL_SEC);
  const out = new Float64Array(visible.length);
  for (let landmark = 0; landmark < LANDMARK_COUNT; landmark++) {
    const { errorM, imageM } = usualOf(landmark);
    for (let o = landmark; o < out.length; o += LANDMARK_COUNT) {
      const hidden = between(1 - visible[o] / SEEN, [0, 1]);
      let factor = Math.sqrt(1 + (HIDDEN_FACTOR * hidden) ** 2);
      // Landmarks that the fit does not use have no residual.
      if (image && Number.isFinite(image[o])) factor *= between(image[o] / imageM, IMAGE_FACTORS) ** IMAGE_POWER;
      if (depth && Number.isFinite(depth[o])) factor *= 1 + DEPTH_GAIN * Math.max(0, depth[o] - USUAL_DEPTH_M);
      out[o] = errorM * factor;
    }
  }
  return out;
}

const between = (value: number, [low, high]: readonly [number, number]): number => Math.max(low, Math.min(high, value));

/** Each landmark's values averaged over the neighbouring frames. */
function smoothed(values: Float32Array | Float64Array, { frameCount, fps }: Observations, sec: number): Float64Array {
  const out = Float64Array.from(values);
  for (let landmark = 0; landmark < LANDMARK_COUNT; landmark++) gaussian(out, landmark, frameCount, LANDMARK_COUNT, sec * fps);
  return out;
}
