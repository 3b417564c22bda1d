import type { Clip } from './clip.ts';
import { createWorldPose, forwardKinematics, jointOffsets, jointParents } from './kinematics.ts';
import { rotate } from './quaternion.ts';
import { jointIndex } from './skeleton.ts';
import type { Vec3 } from './vector.ts';

/** One leg of a skeleton and the points of its sole, in the rest frame of the foot joint, metres. */
export interface Leg {
  readonly thigh: number;
  readonly calf: number;
  readonly foot: number;
  readonly heelM: Vec3;
  readonly toeM: Vec3;
}

/** The legs of a skeleton with the UE5 names of the human one; the sole lies `soleM.*[1]` below the ankle. */
export function humanLegs(clip: Pick<Clip, 'skeleton'>, sole: { readonly heel: Vec3; readonly toe: Vec3 }): readonly [Leg, Leg] {
  const leg = (side: 'l' | 'r'): Leg => {
    const mirror = side === 'l' ? 1 : -1;
    return {
      thigh: jointIndex(clip.skeleton, `thigh_${side}`),
      calf: jointIndex(clip.skeleton, `calf_${side}`),
      foot: jointIndex(clip.skeleton, `foot_${side}`),
      heelM: [sole.heel[0] * mirror, sole.heel[1], sole.heel[2]],
      toeM: [sole.toe[0] * mirror, sole.toe[1], sole.toe[2]],
    };
  };
  return [leg('l'), leg('r')];
}

/** World positions of the contact points in the order of `CONTACT_POINTS`, `frameCount × 4 × 3`, metres. */
export function solePositions(clip: Clip, legs: readonly [Leg, Leg]): Float64Array {
  const joints = clip.skeleton.joints.length;
  const parents = jointParents(clip.skeleton);
  const offsets = jointOffsets(clip.skeleton);
  const pose = createWorldPose(clip.skeleton);
  const points = Float64Array.from(legs.flatMap((leg) => [...leg.heelM, ...leg.toeM]));
  const out = new Float64Array(clip.frameCount * 12);
  for (let f = 0; f < clip.frameCount; f++) {
    forwardKinematics(pose, parents, offsets, clip.rootTranslationM, f * 3, clip.rotations, f * joints * 4);
    for (let p = 0; p < 4; p++) {
      const foot = legs[p >> 1].foot;
      const o = f * 12 + p * 3;
      rotate(out, o, pose.rotations, foot * 4, points, p * 3);
      for (let k = 0; k < 3; k++) out[o + k] += pose.positionsM[foot * 3 + k];
    }
  }
  return out;
}
