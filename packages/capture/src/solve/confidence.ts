import { HUMAN_JOINTS } from '@gaitway/motion/human';
import { LANDMARK_COUNT } from '../landmarks.ts';
import type { Observations } from './observations.ts';
import { ARMS, EARS, LEGS, NECK, NOSE, PELVIS, SPINE } from './rig.ts';

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

/** Confidence of every joint and frame from the visibility of its landmarks, `frameCount × joints`, 0..1. */
export function confidenceFromVisibility(seen: Observations, legs: boolean): Float32Array {
  const joints = HUMAN_JOINTS.length;
  const out = new Float32Array(seen.frameCount * joints);
  const share = HUMAN_JOINTS.map((name) => (FINGER.test(name) ? FINGER_SHARE : !legs && /^(thigh|calf|foot|ball)_/.test(name) ? 0 : 1));
  for (let f = 0; f < seen.frameCount; f++) {
    for (let j = 0; j < joints; j++) {
      let sum = 0;
      for (const landmark of WITNESSES[j]) sum += seen.visibility[f * LANDMARK_COUNT + landmark];
      out[f * joints + j] = (share[j] * sum) / WITNESSES[j].length;
    }
  }
  return out;
}
