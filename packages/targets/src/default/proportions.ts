import type { Clip } from '@gaitway/motion/clip';
import type { Sole } from '@gaitway/motion/feet';
import { FOOT_POINTS_M, HUMAN_SKELETON, SOLE_EDGES_M } from '@gaitway/motion/human';
import type { Skeleton } from '@gaitway/motion/skeleton';
import { jointIndex } from '@gaitway/motion/skeleton';
import type { Toe } from '@gaitway/motion/toe-flex';
import type { Vec3 } from '@gaitway/motion/vector';

const offsetLength = (skeleton: Skeleton, joint: string): number =>
  Math.hypot(...skeleton.joints[jointIndex(skeleton, joint)].translationM);

/** Size of the feet of a human skeleton relative to the standard one. */
export const footScale = (skeleton: Skeleton): number => offsetLength(skeleton, 'ball_l') / offsetLength(HUMAN_SKELETON, 'ball_l');

/** The contact points and edges of the sole of a skeleton, in the frame of the left foot joint, metres. */
export function solePoints(skeleton: Skeleton): Sole {
  const s = footScale(skeleton);
  const scaled = ([x, y, z]: Vec3): Vec3 => [x * s, y * s, z * s];
  return { heel: scaled(FOOT_POINTS_M.heel), toe: scaled(FOOT_POINTS_M.toe), edges: SOLE_EDGES_M.map(scaled) };
}

/** Middle of the tip of the left shoe of the standard foot, from the ankle, metres. */
const TIP_MIDDLE_M = [0.006, -0.06, 0.185] as const;

/** The toe joints of a skeleton with the tip of the shoe: as round as it is high above the sole. */
export function toesOf(skeleton: Skeleton): readonly Toe[] {
  return ['ball_l', 'ball_r'].map((name) => {
    const ball = jointIndex(skeleton, name);
    const [, y, z] = skeleton.joints[ball].translationM;
    const s = footScale(skeleton);
    const [, tipY, tipZ] = TIP_MIDDLE_M;
    return { ball, tipM: [0, tipY * s - y, tipZ * s - z], tipRadiusM: (tipY - FOOT_POINTS_M.heel[1]) * s };
  });
}

/** Height of the pelvis above the soles when the skeleton stands in its rest pose, metres. */
export function restPelvisHeightM(skeleton: Skeleton): number {
  const down = ['thigh_l', 'calf_l', 'foot_l'].reduce((sum, name) => sum - skeleton.joints[jointIndex(skeleton, name)].translationM[1], 0);
  return down - FOOT_POINTS_M.heel[1] * footScale(skeleton);
}

/** Size of a body relative to the standard one, by the length of its legs and trunk. */
export function bodyScale(skeleton: Skeleton): number {
  const trunk = (s: Skeleton): number =>
    ['spine_02', 'spine_03', 'spine_04', 'spine_05', 'neck_01'].reduce((sum, name) => sum + offsetLength(s, name), 0);
  return (trunk(skeleton) + restPelvisHeightM(skeleton)) / (trunk(HUMAN_SKELETON) + restPelvisHeightM(HUMAN_SKELETON));
}

/**
 * Where the pelvis stands in front of the floor root at rest, metres. Blender joins a bone to its parent, and drops its
 * translation, when it sits exactly at the tip of the parent's +Y axis; a tenth of a millimetre keeps the pelvis free.
 */
const PELVIS_FORWARD_M = 1e-4;

/** The skeleton with its pelvis placed so that, at rest, the soles stand on the floor under the origin. */
export function standing(skeleton: Skeleton): Skeleton {
  const [pelvis, ...others] = skeleton.joints;
  return { ...skeleton, joints: [{ ...pelvis, translationM: [0, restPelvisHeightM(skeleton), PELVIS_FORWARD_M] }, ...others] };
}

/**
 * The motion on the standard skeleton: every bone keeps its direction (both skeletons share hierarchy and rest axes), and the
 * pelvis travels and rises in proportion to the legs. The feet then slide a little and must be planted again on the new legs.
 */
export function toStandardProportions(clip: Clip): Clip {
  const ratio = restPelvisHeightM(HUMAN_SKELETON) / restPelvisHeightM(clip.skeleton);
  return { ...clip, skeleton: HUMAN_SKELETON, rootTranslationM: clip.rootTranslationM.map((v) => v * ratio) };
}
