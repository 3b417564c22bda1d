import type { Clip } from './clip.ts';
import type { WorldPose } from './kinematics.ts';
import { createWorldPose, forwardKinematics, jointOffsets, jointParents } from './kinematics.ts';

/** Poses frames of a clip one at a time, into one reused world pose. `root` is a copy that may be changed. */
export interface ClipPoser {
  readonly world: WorldPose;
  readonly root: Float32Array;
  pose(rotations: Float32Array, frame: number): void;
}

export function clipPoser(clip: Clip): ClipPoser {
  const parents = jointParents(clip.skeleton);
  const offsets = jointOffsets(clip.skeleton);
  const world = createWorldPose(clip.skeleton);
  const root = clip.rootTranslationM.slice();
  const stride = clip.skeleton.joints.length * 4;
  return {
    world,
    root,
    pose: (rotations, frame) => forwardKinematics(world, parents, offsets, root, frame * 3, rotations, frame * stride),
  };
}
