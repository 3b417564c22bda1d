/** A joint of a skeleton in its rest pose, relative to its parent. */
export interface Joint {
  readonly name: string;
  /** Index of the parent joint; always smaller than the joint's own index; -1 for the root (joint 0 alone). */
  readonly parent: number;
  /** Offset from the parent joint in the parent's frame, metres. For joint 0: its rest position in the world. */
  readonly translationM: readonly [number, number, number];
  /** Rest orientation relative to the parent, unit quaternion xyzw. */
  readonly rotation: readonly [number, number, number, number];
}

/** A tree of joints, parents before children, exactly one root (joint 0). Immutable. */
export interface Skeleton {
  readonly name: string;
  readonly joints: readonly Joint[];
}

/** Index of the joint called `name`; throws if there is none (a programming error: names of a skeleton are known). */
export function jointIndex(skeleton: Skeleton, name: string): number {
  const index = skeleton.joints.findIndex((joint) => joint.name === name);
  if (index < 0) throw new RangeError(`skeleton ${skeleton.name} has no joint ${name}`);
  return index;
}
