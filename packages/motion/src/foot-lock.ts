import type { Clip } from './clip.ts';
import { intervals } from './contacts.ts';
import type { Leg } from './feet.ts';
import { solePositions } from './feet.ts';
import { gaussian } from './filters.ts';
import type { WorldPose } from './kinematics.ts';
import { createWorldPose, forwardKinematics, jointOffsets, jointParents } from './kinematics.ts';
import { multiply } from './quaternion.ts';
import { fromTo, setBlend } from './rotation.ts';
import { createTwoBoneScratch, solveTwoBone, toLocal } from './two-bone-ik.ts';
import { addScaled, distance } from './vector.ts';

export interface FootLockOptions {
  /** Time over which a correction fades in before and out after a plant, seconds. */
  readonly easeSec: number;
  /** 0..1: how much of the correction is applied; 1 locks. */
  readonly strength: number;
  /** Flatten the sole while heel and toe are both planted. */
  readonly flatten: boolean;
}

export const FOOT_LOCK_DEFAULTS: FootLockOptions = { easeSec: 0.15, strength: 1, flatten: true };

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

/** Cosine ease from 1 at the edge of an interval to 0 at `span` frames away. */
const ease = (distanceFrames: number, span: number): number =>
  distanceFrames >= span ? 0 : 0.5 + 0.5 * Math.cos((Math.PI * distanceFrames) / span);

/** Weight of an interval [from, to) at frame f: 1 inside, eased outside. */
const weightAt = (f: number, from: number, to: number, span: number): number => ease(f < from ? from - f : f >= to ? f - to + 1 : 0, span);

/** World-space displacement of the ankle that plants the foot, `frameCount × 3`. */
function ankleCorrections(clip: Clip, legs: readonly [Leg, Leg], side: number, options: FootLockOptions): Float64Array {
  const soles = solePositions(clip, legs);
  const span = Math.max(1, options.easeSec * clip.fps);
  const sum = new Float64Array(clip.frameCount * 3);
  const shares = new Float64Array(clip.frameCount);
  const strongest = new Float64Array(clip.frameCount);
  for (const plant of footPlants(clip, soles, side)) addPlant(sum, shares, strongest, soles, plant, span);
  for (let f = 0; f < clip.frameCount; f++) {
    if (!(shares[f] > 0)) continue;
    const scale = (options.strength * strongest[f]) / shares[f];
    for (let k = 0; k < 3; k++) sum[f * 3 + k] *= scale;
  }
  liftAboveFloor(sum, strongest, soles, side, clip.fps);
  return sum;
}

/** One contact interval of one point and the place on the floor it is held at. */
interface Plant {
  readonly point: number;
  readonly from: number;
  readonly to: number;
  readonly x: number;
  readonly z: number;
}

/**
 * Contact intervals of a foot. Heel and toe that are planted together share one displacement of the whole foot, taken where
 * both are down, so that rolling from heel to toe does not drag either.
 */
function footPlants(clip: Clip, soles: Float64Array, side: number): Plant[] {
  const found = [0, 1].flatMap((end) => {
    const point = side * 2 + end;
    return intervals(clip.contacts, point, clip.frameCount, 4).map(([from, to]) => ({ point, from, to }));
  });
  found.sort((a, b) => a.from - b.from || a.point - b.point);
  const out: Plant[] = [];
  for (const { point, from, to } of found) {
    const partner = out.findLast((plant) => plant.point !== point && plant.to > from);
    out.push({ point, from, to, ...(partner ? anchorBeside(partner, point, from, soles) : anchorOf(point, from, to, soles)) });
  }
  return out;
}

/** Median place of the point over the interval: robust to a late lift or an early touch. */
function anchorOf(point: number, from: number, to: number, soles: Float64Array): { x: number; z: number } {
  const middle = (axis: number): number => {
    const values = Float64Array.from({ length: to - from }, (_, i) => soles[(from + i) * 12 + point * 3 + axis]).sort();
    return values[values.length >> 1];
  };
  return { x: middle(0), z: middle(2) };
}

/** Place of the point when it touches down while `partner` is held at its anchor. */
function anchorBeside(partner: Plant, point: number, from: number, soles: Float64Array): { x: number; z: number } {
  const held = from * 12 + partner.point * 3;
  const own = from * 12 + point * 3;
  return { x: soles[own] + partner.x - soles[held], z: soles[own + 2] + partner.z - soles[held + 2] };
}

/** Power of a plant's weight in the mean: a planted point outweighs one that is still easing in. */
const SHARE_POWER = 4;

/** Adds one plant to the weighted sum of displacements; `shares` sums the weights, `strongest` keeps the largest. */
function addPlant(sum: Float64Array, shares: Float64Array, strongest: Float64Array, soles: Float64Array, plant: Plant, span: number): void {
  const first = Math.max(0, Math.ceil(plant.from - span));
  const last = Math.min(shares.length - 1, Math.floor(plant.to - 1 + span));
  for (let f = first; f <= last; f++) {
    const weight = weightAt(f, plant.from, plant.to, span);
    const share = weight ** SHARE_POWER;
    // Outside the interval the displacement of its nearest frame is held while its weight fades.
    const at = Math.max(plant.from, Math.min(plant.to - 1, f)) * 12 + plant.point * 3;
    sum[f * 3] += share * (plant.x - soles[at]);
    sum[f * 3 + 1] -= share * soles[at + 1];
    sum[f * 3 + 2] += share * (plant.z - soles[at + 2]);
    shares[f] += share;
    strongest[f] = Math.max(strongest[f], weight);
  }
}

