import { bodyJoint, bodyOffsets } from '../fit/body-model.ts';
import { createBodyPose, poseBody } from '../fit/body-state.ts';
import type { Fitted } from '../fit/fit.ts';
import { LANDMARK_COUNT } from '../landmarks.ts';

/** Landmarks that are joints of the body. */
const JOINT_OF: readonly (readonly [landmark: number, joint: string])[] = [
  ['upperarm', 11],
  ['thigh', 23],
  ['calf', 25],
  ['foot', 27],
].flatMap(([joint, left]) => [[Number(left), `${joint}_l`] as const, [Number(left) + 1, `${joint}_r`] as const]);

/** Shoulders, hips, knees and ankles of a fitted body in place of their landmarks: `frameCount × 33 × 3`, metres, camera axes. */
export function fittedLandmarks({ state, skeleton }: Fitted): Float64Array {
  const points = new Float64Array(state.frameCount * LANDMARK_COUNT * 3);
  const offsets = bodyOffsets(skeleton);
  const pose = createBodyPose();
  for (let f = 0; f < state.frameCount; f++) {
    poseBody(pose, state, f, offsets);
    for (const [landmark, joint] of JOINT_OF) {
      const at = bodyJoint(joint) * 3;
      points.set(pose.positions.subarray(at, at + 3), (f * LANDMARK_COUNT + landmark) * 3);
    }
  }
  return points;
}
