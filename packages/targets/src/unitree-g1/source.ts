import type { Clip } from '@gaitway/motion/clip';
import { createWorldPose, forwardKinematics, jointOffsets, jointParents } from '@gaitway/motion/kinematics';
import { rotate } from '@gaitway/motion/quaternion';
import { jointIndex } from '@gaitway/motion/skeleton';

/** Bones whose direction the robot copies, in the order of `SourceMotion.directions`. */
export const SEGMENTS = ['l_thigh', 'l_shank', 'r_thigh', 'r_shank', 'l_upper_arm', 'l_forearm', 'r_upper_arm', 'r_forearm'] as const;
export const SEGMENT_COUNT = SEGMENTS.length;

const BONES: readonly (readonly [string, string])[] = [
  ['thigh_l', 'calf_l'],
  ['calf_l', 'foot_l'],
  ['thigh_r', 'calf_r'],
  ['calf_r', 'foot_r'],
  ['upperarm_l', 'lowerarm_l'],
  ['lowerarm_l', 'hand_l'],
  ['upperarm_r', 'lowerarm_r'],
  ['lowerarm_r', 'hand_r'],
];

/** Frames that the robot copies the rotation of, in the order of `SourceMotion.rotations`. */
export const FRAMES = ['pelvis', 'spine_05', 'foot_l', 'foot_r', 'hand_l', 'hand_r', 'thigh_l', 'thigh_r'] as const;
export const FRAME = { pelvis: 0, torso: 1, foot: [2, 3], hand: [4, 5], thigh: [6, 7] } as const;

/** What the robot is asked to do, in its own axes (Z up, x forward, y left), metres of the person. */
export interface SourceMotion {
  readonly fps: number;
  readonly frameCount: number;
  /** `frameCount × 3`: pelvis. */
  readonly rootM: Float64Array;
  /** `frameCount × 8 × 4`, xyzw: rotation of each of `FRAMES` away from standing upright facing x. */
  readonly rotations: Float64Array;
  /** `frameCount × 8 × 3`: unit directions of `SEGMENTS`. */
  readonly directions: Float64Array;
  /** `frameCount × 4`: heel and toe of the left, heel and toe of the right foot. */
  readonly contacts: Uint8Array;
  /** `frameCount × 8`: confidence of each of `FRAMES`, 0..1. */
  readonly frameConfidence: Float64Array;
  /** `frameCount × 8`: confidence of each of `SEGMENTS`. */
  readonly segmentConfidence: Float64Array;
  /** `frameCount × 4 × 3`: ankle and ball of the left, ankle and ball of the right foot: what creeps while a foot stands. */
  readonly feetM: Float64Array;
  /** Thigh plus shank of the person, metres. */
  readonly legM: number;
}

/** Clip axes (x left, y up, z forward) to robot axes (x forward, y left, z up): a cyclic exchange, for vectors and quaternions. */
function toRobotAxes(out: Float64Array, o: number, v: ArrayLike<number>, i: number): void {
  const x = v[i];
  out[o] = v[i + 2];
  out[o + 2] = v[i + 1];
  out[o + 1] = x;
}

/** Reads a Clip on a skeleton with the names of the human one. */
export function sourceMotion(clip: Clip): SourceMotion {
  const count = clip.frameCount;
  const out: SourceMotion = {
    fps: clip.fps,
    frameCount: count,
    rootM: new Float64Array(count * 3),
    rotations: new Float64Array(count * FRAMES.length * 4),
    directions: new Float64Array(count * SEGMENT_COUNT * 3),
    contacts: clip.contacts,
    feetM: new Float64Array(count * 12),
    frameConfidence: confidences(clip, FRAMES),
    segmentConfidence: confidences(
      clip,
      BONES.map(([upper]) => upper),
    ),
    legM: legLength(clip),
  };
  const joints = clip.skeleton.joints.length;
  const parents = jointParents(clip.skeleton);
  const offsets = jointOffsets(clip.skeleton);
  const pose = createWorldPose(clip.skeleton);
  const frames = FRAMES.map((name) => jointIndex(clip.skeleton, name));
  const bones = BONES.map(([, child]) => jointIndex(clip.skeleton, child));
  const feet = ['foot_l', 'ball_l', 'foot_r', 'ball_r'].map((name) => jointIndex(clip.skeleton, name));
  const d = new Float64Array(3);
  for (let f = 0; f < count; f++) {
    forwardKinematics(pose, parents, offsets, clip.rootTranslationM, f * 3, clip.rotations, f * joints * 4);
    toRobotAxes(out.rootM, f * 3, pose.positionsM, 0);
    frames.forEach((joint, k) => {
      const o = (f * FRAMES.length + k) * 4;
      toRobotAxes(out.rotations, o, pose.rotations, joint * 4);
      out.rotations[o + 3] = pose.rotations[joint * 4 + 3];
    });
    for (let k = 0; k < 4; k++) toRobotAxes(out.feetM, f * 12 + k * 3, pose.positionsM, feet[k] * 3);
    bones.forEach((child, k) => {
      const l = Math.hypot(offsets[child * 3], offsets[child * 3 + 1], offsets[child * 3 + 2]) || 1;
      rotate(d, 0, pose.rotations, parents[child] * 4, offsets, child * 3);
      for (let a = 0; a < 3; a++) d[a] /= l;
      toRobotAxes(out.directions, (f * SEGMENT_COUNT + k) * 3, d, 0);
    });
  }
  return out;
}

function confidences(clip: Clip, names: readonly string[]): Float64Array {
  const joints = clip.skeleton.joints.length;
  const at = names.map((name) => jointIndex(clip.skeleton, name));
  return Float64Array.from(
    { length: clip.frameCount * names.length },
    (_, i) => clip.confidence[Math.floor(i / at.length) * joints + at[i % at.length]],
  );
}

function legLength(clip: Clip): number {
  const span = (name: string): number => Math.hypot(...clip.skeleton.joints[jointIndex(clip.skeleton, name)].translationM);
  return (span('calf_l') + span('calf_r') + span('foot_l') + span('foot_r')) / 2;
}
