import type { Foot, Pose, Puppet } from '../puppet.ts';
import { hipOffset, legLengthM, standingFoot, standingHipM } from '../puppet.ts';
import type { V3 } from '../vectors.ts';
import { about, add, minus, turn, Y } from '../vectors.ts';

/** A motion of a body: its pose at a time, seconds. */
export interface Move {
  readonly durationSec: number;
  readonly poseAt: (puppet: Puppet, timeSec: number) => Pose;
}

export const HANGING: readonly [V3, V3] = [
  [0.14, -0.96, 0.06],
  [-0.14, -0.96, 0.06],
];
/** Elbows point back and a little outwards. */
export const ELBOWS_BACK: readonly [V3, V3] = [
  [0.3, -0.2, -1],
  [-0.3, -0.2, -1],
];

/** Mirrors a left target into a right one. */
export const mirrored = ([x, y, z]: V3): V3 => [-x, y, z];
export const both = (left: V3): readonly [V3, V3] => [left, mirrored(left)];

/** Where the pelvis is for hips at this height above a place on the floor. */
export const pelvisOver = (puppet: Puppet, x: number, z: number, hipM: number): V3 => [x, hipM - hipOffset(puppet, 0)[1], z];

/** Both feet beside each other, each `halfWidthM` from (x, z), on a body that faces `yaw`. */
export function feetBeside(puppet: Puppet, x: number, z: number, yaw: number, halfWidthM: number, outRad = 0.12): [Foot, Foot] {
  return [0, 1].map((side) => {
    const mirror = side === 0 ? 1 : -1;
    const at = turn(about(Y, yaw), [mirror * halfWidthM, 0, 0]);
    return standingFoot(puppet, x + at[0], z + at[2], yaw + mirror * outRad, 0, side as 0 | 1);
  }) as [Foot, Foot];
}

/** Standing upright at (x, z). */
export function standing(puppet: Puppet, x: number, z: number, yaw: number): Pose {
  return {
    pelvis: pelvisOver(puppet, x, z, standingHipM(puppet)),
    pelvisTurn: about(Y, yaw),
    trunk: { bend: 0, twist: 0, side: 0 },
    head: { nod: 0, turn: 0 },
    wrists: HANGING,
    elbows: ELBOWS_BACK,
    feet: feetBeside(puppet, x, z, yaw, 0.1 * puppet.scale),
  };
}

/** The share of a leg's length that the pelvis may ask for. */
const FULL_REACH = 0.992;

/** Lowers the pelvis until both standing feet can be reached. */
export function withinReach(puppet: Puppet, pose: Pose): Pose {
  let drop = 0;
  const reach = legLengthM(puppet) * FULL_REACH;
  pose.feet.forEach((foot, side) => {
    if (!(foot.heel || foot.toe)) return;
    const hip = add(pose.pelvis, turn(pose.pelvisTurn, hipOffset(puppet, side as 0 | 1)));
    const [x, y, z] = minus(hip, foot.ankle);
    const highest = Math.sqrt(Math.max(0.01, reach * reach - x * x - z * z));
    drop = Math.max(drop, y - highest);
  });
  return drop > 0 ? { ...pose, pelvis: add(pose.pelvis, [0, -drop, 0]) } : pose;
}
