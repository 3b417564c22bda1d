import type { CapsuleBody } from '@gaitway/motion/capsule-body';
import type { Clip } from '@gaitway/motion/clip';
import { createWorldPose, forwardKinematics, jointOffsets, jointParents } from '@gaitway/motion/kinematics';
import { rotate } from '@gaitway/motion/quaternion';
import { G1_CAPSULES } from './capsules.ts';
import { FOOT_LINKS, HEEL_POINT_M, TOE_POINT_M } from './model.ts';
import { toClipAxes } from './skeleton.ts';

/** Names and radii of the capsules that draw the robot, in the order of `g1Capsules`. */
export const G1_CAPSULE_SHAPES: CapsuleBody['shapes'] = G1_CAPSULES.map(({ name, radiusM }) => ({ name, radiusM }));

/** A point fixed to a link, metres in the link's frame, robot axes. */
interface LinkPoint {
  readonly link: number;
  readonly pointM: ArrayLike<number>;
}

const CAPSULE_ENDS: readonly LinkPoint[] = G1_CAPSULES.flatMap(({ link, fromM, toM }) => [
  { link, pointM: fromM },
  { link, pointM: toM },
]);
const SOLES: readonly LinkPoint[] = FOOT_LINKS.flatMap((link) => [
  { link, pointM: HEEL_POINT_M },
  { link, pointM: TOE_POINT_M },
]);

/** The robot as previews draw it along a Clip on the G1 skeleton. */
export const g1PreviewBody = (clip: Clip, marks: Uint8Array): CapsuleBody => ({
  shapes: G1_CAPSULE_SHAPES,
  endsM: g1Capsules(clip),
  marks,
  solesM: worldPoints(clip, SOLES),
});

/**
 * World end points of the robot's capsules for every frame of a Clip on the G1 skeleton, in Clip world (Y up), metres:
 * `frameCount × capsules × 6`.
 */
export const g1Capsules = (clip: Clip): Float32Array => worldPoints(clip, CAPSULE_ENDS);

/** Where points of the links are at every frame: `frameCount × points × 3`. */
function worldPoints(clip: Clip, points: readonly LinkPoint[]): Float32Array {
  const out = new Float32Array(clip.frameCount * points.length * 3);
  const parents = jointParents(clip.skeleton);
  const offsets = jointOffsets(clip.skeleton);
  const pose = createWorldPose(clip.skeleton);
  const local = new Float64Array(points.length * 3);
  for (const [p, { pointM }] of points.entries()) toClipAxes(local, p * 3, pointM, 0);
  for (let f = 0; f < clip.frameCount; f++) {
    forwardKinematics(pose, parents, offsets, clip.rootTranslationM, f * 3, clip.rotations, f * parents.length * 4);
    for (let p = 0; p < points.length; p++) {
      const o = (f * points.length + p) * 3;
      rotate(out, o, pose.rotations, points[p].link * 4, local, p * 3);
      for (let k = 0; k < 3; k++) out[o + k] += pose.positionsM[points[p].link * 3 + k];
    }
  }
  return out;
}
