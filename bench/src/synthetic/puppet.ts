/** From what limbs shall do to a Clip: analytic inverse kinematics on a body of any size. */
import type { Clip } from '@gaitway/motion/clip';
import { FOOT_POINTS_M, HUMAN_JOINTS, HUMAN_SKELETON_HEIGHT_M } from '@gaitway/motion/human';
import { createWorldPose, forwardKinematics, jointOffsets, jointParents } from '@gaitway/motion/kinematics';
import type { Skeleton } from '@gaitway/motion/skeleton';
import { hingeChain } from './hinge-chain.ts';
import type { Quat, V3 } from './vectors.ts';
import { about, add, aim, compose, ease, IDENTITY, inverse, minus, norm, times, turn, X, Y, Z } from './vectors.ts';

/** Where a foot is: its ankle, which way it is turned in the world, and what of it stands. */
export interface Foot {
  readonly ankle: V3;
  readonly turn: Quat;
  readonly heel: boolean;
  readonly toe: boolean;
  /** Bend of the toes upwards, radians. */
  readonly toeFlexRad: number;
  /** Where the knee points, world; the foot's own front by default. */
  readonly knee?: V3;
}

export interface Trunk {
  readonly bend: number;
  readonly twist: number;
  readonly side: number;
}

/** One moment of a motion. Angles in radians, world Y up, the body's front is +Z at rest. */
export interface Pose {
  readonly pelvis: V3;
  readonly pelvisTurn: Quat;
  readonly trunk: Trunk;
  readonly head: { readonly nod: number; readonly turn: number };
  /** Left and right wrist relative to its shoulder in the chest's frame, as a share of the arm's length. */
  readonly wrists: readonly [V3, V3];
  /** Where the elbows point, in the chest's frame. */
  readonly elbows: readonly [V3, V3];
  readonly feet: readonly [Foot, Foot];
}

/** A body to move: its skeleton and its size against the rest skeleton. */
export interface Puppet {
  readonly skeleton: Skeleton;
  readonly scale: number;
}

const joint = (name: string): number => HUMAN_JOINTS.indexOf(name);
const SIDES = ['l', 'r'] as const;

/** Height of an ankle whose sole is flat on the floor, metres. */
export const ankleHeightM = (puppet: Puppet): number => -FOOT_POINTS_M.heel[1] * puppet.scale;

/** Rest height of the hip joints above the floor for legs that are nearly stretched. */
export const standingHipM = (puppet: Puppet): number => ankleHeightM(puppet) + legLengthM(puppet) * 0.985;

const offset = (puppet: Puppet, name: string): V3 => puppet.skeleton.joints[joint(name)].translationM;

export const legLengthM = (puppet: Puppet): number => norm(offset(puppet, 'calf_l')) + norm(offset(puppet, 'foot_l'));
export const armLengthM = (puppet: Puppet): number => norm(offset(puppet, 'lowerarm_l')) + norm(offset(puppet, 'hand_l'));
export const hipOffset = (puppet: Puppet, side: 0 | 1): V3 => offset(puppet, `thigh_${SIDES[side]}`);

/** A foot on the floor whose flat sole lies under (x, z); pitched about its heel (toes up, < 0) or its toe (heel up, > 0). */
export function standingFoot(puppet: Puppet, x: number, z: number, yaw: number, pitch = 0, side: 0 | 1 = 0): Foot {
  const mirror = side === 0 ? 1 : -1;
  const [px, py, pz] = pitch > 0 ? FOOT_POINTS_M.toe : FOOT_POINTS_M.heel;
  const local = times([px * mirror, py, pz], puppet.scale);
  const level = about(Y, yaw);
  const turned = compose(level, about(X, pitch));
  const pivot = add([x, ankleHeightM(puppet), z], turn(level, local));
  return {
    ankle: minus(pivot, turn(turned, local)),
    turn: turned,
    heel: pitch <= 0.02,
    toe: pitch >= -0.02,
    toeFlexRad: Math.max(0, pitch) * 0.8,
  };
}

/** A foot in the air. */
export const freeFoot = (ankle: V3, turned: Quat, knee?: V3): Foot => ({
  ankle,
  turn: turned,
  heel: false,
  toe: false,
  toeFlexRad: 0,
  ...(knee && { knee }),
});

