import { createWorldPose, forwardKinematics, jointOffsets, jointParents } from '@gaitway/motion/kinematics';
import { toMatrix } from '@gaitway/motion/rotation';
import type { Skeleton } from '@gaitway/motion/skeleton';

/** World matrix of every joint in the rest pose, 16 numbers each, column-major, translations multiplied by `unitsPerM`. */
export function restMatrices(skeleton: Skeleton, unitsPerM: number): readonly Float64Array[] {
  const pose = createWorldPose(skeleton);
  const rest = Float64Array.from(skeleton.joints.flatMap((joint) => joint.rotation));
  forwardKinematics(pose, jointParents(skeleton), jointOffsets(skeleton), Float64Array.from(skeleton.joints[0].translationM), 0, rest, 0);
  return skeleton.joints.map((_, j) => rigidMatrix(pose.rotations, j * 4, pose.positionsM, j * 3, unitsPerM));
}

function rigidMatrix(q: Float64Array, i: number, p: Float64Array, j: number, scale: number): Float64Array {
  const r = new Float64Array(9);
  toMatrix(r, 0, q, i);
  return Float64Array.of(
    ...[r[0], r[3], r[6], 0, r[1], r[4], r[7], 0, r[2], r[5], r[8], 0],
    ...[p[j] * scale, p[j + 1] * scale, p[j + 2] * scale, 1],
  );
}

/** Inverse of a rotation and translation, column-major. */
export function inverseRigid(m: Float64Array): Float64Array {
  const t = (row: number): number => -(m[row * 4] * m[12] + m[row * 4 + 1] * m[13] + m[row * 4 + 2] * m[14]);
  return Float64Array.of(m[0], m[4], m[8], 0, m[1], m[5], m[9], 0, m[2], m[6], m[10], 0, t(0), t(1), t(2), 1);
}

export const IDENTITY_MATRIX: Float64Array = Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1);
