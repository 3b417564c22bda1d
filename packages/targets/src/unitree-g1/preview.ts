import type { Clip } from '@gaitway/motion/clip';
import { createWorldPose, forwardKinematics, jointOffsets, jointParents } from '@gaitway/motion/kinematics';
import { rotate } from '@gaitway/motion/quaternion';
import { G1_CAPSULES } from './capsules.ts';
import { toClipAxes } from './skeleton.ts';

/** Names and radii of the capsules that draw the robot, in the order of `g1CapsulesAt`. */
export const G1_CAPSULE_SHAPES: readonly { readonly name: string; readonly radiusM: number }[] = G1_CAPSULES.map(({ name, radiusM }) => ({
  name,
  radiusM,
}));

/**
 * World end points of the robot's capsules for every frame of a Clip on the G1 skeleton, in Clip world (Y up), metres:
 * `frameCount × capsules × 6`.
 */
export function g1Capsules(clip: Clip): Float32Array {
  const width = G1_CAPSULES.length * 6;
  const out = new Float32Array(clip.frameCount * width);
  const parents = jointParents(clip.skeleton);
  const offsets = jointOffsets(clip.skeleton);
  const pose = createWorldPose(clip.skeleton);
  const local = localEnds();
  for (let f = 0; f < clip.frameCount; f++) {
    forwardKinematics(pose, parents, offsets, clip.rootTranslationM, f * 3, clip.rotations, f * parents.length * 4);
    for (let e = 0; e < G1_CAPSULES.length * 2; e++) {
      const link = G1_CAPSULES[e >> 1].link;
      const o = f * width + e * 3;
      rotate(out, o, pose.rotations, link * 4, local, e * 3);
      for (let k = 0; k < 3; k++) out[o + k] += pose.positionsM[link * 3 + k];
    }
  }
  return out;
}

function localEnds(): Float64Array {
  const out = new Float64Array(G1_CAPSULES.length * 6);
  G1_CAPSULES.forEach((capsule, c) => {
    toClipAxes(out, c * 6, capsule.fromM, 0);
    toClipAxes(out, c * 6 + 3, capsule.toM, 0);
  });
  return out;
}
