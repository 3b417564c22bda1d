import type { Foot, Pose } from '../puppet.ts';
import { freeFoot, standingHipM } from '../puppet.ts';
import type { V3 } from '../vectors.ts';
import { about, add, compose, ease, keyed, mix, turn, X, Y, Z } from '../vectors.ts';
import type { Move } from './standing.ts';
import { both, feetBeside, HANGING, pelvisOver, standing } from './standing.ts';

/** Two squats, arms forward. */
export const squat: Move = {
  durationSec: 4,
  poseAt: (puppet, t) => {
    const down = keyed(t % 2, [
      [0.1, 0],
      [0.9, 1],
      [1.1, 1],
      [1.9, 0],
    ]);
    const pose = standing(puppet, 0, 0, 0);
    return {
      ...pose,
      pelvis: pelvisOver(puppet, 0, -0.22 * down * puppet.scale, standingHipM(puppet) - 0.42 * down * puppet.scale),
      pelvisTurn: about(X, 0.5 * down),
      trunk: { bend: 0.35 * down, twist: 0, side: 0 },
      head: { nod: -0.5 * down, turn: 0 },
      wrists: both(mix(HANGING[0], [0, 0.45, 0.85], down)),
      feet: feetBeside(puppet, 0, 0, 0, 0.2 * puppet.scale, 0.35),
    };
  },
};

/** Guard, and straight punches left and right with the weight behind them. */
export const punches: Move = {
  durationSec: 4,
  poseAt: (puppet, t) => {
    const hit = (side: 0 | 1): number => {
      const u = ((t + side * 0.5) % 1) - 0.1;
      return ease(u, 0, 0.16) * (1 - ease(u, 0.2, 0.48));
    };
    const guard: V3 = [-0.12, 0.05, 0.42];
    const struck: V3 = [-0.2, 0.08, 0.96];
    const [left, right] = [hit(0), hit(1)];
    const yaw = -0.5;
    const [front, back] = feetBeside(puppet, 0, 0, yaw, 0.14 * puppet.scale);
    const step = turn(about(Y, yaw), [0, 0, 0.22 * puppet.scale]);
    return {
      ...standing(puppet, 0, 0, yaw),
      pelvis: add(pelvisOver(puppet, 0, 0, standingHipM(puppet) - 0.09 * puppet.scale), [0, 0, 0.05 * (left + right)]),
      pelvisTurn: about(Y, yaw + 0.25 * (right - left)),
      trunk: { bend: 0.15, twist: 0.5 * (right - left), side: 0 },
      head: { nod: -0.1, turn: 0.4 - 0.5 * (right - left) },
      wrists: [mix(guard, struck, left), mix([0.12, 0.05, 0.42], [0.2, 0.08, 0.96], right)],
      elbows: both([0.4, -1, -0.2]),
      feet: [
        { ...front, ankle: add(front.ankle, step) },
        { ...back, ankle: add(back.ankle, [-step[0], 0, -step[2]]) },
      ],
    };
  },
};

/** Arms crossed before the chest and opened again. */
export const crossedArms: Move = {
  durationSec: 4,
  poseAt: (puppet, t) => {
    const crossed = keyed(t % 2, [
      [0.1, 0],
      [0.6, 1],
      [1.2, 1],
      [1.8, 0],
    ]);
    const high = t < 2 ? 0 : 0.25;
    const pose = standing(puppet, 0, 0, 0.2);
    return {
      ...pose,
      trunk: { bend: 0.08 * crossed, twist: 0.15 * Math.sin(t * 2), side: 0 },
      wrists: [mix([0.75, 0.2, 0.3], [-0.5, -0.25 + high, 0.42], crossed), mix([-0.75, 0.2, 0.3], [0.5, -0.32 + high, 0.5], crossed)],
      elbows: both([0.6, -1, -0.3]),
    };
  },
};

/** Bends down to the floor and comes up with the arms over the head. */
export const bendAndReach: Move = {
  durationSec: 4,
  poseAt: (puppet, t) => {
    const down = keyed(t, [
      [0.2, 0],
      [1.2, 1],
      [1.6, 1],
      [2.6, 0],
    ]);
    const up = ease(t, 2.4, 3.2);
    return {
      ...standing(puppet, 0, 0, -0.3),
      pelvis: pelvisOver(puppet, 0, -0.12 * down * puppet.scale, standingHipM(puppet) - 0.1 * down * puppet.scale),
      pelvisTurn: compose(about(Y, -0.3), about(X, 0.75 * down)),
      trunk: { bend: 1.1 * down - 0.1 * up, twist: 0.2 * down, side: 0 },
      head: { nod: 0.3 * down - 0.3 * up, turn: 0 },
      wrists: both(mix(mix(HANGING[0], [0, -0.6, 0.75], down), [0.1, 0.95, 0.1], up)),
    };
  },
};

