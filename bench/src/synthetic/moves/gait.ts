import type { Foot, Pose, Puppet } from '../puppet.ts';
import { freeFoot, standingFoot, standingHipM } from '../puppet.ts';
import type { V3 } from '../vectors.ts';
import { about, add, between, compose, ease, mix, turn, X, Y } from '../vectors.ts';
import type { Move } from './standing.ts';
import { both, ELBOWS_BACK, pelvisOver } from './standing.ts';

/** Walking or running along a path. */
export interface Gait {
  readonly durationSec: number;
  /** Time from one foot's middle of stance to the other's. */
  readonly stepSec: number;
  /** Share of two steps that a foot stands: above a half one foot always does, below it the body flies between steps. */
  readonly duty: number;
  readonly liftM: number;
  /** Rise and fall of the pelvis, metres; how much lower than standing it is. */
  readonly bounceM: number;
  readonly crouchM: number;
  /** Swing of the arms, as a share of their length; bend of elbows 0..1. */
  readonly armSwing: number;
  readonly elbowBend: number;
  readonly leanRad: number;
  /** Where the pelvis is over the floor, metres, and which way the body faces, radians about the vertical. */
  readonly path: (timeSec: number) => { readonly x: number; readonly z: number; readonly yaw: number };
}

const HALF_WIDTH_M = 0.075;

/** What the heel, then the toe do while a foot stands, as shares of its stance. */
const HEEL_DOWN = 0.14;
const HEEL_OFF = 0.6;
const STRIKE_RAD = -0.28;
const PUSH_RAD = 0.65;

const foothold = (gait: Gait, puppet: Puppet, side: 0 | 1, step: number, pitch: number): Foot => {
  const at = gait.path((2 * step + side) * gait.stepSec);
  const mirror = side === 0 ? 1 : -1;
  const [dx, , dz] = turn(about(Y, at.yaw), [mirror * HALF_WIDTH_M * puppet.scale, 0, 0]);
  return standingFoot(puppet, at.x + dx, at.z + dz, at.yaw + mirror * 0.1, pitch, side);
};

function footAt(gait: Gait, puppet: Puppet, side: 0 | 1, timeSec: number): Foot {
  const stride = 2 * gait.stepSec;
  const phase = timeSec / stride - side / 2 + gait.duty / 2;
  const step = Math.floor(phase);
  const u = phase - step;
  if (u < gait.duty) return stanceFoot(gait, puppet, side, step, u / gait.duty);
  const w = (u - gait.duty) / (1 - gait.duty);
  const from = foothold(gait, puppet, side, step, PUSH_RAD);
  const to = foothold(gait, puppet, side, step + 1, STRIKE_RAD);
  const lift: V3 = [0, gait.liftM * Math.sin(Math.PI * w) ** 2, 0];
  return freeFoot(add(mix(from.ankle, to.ankle, ease(w)), lift), between(from.turn, to.turn, ease(w)));
}

function stanceFoot(gait: Gait, puppet: Puppet, side: 0 | 1, step: number, u: number): Foot {
  if (u < HEEL_DOWN) return foothold(gait, puppet, side, step, STRIKE_RAD * (1 - ease(u, 0, HEEL_DOWN)));
  return foothold(gait, puppet, side, step, PUSH_RAD * ease(u, HEEL_OFF, 1));
}

