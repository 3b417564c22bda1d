import type { Clip } from './clip.ts';
import { clipPoser } from './clip-poser.ts';
import { envelope } from './easing.ts';
import type { Leg } from './feet.ts';
import { ankleCorrections } from './foot-anchors.ts';
import type { FootLockOptions } from './foot-lock-options.ts';
import { FOOT_LOCK_DEFAULTS } from './foot-lock-options.ts';
import { flattenSoles } from './sole-level.ts';
import { createTwoBoneScratch, solveTwoBone, toLocal } from './two-bone-ik.ts';
import { addScaled, distance } from './vector.ts';

/**
 * Plants the feet: while a heel or toe is in contact (`clip.contacts`) it stays at one place on the floor, no sole goes below
 * the floor, and corrections ease in and out so that nothing pops. The pelvis is lowered where a leg could not reach.
 *
 * Per foot: sole flattened in full stance, then one floor anchor a contact interval, then two-bone IK of the leg; the foot
 * keeps its world orientation.
 */
export function lockFeet(clip: Clip, legs: readonly [Leg, Leg], options: FootLockOptions = FOOT_LOCK_DEFAULTS): Clip {
  if (!(options.strength > 0) || clip.frameCount < 2) return clip;
  const flat = options.flatten ? flattenSoles(clip, legs, options) : clip;
  const corrections = legs.map((_, side) => ankleCorrections(flat, legs, side, options)) as [Float64Array, Float64Array];
  return applyCorrections(flat, legs, corrections);
}

/** Lowers the pelvis where needed, then solves each leg. */
function applyCorrections(clip: Clip, legs: readonly [Leg, Leg], corrections: readonly [Float64Array, Float64Array]): Clip {
  const joints = clip.skeleton.joints.length;
  const rotations = clip.rotations.slice();
  const run = clipPoser(clip);
  const drop = pelvisDrop(clip, legs, corrections);
  for (let f = 0; f < clip.frameCount; f++) run.root[f * 3 + 1] -= drop[f];
  const scratch = createTwoBoneScratch();
  const target = new Float64Array(3);
  for (let f = 0; f < clip.frameCount; f++) {
    run.pose(rotations, f);
    legs.forEach((leg, side) => {
      addScaled(target, 0, run.world.positionsM, leg.foot * 3, corrections[side], f * 3, 1);
      target[1] += drop[f];
      if (distance(target, 0, run.world.positionsM, leg.foot * 3) < 1e-7) return;
      const q = run.world.rotations;
      solveTwoBone(q, leg.thigh * 4, leg.calf * 4, run.world.positionsM, leg.thigh * 3, leg.calf * 3, leg.foot * 3, target, 0, scratch);
      const parent = clip.skeleton.joints[leg.thigh].parent;
      const at = f * joints * 4;
      toLocal(rotations, at + leg.thigh * 4, q, parent * 4, q, leg.thigh * 4);
      toLocal(rotations, at + leg.calf * 4, q, leg.thigh * 4, q, leg.calf * 4);
      toLocal(rotations, at + leg.foot * 4, q, leg.calf * 4, q, leg.foot * 4);
    });
  }
  return { ...clip, rootTranslationM: run.root, rotations };
}

/** How far the pelvis must come down (metres, smooth, ≥ 0) for both ankles to be in reach of their targets. */
function pelvisDrop(clip: Clip, legs: readonly [Leg, Leg], corrections: readonly [Float64Array, Float64Array]): Float64Array {
  const run = clipPoser(clip);
  const needed = new Float64Array(clip.frameCount);
  const target = new Float64Array(3);
  for (let f = 0; f < clip.frameCount; f++) {
    run.pose(clip.rotations, f);
    legs.forEach((leg, side) => {
      const p = run.world.positionsM;
      const reach = (distance(p, leg.thigh * 3, p, leg.calf * 3) + distance(p, leg.calf * 3, p, leg.foot * 3)) * 0.9985;
      addScaled(target, 0, p, leg.foot * 3, corrections[side], f * 3, 1);
      const flat = Math.hypot(target[0] - p[leg.thigh * 3], target[2] - p[leg.thigh * 3 + 2]);
      const height = p[leg.thigh * 3 + 1] - target[1];
      // Out of reach sideways cannot be mended by coming down.
      if (flat < reach) needed[f] = Math.max(needed[f], height - Math.sqrt(reach * reach - flat * flat));
    });
  }
  return envelope(needed, Math.max(1, Math.round(0.1 * clip.fps)));
}