/** Adds what is needed to keep heel and toe at or above the floor, spread smoothly over time but not into a plant. */
function liftAboveFloor(sum: Float64Array, planted: Float64Array, soles: Float64Array, side: number, fps: number): void {
  const needed = planted.map((_, f) => Math.max(0, -Math.min(soles[f * 12 + side * 6 + 1], soles[f * 12 + side * 6 + 4]) - sum[f * 3 + 1]));
  if (!needed.some((lift) => lift > 0)) return;
  const eased = envelope(needed, Math.max(1, Math.round(0.08 * fps)));
  for (let f = 0; f < needed.length; f++) sum[f * 3 + 1] += Math.max(needed[f], eased[f] * (1 - planted[f]));
}

/** A smooth curve that is nowhere below `values`: windowed maximum, then smoothing that cannot reach below it. */
function envelope(values: Float64Array, radius: number): Float64Array {
  const maximum = values.map((_, f) => {
    let m = 0;
    for (let k = Math.max(0, f - radius); k <= Math.min(values.length - 1, f + radius); k++) m = Math.max(m, values[k]);
    return m;
  });
  const smooth = maximum.slice();
  gaussian(smooth, 0, smooth.length, 1, radius / 3);
  return smooth.map((v, f) => Math.max(v, values[f]));
}

/**
 * Turns the foot so that the line heel → toe lies in the floor while both are planted, and so that the one end does not dig
 * into the floor while the other is; eased at the ends.
 */
function flattenSoles(clip: Clip, legs: readonly [Leg, Leg], options: FootLockOptions): Clip {
  const joints = clip.skeleton.joints.length;
  const rotations = clip.rotations.slice();
  const soles = solePositions(clip, legs);
  const run = kinematicsOf(clip);
  const span = Math.max(1, options.easeSec * clip.fps);
  const both = legs.map((_, side) => stanceWeights(clip, side, span, (heel, toe) => heel & toe));
  const either = legs.map((_, side) => stanceWeights(clip, side, span, (heel, toe) => heel | toe));
  const v = new Float64Array(6);
  const turn = new Float64Array(4);
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
      multiply(run.world.rotations, leg.foot * 4, turn, 0, run.world.rotations, leg.foot * 4);
      toLocal(rotations, (f * joints + leg.foot) * 4, run.world.rotations, leg.calf * 4, run.world.rotations, leg.foot * 4);
    });
  }
  return { ...clip, rotations };
}

/** Whether the free end of a foot is lower than its planted end. `riseM` is the height of the toe above the heel. */
function digsIn(clip: Clip, f: number, side: number, riseM: number): boolean {
  const heel = clip.contacts[f * 4 + side * 2];
  const toe = clip.contacts[f * 4 + side * 2 + 1];
  return heel !== toe && (heel === 1 ? riseM < 0 : riseM > 0);
}

/** Weight per frame of the stance that `combine` makes of heel and toe contacts: 1 inside, eased outside. */
function stanceWeights(clip: Clip, side: number, span: number, combine: (heel: number, toe: number) => number): Float64Array {
  const flags = new Uint8Array(clip.frameCount);
  for (let f = 0; f < clip.frameCount; f++) flags[f] = combine(clip.contacts[f * 4 + side * 2], clip.contacts[f * 4 + side * 2 + 1]);
  const out = new Float64Array(clip.frameCount);
  for (const [from, to] of intervals(flags, 0, clip.frameCount, 1)) {
    for (let f = Math.max(0, Math.ceil(from - span)); f <= Math.min(clip.frameCount - 1, to - 1 + span); f++) {
      out[f] = Math.max(out[f], weightAt(f, from, to, span));
    }
  }
  return out;
}

interface Kinematics {
  readonly world: WorldPose;
  readonly root: Float32Array;
  pose(rotations: Float32Array, frame: number): void;
}

function kinematicsOf(clip: Clip): Kinematics {
  const parents = jointParents(clip.skeleton);
  const offsets = jointOffsets(clip.skeleton);
  const world = createWorldPose(clip.skeleton);
  const root = clip.rootTranslationM.slice();
  const stride = clip.skeleton.joints.length * 4;
  return {
    world,
    root,
    pose: (rotations, frame) => forwardKinematics(world, parents, offsets, root, frame * 3, rotations, frame * stride),
  };
}

/** Lowers the pelvis where needed, then solves each leg. */
function applyCorrections(clip: Clip, legs: readonly [Leg, Leg], corrections: readonly [Float64Array, Float64Array]): Clip {
  const joints = clip.skeleton.joints.length;
  const rotations = clip.rotations.slice();
  const run = kinematicsOf(clip);
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
  const run = kinematicsOf(clip);
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