/** The clip of a sequence of poses. */
export function clipOf(puppet: Puppet, poses: readonly Pose[], fps: number): Clip {
  const width = HUMAN_JOINTS.length * 4;
  const rotations = new Float32Array(poses.length * width);
  const contacts = new Uint8Array(poses.length * 4);
  poses.forEach((pose, f) => {
    for (let j = 0; j < HUMAN_JOINTS.length; j++) rotations[f * width + j * 4 + 3] = 1;
    writePose(puppet, pose, rotations, f * width);
    pose.feet.forEach((foot, side) => {
      contacts.set([foot.heel ? 1 : 0, foot.toe ? 1 : 0], f * 4 + side * 2);
    });
  });
  return {
    skeleton: puppet.skeleton,
    fps,
    frameCount: poses.length,
    rootTranslationM: Float32Array.from(poses.flatMap((pose) => [...pose.pelvis])),
    rotations,
    contacts,
    confidence: new Float32Array(poses.length * HUMAN_JOINTS.length).fill(1),
  };
}

function writePose(puppet: Puppet, pose: Pose, out: Float32Array, at: number): void {
  const set = (name: string, q: Quat): void => out.set(q, at + joint(name) * 4);
  set('pelvis', pose.pelvisTurn);
  const { bend, twist, side } = pose.trunk;
  const share = compose(about(Y, twist / 5), about(Z, side / 5), about(X, bend / 5));
  for (let i = 1; i <= 5; i++) set(`spine_0${i}`, share);
  const look = compose(about(Y, pose.head.turn / 3), about(X, pose.head.nod / 3));
  for (const name of ['neck_01', 'neck_02', 'head']) set(name, look);
  writeArms(puppet, pose, set);
  writeLegs(puppet, pose, set);
}

type SetJoint = (name: string, q: Quat) => void;

function writeArms(puppet: Puppet, pose: Pose, set: SetJoint): void {
  SIDES.forEach((s, side) => {
    const target = times(pose.wrists[side], armLengthM(puppet));
    const mirror = side === 0 ? 1 : -1;
    // The shoulder girdle lifts with an arm that is raised.
    const clavicle = about(Z, 0.3 * mirror * ease(pose.wrists[side][1], 0, 1));
    const upper = offset(puppet, `lowerarm_${s}`);
    const fore = offset(puppet, `hand_${s}`);
    const axis: V3 = [-Math.SQRT1_2, -mirror * Math.SQRT1_2, 0];
    const { bendRad, reach } = hingeChain(upper, fore, axis, norm(target));
    const inChest = aim(reach, [0, 0, -1], target, pose.elbows[side]);
    set(`clavicle_${s}`, clavicle);
    set(`upperarm_${s}`, compose(inverse(clavicle), inChest));
    set(`lowerarm_${s}`, about(axis, bendRad));
  });
}

function writeLegs(puppet: Puppet, pose: Pose, set: SetJoint): void {
  SIDES.forEach((s, side) => {
    const foot = pose.feet[side];
    const hip = add(pose.pelvis, turn(pose.pelvisTurn, hipOffset(puppet, side as 0 | 1)));
    const target = minus(foot.ankle, hip);
    const { bendRad, reach } = hingeChain(offset(puppet, `calf_${s}`), offset(puppet, `foot_${s}`), X, norm(target));
    const thigh = aim(reach, Z, target, foot.knee ?? turn(foot.turn, Z));
    const calf = about(X, bendRad);
    set(`thigh_${s}`, compose(inverse(pose.pelvisTurn), thigh));
    set(`calf_${s}`, calf);
    set(`foot_${s}`, compose(inverse(compose(thigh, calf)), foot.turn));
    set(`ball_${s}`, foot.toeFlexRad === 0 ? IDENTITY : about(X, -foot.toeFlexRad));
  });
}

/** Size of a body of this height against `HUMAN_SKELETON`. */
export const scaleOf = (heightM: number): number => heightM / HUMAN_SKELETON_HEIGHT_M;

/** World pose of every joint in every frame: positions `frames × joints × 3`, rotations `frames × joints × 4`. */
export function worldPoses(clip: Clip): { readonly positionsM: Float64Array; readonly rotations: Float64Array } {
  const joints = clip.skeleton.joints.length;
  const parents = jointParents(clip.skeleton);
  const offsets = jointOffsets(clip.skeleton);
  const pose = createWorldPose(clip.skeleton);
  const positionsM = new Float64Array(clip.frameCount * joints * 3);
  const rotations = new Float64Array(clip.frameCount * joints * 4);
  for (let f = 0; f < clip.frameCount; f++) {
    forwardKinematics(pose, parents, offsets, clip.rootTranslationM, f * 3, clip.rotations, f * joints * 4);
    positionsM.set(pose.positionsM, f * joints * 3);
    rotations.set(pose.rotations, f * joints * 4);
  }
  return { positionsM, rotations };
}