/** Sits down on a chair, waits, gets up. */
export const sit: Move = {
  durationSec: 5,
  poseAt: (puppet, t) => {
    const seated = keyed(t, [
      [0.3, 0],
      [1.5, 1],
      [3.3, 1],
      [4.5, 0],
    ]);
    const lean = keyed(t, [
      [0.3, 0],
      [0.9, 1],
      [1.6, 0.1],
      [3.1, 0.1],
      [3.8, 1],
      [4.5, 0],
    ]);
    return {
      ...standing(puppet, 0, 0, 0.5),
      pelvis: add(
        pelvisOver(puppet, 0, 0, standingHipM(puppet) - 0.38 * seated * puppet.scale),
        turn(about(Y, 0.5), [0, 0, -0.38 * seated * puppet.scale]),
      ),
      pelvisTurn: compose(about(Y, 0.5), about(X, 0.55 * lean - 0.15 * seated)),
      trunk: { bend: 0.35 * lean, twist: 0, side: 0 },
      wrists: both(mix(HANGING[0], [-0.05, -0.7, 0.55], seated)),
    };
  },
};

const LEAP_SEC = 0.8;
const TAKE_OFF_MS = 2.5;
const GRAVITY_MS2 = 9.81;
const FLIGHT_SEC = (2 * TAKE_OFF_MS) / GRAVITY_MS2;
const TIPTOE_RAD = 0.55;

/** A jump from both feet with `turnRad` of turn in the air: ballistic between take-off and landing. */
export const jump = (turnRad: number): Move => ({
  durationSec: 2.6,
  poseAt: (puppet, t): Pose => {
    const landSec = LEAP_SEC + FLIGHT_SEC;
    const air = Math.max(0, Math.min(FLIGHT_SEC, t - LEAP_SEC));
    const flies = t > LEAP_SEC && t < landSec;
    const rise = TAKE_OFF_MS * air - (GRAVITY_MS2 / 2) * air * air;
    const yaw = turnRad * ease(t, LEAP_SEC, landSec);
    const crouch = keyed(t, [
      [0, 0],
      [0.5, 1],
      [LEAP_SEC, 0],
      [landSec, 0],
      [landSec + 0.25, 0.9],
      [2.4, 0],
    ]);
    const arms = keyed(t, [
      [0, 0],
      [0.5, -1],
      [0.95, 1],
      [landSec + 0.3, 0],
    ]);
    const pose = standing(puppet, 0, 0, yaw);
    const hipM = standingHipM(puppet) - 0.26 * crouch * puppet.scale + rise;
    return {
      ...pose,
      pelvis: add(pelvisOver(puppet, 0, 0, hipM), turn(about(Y, yaw), [0, 0, -0.1 * crouch * puppet.scale])),
      pelvisTurn: compose(about(Y, yaw), about(X, 0.5 * crouch)),
      trunk: { bend: 0.3 * crouch, twist: 0, side: 0 },
      wrists: both(arms < 0 ? mix(HANGING[0], [0.2, -0.7, -0.55], -arms) : mix(HANGING[0], [0.2, 0.8, 0.45], arms)),
      feet: pose.feet.map((foot) => (flies ? flying(foot, rise, air) : foot)) as unknown as readonly [Foot, Foot],
    };
  },
});

/** A foot that hangs under the body that rose, toes down in between. */
function flying(foot: Foot, rise: number, air: number): Foot {
  const hang = Math.sin((Math.PI * air) / FLIGHT_SEC);
  return freeFoot(add(foot.ankle, [0, rise + 0.03 * hang, 0]), compose(foot.turn, about(X, TIPTOE_RAD * hang)));
}

/** A front kick with each leg. */
export const kicks: Move = {
  durationSec: 4,
  poseAt: (puppet, t) => {
    const side: 0 | 1 = t < 2 ? 0 : 1;
    const mirror = side === 0 ? 1 : -1;
    const up = keyed(t % 2, [
      [0.3, 0],
      [0.9, 1],
      [1.05, 1],
      [1.7, 0],
    ]);
    const shift = ease(t % 2, 0.05, 0.35) * (1 - ease(t % 2, 1.65, 1.95));
    const pose = standing(puppet, 0, 0, 0.6);
    const facing = about(Y, 0.6);
    const lifted = turn(facing, [0, 0.62 * puppet.scale, 0.72 * puppet.scale]);
    const feet = pose.feet.map((foot, s) =>
      s === side && up > 0.001
        ? freeFoot(add(foot.ankle, [lifted[0] * up, lifted[1] * up, lifted[2] * up]), compose(foot.turn, about(X, -0.5 * up)))
        : foot,
    ) as unknown as readonly [Foot, Foot];
    return {
      ...pose,
      pelvis: add(pose.pelvis, turn(facing, [-0.08 * mirror * shift * puppet.scale, -0.02 * shift, 0])),
      pelvisTurn: compose(facing, about(X, -0.25 * up), about(Z, 0)),
      trunk: { bend: 0.35 * up, twist: -0.3 * mirror * up, side: 0 },
      wrists: both([0.25, -0.45 + 0.2 * up, 0.5]),
      feet,
    };
  },
};
