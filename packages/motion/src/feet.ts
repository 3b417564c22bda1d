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
  /** Points where the sole ends sideways: where it is tilted they are lower than heel and toe. */
  readonly edgesM: readonly Vec3[];
}

/** Points of the left sole in the rest frame of the foot joint, metres; the right one is its mirror image. */
export interface Sole {
  readonly heel: Vec3;
  readonly toe: Vec3;
  readonly edges?: readonly Vec3[];
}

/** The legs of a skeleton with the UE5 names of the human one; the sole lies `sole.*[1]` below the ankle. */
export function humanLegs(clip: Pick<Clip, 'skeleton'>, sole: Sole): readonly [Leg, Leg] {
  const leg = (side: 'l' | 'r'): Leg => {
    const mirror = side === 'l' ? 1 : -1;
    const mirrored = ([x, y, z]: Vec3): Vec3 => [x * mirror, y, z];
    return {
      thigh: jointIndex(clip.skeleton, `thigh_${side}`),
      calf: jointIndex(clip.skeleton, `calf_${side}`),
      foot: jointIndex(clip.skeleton, `foot_${side}`),
      heelM: mirrored(sole.heel),
      toeM: mirrored(sole.toe),
      edgesM: (sole.edges ?? []).map(mirrored),
    };
  };
  return [leg('l'), leg('r')];
}

/** World positions of the contact points in the order of `CONTACT_POINTS`, `frameCount × 4 × 3`, metres. */
export const solePositions = (clip: Clip, legs: readonly [Leg, Leg]): Float64Array =>
  pointPositions(
    clip,
    legs.flatMap(({ foot, heelM, toeM }) => [
      { foot, atM: heelM },
      { foot, atM: toeM },
    ]),
  );

/** Height of the lowest point of one sole in every frame, its edges included, metres. */
export function lowestOfSole(clip: Clip, { foot, heelM, toeM, edgesM }: Leg): Float64Array {
  const points = [heelM, toeM, ...edgesM].map((atM) => ({ foot, atM }));
  const positions = pointPositions(clip, points);
  const lowest = new Float64Array(clip.frameCount).fill(Number.POSITIVE_INFINITY);
  for (let i = 0; i * 3 < positions.length; i++) {
    const f = Math.floor(i / points.length);
    lowest[f] = Math.min(lowest[f], positions[i * 3 + 1]);
  }
  return lowest;
}

interface FootPoint {
  readonly foot: number;
  readonly atM: Vec3;
}

/** World positions of points that are rigid to the feet, `frameCount × points × 3`, metres. */
function pointPositions(clip: Clip, points: readonly FootPoint[]): Float64Array {
  const joints = clip.skeleton.joints.length;
  const parents = jointParents(clip.skeleton);
  const offsets = jointOffsets(clip.skeleton);
  const pose = createWorldPose(clip.skeleton);
  const at = Float64Array.from(points.flatMap(({ atM }) => [...atM]));
  const out = new Float64Array(clip.frameCount * at.length);
  for (let f = 0; f < clip.frameCount; f++) {
    forwardKinematics(pose, parents, offsets, clip.rootTranslationM, f * 3, clip.rotations, f * joints * 4);
    for (let p = 0; p < points.length; p++) {
      const { foot } = points[p];
      const o = f * at.length + p * 3;
      rotate(out, o, pose.rotations, foot * 4, at, p * 3);
      for (let k = 0; k < 3; k++) out[o + k] += pose.positionsM[foot * 3 + k];
    }
  }
  return out;
}
