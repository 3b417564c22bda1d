import type { Clip } from './clip.ts';
import { clipPoser } from './clip-poser.ts';
import { intervals } from './contacts.ts';
import { weightAt } from './easing.ts';
import type { Leg } from './feet.ts';
import { solePositions } from './feet.ts';
import type { FootLockOptions } from './foot-lock-options.ts';
import { multiply } from './quaternion.ts';
import { fromAxisAngle, fromTo, setBlend } from './rotation.ts';
import { toLocal } from './two-bone-ik.ts';

/**
 * Turns the foot so that the line heel → toe lies in the floor and keeps one heading while both are planted, and so that the
 * one end does not dig into the floor while the other is; eased at the ends.
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
  const v = new Float64Array(6);
  const turn = new Float64Array(8);
  for (let f = 0; f < clip.frameCount; f++) {
    if (!(either[0][f] > 0 || either[1][f] > 0)) continue;
    run.pose(rotations, f);
    legs.forEach((leg, side) => {
      const heel = f * 12 + side * 6;
      for (let k = 0; k < 3; k++) v[k] = soles[heel + 3 + k] - soles[heel + k];
      const w = options.strength * (digsIn(clip, f, side, v[1]) ? either[side][f] : both[side][f]);
      if (!(w > 0)) return;
      // Heel and toe points may sit at different heights of the shoe: level is what the rest pose calls level.
      v[3] = v[0];
      v[4] = leg.toeM[1] - leg.heelM[1];
      v[5] = v[2];
      fromTo(turn, 0, v, 0, v, 3);
      setBlend(turn, 0, w);
      fromAxisAngle(turn, 4, 0, 1, 0, yaw[side][f] * options.strength);
      multiply(turn, 0, turn, 4, turn, 0);
      multiply(run.world.rotations, leg.foot * 4, turn, 0, run.world.rotations, leg.foot * 4);
      toLocal(rotations, (f * joints + leg.foot) * 4, run.world.rotations, leg.calf * 4, run.world.rotations, leg.foot * 4);
    });
  }
  return { ...clip, rotations };
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
