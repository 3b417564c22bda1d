import type { Clip } from './clip.ts';
import { clipPoser } from './clip-poser.ts';
import { intervals } from './contacts.ts';
import { weightAt } from './easing.ts';
import type { Leg } from './feet.ts';
import { solePositions } from './feet.ts';
import type { FootLockOptions } from './foot-lock-options.ts';
import { multiply, rotate, setIdentity } from './quaternion.ts';
import { fromAxisAngle, fromTo, setBlend } from './rotation.ts';
import { toLocal } from './two-bone-ik.ts';
import { addScaled, dot } from './vector.ts';

const LEFT = Float64Array.of(1, 0, 0);
const level = new Float64Array(3);
const lateral = new Float64Array(3);

/**
 * Turns the foot so that the line heel → toe lies in the floor and keeps one heading while both are planted, and so that the
 * one end does not dig into the floor while the other is, and so that it stands on no edge while either is; eased at the ends.
 */
export function flattenSoles(clip: Clip, legs: readonly [Leg, Leg], options: FootLockOptions): Clip {
  const joints = clip.skeleton.joints.length;
  const rotations = clip.rotations.slice();
  const soles = solePositions(clip, legs);
  const run = clipPoser(clip);
  const span = Math.max(1, options.easeSec * clip.fps);
  const both = legs.map((_, side) => stanceWeights(clip, side, span, (heel, toe) => heel & toe));
  const either = legs.map((_, side) => stanceWeights(clip, side, span, (heel, toe) => heel | toe));
  const yaw = legs.map((_, side) => stanceYaw(clip, soles, side, span));
  const v = new Float64Array(3);
  const turn = new Float64Array(4);
  for (let f = 0; f < clip.frameCount; f++) {
    if (!(either[0][f] > 0 || either[1][f] > 0)) continue;
    run.pose(rotations, f);
    legs.forEach((leg, side) => {
      const heel = f * 12 + side * 6;
      for (let k = 0; k < 3; k++) v[k] = soles[heel + 3 + k] - soles[heel + k];
      const foot = run.world.rotations.subarray(leg.foot * 4, leg.foot * 4 + 4);
      const { strength } = options;
      turnBy(foot, turn, strength * either[side][f] * rollTurn(turn, foot, v));
      const pitched = strength * (digsIn(clip, f, side, v[1]) ? either[side][f] : both[side][f]);
      if (pitched > 0) {
        // Heel and toe points may sit at different heights of the shoe: level is what the rest pose calls level.
        level.set([v[0], leg.toeM[1] - leg.heelM[1], v[2]]);
        fromTo(turn, 0, v, 0, level, 0);
        turnBy(foot, turn, pitched);
        fromAxisAngle(turn, 0, 0, 1, 0, yaw[side][f] * strength);
        turnBy(foot, turn, 1);
      }
      toLocal(rotations, (f * joints + leg.foot) * 4, run.world.rotations, leg.calf * 4, run.world.rotations, leg.foot * 4);
    });
  }
  return { ...clip, rotations };
}

/** Turns a world rotation by a part of `turn`, in place; `turn` is used up. */
function turnBy(q: Float64Array, turn: Float64Array, part: number): void {
  if (part < 1) setBlend(turn, 0, part);
  multiply(q, 0, turn, 0, q, 0);
}

/** A foot that stands more steeply than this (sine of the heel → toe line) is on its tip and has no roll. */
const ON_TIP_SINE = 0.94;
/** A foot that is rolled by less than the first sine stands on its edge; one beyond the second lies on its side. */
const EDGE_SINE = 0.5;
const SIDE_SINE = 0.8;

/**
 * The turn about the line heel → toe, `v`, that takes the foot's lateral axis into the horizontal; returns how far the foot should be
 * turned, 0..1.
 */
function rollTurn(out: Float64Array, foot: Float64Array, v: Float64Array): number {
  const length = Math.hypot(v[0], v[1], v[2]);
  setIdentity(out, 0);
  if (Math.abs(v[1]) > ON_TIP_SINE * length) return 0;
  rotate(lateral, 0, foot, 0, LEFT, 0);
  addScaled(lateral, 0, lateral, 0, v, 0, -dot(lateral, 0, v, 0) / (length * length));
  const sine = Math.abs(lateral[1]) / Math.hypot(lateral[0], lateral[1], lateral[2]);
  // Up × v points to the left of a foot that stands; one whose left is there on the right lies on its instep.
  level.set([v[2], 0, -v[0]]);
  if (!(dot(lateral, 0, level, 0) > 0)) return 0;
  fromTo(out, 0, lateral, 0, level, 0);
  return Math.max(0, Math.min(1, (SIDE_SINE - sine) / (SIDE_SINE - EDGE_SINE)));
}

/** Heading of the foot on the floor at a frame, radians about +Y from +Z. */
const heading = (soles: Float64Array, f: number, side: number): number => {
  const heel = f * 12 + side * 6;
  return Math.atan2(soles[heel + 3] - soles[heel], soles[heel + 5] - soles[heel + 2]);
};

/** Difference of two angles, −π..π. */
const turnBetween = (from: number, to: number): number => Math.atan2(Math.sin(to - from), Math.cos(to - from));

/** Turn about the vertical that holds the foot at the middle heading of each full stance, per frame, eased, radians. */
function stanceYaw(clip: Clip, soles: Float64Array, side: number, span: number): Float64Array {
  const out = new Float64Array(clip.frameCount);
  for (const [from, to] of intervals(
    stance(clip, side, (heel, toe) => heel & toe),
    0,
    clip.frameCount,
    1,
  )) {
    const first = heading(soles, from, side);
    const turns = Float64Array.from({ length: to - from }, (_, i) => turnBetween(first, heading(soles, from + i, side)));
    const middle = turns.slice().sort()[turns.length >> 1];
    for (let f = Math.max(0, Math.ceil(from - span)); f <= Math.min(clip.frameCount - 1, to - 1 + span); f++) {
      const wanted = middle - turns[Math.max(0, Math.min(turns.length - 1, f - from))];
      const eased = wanted * weightAt(f, from, to, span);
      if (Math.abs(eased) > Math.abs(out[f])) out[f] = eased;
    }
  }
  return out;
}

/** Frames of one foot in which `combine` of its heel and toe contacts is set. */
function stance(clip: Clip, side: number, combine: (heel: number, toe: number) => number): Uint8Array {
  const flags = new Uint8Array(clip.frameCount);
  for (let f = 0; f < clip.frameCount; f++) flags[f] = combine(clip.contacts[f * 4 + side * 2], clip.contacts[f * 4 + side * 2 + 1]);
  return flags;
}

/** Whether the free end of a foot is lower than its planted end. `riseM` is the height of the toe above the heel. */
function digsIn(clip: Clip, f: number, side: number, riseM: number): boolean {
  const heel = clip.contacts[f * 4 + side * 2];
  const toe = clip.contacts[f * 4 + side * 2 + 1];
  return heel !== toe && (heel === 1 ? riseM < 0 : riseM > 0);
}

/** Weight per frame of the stance that `combine` makes of heel and toe contacts: 1 inside, eased outside. */
function stanceWeights(clip: Clip, side: number, span: number, combine: (heel: number, toe: number) => number): Float64Array {
  const out = new Float64Array(clip.frameCount);
  for (const [from, to] of intervals(stance(clip, side, combine), 0, clip.frameCount, 1)) {
    for (let f = Math.max(0, Math.ceil(from - span)); f <= Math.min(clip.frameCount - 1, to - 1 + span); f++) {
      out[f] = Math.max(out[f], weightAt(f, from, to, span));
    }
  }
  return out;
}
