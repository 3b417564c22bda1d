import type { Foot, Pose, Puppet } from '../puppet.ts';
import { freeFoot, hipOffset, legLengthM, standingHipM } from '../puppet.ts';
import type { Quat, V3 } from '../vectors.ts';
import { about, add, compose, ease, keyed, mix, times, turn, X, Y, Z } from '../vectors.ts';
import type { Move } from './standing.ts';
import { both, ELBOWS_BACK, HANGING, pelvisOver, standing } from './standing.ts';

const START_SEC = 0.6;
const END_SEC = 2.2;

/** A cartwheel to the body's left, facing the camera: the pelvis rolls once around on an arc. */
export const cartwheel: Move = {
  durationSec: 2.8,
  poseAt: (puppet, t): Pose => {
    const u = ease(t, START_SEC, END_SEC);
    const roll = -2 * Math.PI * u;
    const ready = ease(t, 0, START_SEC) * (1 - ease(t, END_SEC, 2.8));
    const hipM = standingHipM(puppet) - 0.12 * ready * puppet.scale + 0.02 * Math.sin(Math.PI * u) * puppet.scale;
    const x = (-1.1 + 2.2 * u) * puppet.scale;
    const rolled = about(Z, roll);
    const pelvis = pelvisOver(puppet, x, 0, hipM);
    const base = standing(puppet, x, 0, 0);
    return {
      ...base,
      pelvis,
      pelvisTurn: rolled,
      wrists: both(mix(HANGING[0], [0.25, 0.96, 0.05], ready)),
      feet: [0, 1].map((side) => spreadFoot(puppet, base.feet[side], pelvis, rolled, side as 0 | 1, ready)) as unknown as readonly [
        Foot,
        Foot,
      ],
    };
  },
};

/** Legs that open to a straddle while the body turns over. */
function spreadFoot(puppet: Puppet, standingOne: Foot, pelvis: V3, rolled: Quat, side: 0 | 1, ready: number): Foot {
  if (ready < 1e-3) return standingOne;
  const mirror = side === 0 ? 1 : -1;
  const angle = mirror * 0.62 * ready;
  const along: V3 = [Math.sin(angle), -Math.cos(angle), 0];
  const hip = hipOffset(puppet, side);
  const ankle = add(pelvis, turn(rolled, add(hip, times(along, legLengthM(puppet) * (0.985 - 0.015 * ready)))));
  return freeFoot(ankle, compose(rolled, about(Z, angle), about(X, 0.4 * ready)));
}

/** Crawls on hands and knees. */
export const crawl: Move = {
  durationSec: 4,
  poseAt: (puppet, t): Pose => {
    const swing = Math.sin((2 * Math.PI * t) / 1.2);
    const yaw = 0.9;
    const facing = about(Y, yaw);
    const forward = turn(facing, [0, 0, (-0.5 + 0.25 * t) * puppet.scale]);
    const level = compose(facing, about(X, 1.35));
    const pelvis: V3 = [forward[0], 0.5 * puppet.scale, forward[2]];
    const foot = (side: 0 | 1): Foot => {
      const mirror = side === 0 ? 1 : -1;
      const place = turn(facing, [mirror * 0.12 * puppet.scale, 0.07 - 0.5 * puppet.scale, (-0.4 + 0.12 * mirror * swing) * puppet.scale]);
      return freeFoot(add(pelvis, place), compose(facing, about(X, 1.5)), turn(facing, [0, -1, 0.35]));
    };
    return {
      pelvis,
      pelvisTurn: level,
      trunk: { bend: 0.1, twist: 0.12 * swing, side: 0 },
      head: { nod: -0.6, turn: 0 },
      wrists: [
        [0.1, 0.05 - 0.18 * swing, 0.93],
        [-0.1, 0.05 + 0.18 * swing, 0.93],
      ],
      elbows: ELBOWS_BACK,
      feet: [foot(0), foot(1)],
    };
  },
};

/** Lies down on the back from sitting on the floor. */
export const lieDown: Move = {
  durationSec: 3,
  poseAt: (puppet, t): Pose => {
    const back = keyed(t, [
      [0.4, 0],
      [2.2, 1],
    ]);
    const yaw = 1.2;
    const facing = about(Y, yaw);
    const pelvis: V3 = [0, 0.13 * puppet.scale, 0];
    const foot = (side: 0 | 1): Foot => {
      const place = turn(facing, [(side === 0 ? 0.12 : -0.12) * puppet.scale, -0.05, (0.62 + 0.12 * back) * puppet.scale]);
      return freeFoot(add(pelvis, place), compose(facing, about(X, -0.7)), turn(facing, [0, 1, 0.1]));
    };
    return {
      pelvis,
      pelvisTurn: compose(facing, about(X, -0.25 - 1.2 * back)),
      trunk: { bend: 0.35 * (1 - back), twist: 0, side: 0 },
      head: { nod: 0.3 * back, turn: 0 },
      wrists: both(mix([0.1, -0.5, 0.6], [0.35, -0.85, -0.05], back)),
      elbows: ELBOWS_BACK,
      feet: [foot(0), foot(1)],
    };
  },
};
