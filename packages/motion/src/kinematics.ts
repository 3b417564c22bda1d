import type { Clip } from './clip.ts';
import type { FloatArray } from './quaternion.ts';
import { multiply, rotate } from './quaternion.ts';
import type { Skeleton } from './skeleton.ts';

/** World pose of every joint of one frame. */
export interface WorldPose {
  /** `joints × 3`, metres. */
  readonly positionsM: Float64Array;
  /** `joints × 4`, unit quaternions xyzw: joint frame → world. */
  readonly rotations: Float64Array;
}

export const createWorldPose = (skeleton: Skeleton): WorldPose => ({
  positionsM: new Float64Array(skeleton.joints.length * 3),
  rotations: new Float64Array(skeleton.joints.length * 4),
});

/** The joint offsets of a skeleton as one flat array, `joints × 3` metres: what `forwardKinematics` reads in its loop. */
export function jointOffsets(skeleton: Skeleton): Float64Array {
  return Float64Array.from(skeleton.joints.flatMap((joint) => joint.translationM));
}

/** Parent of each joint, -1 for the root. */
export function jointParents(skeleton: Skeleton): Int32Array {
  return Int32Array.from(skeleton.joints, (joint) => joint.parent);
}

/**
 * World pose of a skeleton from its root position (3 numbers at `rootAt`) and local rotations (4 per joint from `rotationsAt`).
 * Allocates nothing; `out` is overwritten.
 */
export function forwardKinematics(
  out: WorldPose,
  parents: Int32Array,
  offsetsM: Float64Array,
  root: FloatArray,
  rootAt: number,
  rotations: FloatArray,
  rotationsAt: number,
): void {
  const p = out.positionsM;
  const q = out.rotations;
  for (let k = 0; k < 3; k++) p[k] = root[rootAt + k] as number;
  for (let k = 0; k < 4; k++) q[k] = rotations[rotationsAt + k] as number;
  for (let j = 1; j < parents.length; j++) {
    const up = parents[j] as number;
    rotate(p, j * 3, q, up * 4, offsetsM, j * 3);
    for (let k = 0; k < 3; k++) p[j * 3 + k] = (p[j * 3 + k] as number) + (p[up * 3 + k] as number);
    multiply(q, j * 4, q, up * 4, rotations, rotationsAt + j * 4);
  }
}

/** World joint positions of a whole clip, `frameCount × joints × 3`, metres. */
export function jointPositions(clip: Clip): Float64Array {
  const joints = clip.skeleton.joints.length;
  const parents = jointParents(clip.skeleton);
  const offsets = jointOffsets(clip.skeleton);
  const pose = createWorldPose(clip.skeleton);
  const out = new Float64Array(clip.frameCount * joints * 3);
  for (let f = 0; f < clip.frameCount; f++) {
    forwardKinematics(pose, parents, offsets, clip.rootTranslationM, f * 3, clip.rotations, f * joints * 4);
    out.set(pose.positionsM, f * joints * 3);
  }
  return out;
}