/** The move of a gait. Arms swing against the legs; the pelvis is highest over the standing foot, or in flight when running. */
export function gaitMove(gait: Gait): Move {
  return {
    durationSec: gait.durationSec,
    poseAt: (puppet, timeSec): Pose => {
      const { x, z, yaw } = gait.path(timeSec);
      const stride = Math.cos((Math.PI * timeSec) / gait.stepSec);
      const flies = gait.duty < 0.5 ? -1 : 1;
      const rise = flies * gait.bounceM * Math.cos((2 * Math.PI * timeSec) / gait.stepSec);
      const sway = turn(about(Y, yaw), [0.02 * puppet.scale * stride, 0, 0]);
      const swing = Math.sin((Math.PI * timeSec) / gait.stepSec);
      return {
        pelvis: add(pelvisOver(puppet, x, z, standingHipM(puppet) - gait.crouchM * puppet.scale + rise * puppet.scale), sway),
        pelvisTurn: compose(about(Y, yaw + 0.1 * swing), about(X, gait.leanRad)),
        trunk: { bend: 0.3 * gait.leanRad, twist: -0.22 * swing, side: 0.03 * stride },
        head: { nod: 0, turn: 0.1 * swing },
        wrists: armsOf(gait, swing),
        elbows: ELBOWS_BACK,
        feet: [footAt(gait, puppet, 0, timeSec), footAt(gait, puppet, 1, timeSec)],
      };
    },
  };
}

function armsOf(gait: Gait, swing: number): readonly [V3, V3] {
  const bent: V3 = [0.1, -0.45, 0.5];
  const straight: V3 = [0.15, -0.95, 0.1];
  return both(mix(straight, bent, gait.elbowBend)).map((wrist, side) =>
    add(wrist, [0, 0.1 * gait.armSwing * swing ** 2, gait.armSwing * (side === 0 ? -swing : swing)]),
  ) as unknown as readonly [V3, V3];
}

const WALK = { stepSec: 0.54, duty: 0.61, liftM: 0.09, bounceM: 0.018, crouchM: 0.03, armSwing: 0.3, elbowBend: 0.15, leanRad: 0.04 };
const RUN = { stepSec: 0.36, duty: 0.36, liftM: 0.22, bounceM: 0.032, crouchM: 0.07, armSwing: 0.4, elbowBend: 0.9, leanRad: 0.15 };

/** Walks in a straight line that passes the origin half-way; `yaw` 0 is towards a camera at +z. */
export function walk(durationSec: number, yaw: number, speedMS = 1.15): Move {
  return gaitMove({ ...WALK, durationSec, path: straight(durationSec, yaw, speedMS) });
}

export const run = (durationSec: number, yaw: number, speedMS = 2.6): Move =>
  gaitMove({ ...RUN, durationSec, path: straight(durationSec, yaw, speedMS) });

const straight = (durationSec: number, yaw: number, speedMS: number): Gait['path'] => {
  return (t) => ({ x: Math.sin(yaw) * speedMS * (t - durationSec / 2), z: Math.cos(yaw) * speedMS * (t - durationSec / 2), yaw });
};

/** Walks a circle of this radius, once round in `durationSec`. */
export const walkCircle = (durationSec: number, radiusM: number): Move =>
  gaitMove({
    ...WALK,
    durationSec,
    path: (t) => {
      const yaw = (2 * Math.PI * t) / durationSec;
      return { x: -radiusM * Math.cos(yaw), z: radiusM * Math.sin(yaw), yaw };
    },
  });

/** Steps on the spot through `turns` turns. */
export const whirl = (durationSec: number, turns: number): Move => {
  const gait: Gait = {
    ...WALK,
    stepSec: 0.36,
    liftM: 0.05,
    durationSec,
    path: (t) => ({ x: 0, z: 0, yaw: 2 * Math.PI * turns * ease(t, 0.2, durationSec - 0.2) }),
  };
  const steps = gaitMove(gait);
  return {
    durationSec,
    poseAt: (puppet, t) => {
      const out = ease(t, 0, 0.8) * ease(durationSec - t, 0, 0.8);
      const pose = steps.poseAt(puppet, t);
      const spread = both([0.85, 0.1 + 0.2 * Math.sin(2 * t), 0.1]);
      return { ...pose, wrists: pose.wrists.map((wrist, side) => mix(wrist, spread[side], out)) as unknown as readonly [V3, V3] };
    },
  };
};
