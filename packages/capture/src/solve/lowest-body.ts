import type { Clip } from '@gaitway/motion/clip';
import { HUMAN_SKELETON_HEIGHT_M } from '@gaitway/motion/human';
import { jointPositions } from '@gaitway/motion/kinematics';
import { jointIndex } from '@gaitway/motion/skeleton';

/** Joints that a body without a foot on the floor rests on, and the flesh around them, metres of the 1.75 m body. */
const RESTS: readonly (readonly [joint: string, fleshM: number])[] = [
  ['pelvis', 0.1],
  ['spine_04', 0.1],
  ['head', 0.1],
  ...(['l', 'r'] as const).flatMap((s) => [[`hand_${s}`, 0.04] as const, [`lowerarm_${s}`, 0.045] as const, [`calf_${s}`, 0.06] as const]),
];

/** A foot this part of the body's height above the pelvis stands on nothing. */
const RAISED_PART = 0.06;

/** Lowest point of the body in every frame, soles included (`frameCount × 4 × 3`), metres. */
export function lowestPoints(clip: Clip, soles: Float64Array, heightM: number): number[] {
  const positions = jointPositions(clip);
  const size = heightM / HUMAN_SKELETON_HEIGHT_M;
  const rests = RESTS.map(([joint, fleshM]) => [jointIndex(clip.skeleton, joint), fleshM * size] as const);
  return Array.from({ length: clip.frameCount }, (_, f) => {
    let lowest = Number.POSITIVE_INFINITY;
    for (const [j, fleshM] of rests) lowest = Math.min(lowest, positions[(f * clip.skeleton.joints.length + j) * 3 + 1] - fleshM);
    for (let p = f * 4; p < f * 4 + 4; p++) lowest = Math.min(lowest, soles[p * 3 + 1]);
    return lowest;
  });
}

/** Takes contacts off feet that are above the pelvis (cartwheel, handstand), in place. */
export function dropRaised(contacts: Uint8Array, soles: Float64Array, root: ArrayLike<number>, heightM: number): Uint8Array {
  for (let i = 0; i < contacts.length; i++) {
    if (soles[i * 3 + 1] > root[(i >> 2) * 3 + 1] + RAISED_PART * heightM) contacts[i] = 0;
  }
  return contacts;
}
