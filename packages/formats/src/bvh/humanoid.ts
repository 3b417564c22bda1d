import { GaitwayError } from '@gaitway/motion/errors';
import type { BvhJoint, BvhMotion } from './motion.ts';

/** Joints of one leg and one arm; `toe` is null where the End Site of the foot is the toe. */
export interface BvhLimbs {
  readonly thigh: number;
  readonly shin: number;
  readonly foot: number;
  readonly toe: number | null;
  readonly clavicle: number | null;
  readonly upperArm: number;
  readonly forearm: number;
  readonly hand: number;
}

/** The parts of a person in a BVH hierarchy, as joint indices. */
export interface BvhHumanoid {
  readonly hips: number;
  readonly chest: number;
  readonly head: number | null;
  readonly left: BvhLimbs;
  readonly right: BvhLimbs;
}

type Side = 'left' | 'right';

/**
 * Finds the limbs of a person without a mapping file: the name of a foot and of a hand gives the side and the end of a limb, the
 * hierarchy gives the rest (shin and thigh are above the foot, forearm and upper arm above the hand, the hips where the legs
 * meet, the chest where the arms meet). Works on the hierarchies of LAFAN1, CMU's conversions, Mixamo, Character Creator, Biped,
 * SMPL and Unreal. Throws `motion_unreadable` with the limbs that were not found.
 */
export function findHumanoid(motion: BvhMotion): BvhHumanoid {
  const joints = motion.joints;
  const missing: string[] = [];
  const limb = (side: Side, what: string, words: RegExp): readonly [number, number, number] | null => {
    const end = topmost(joints, side, words);
    const chain = end === null ? null : chainAbove(joints, end);
    if (!chain) missing.push(`${side} ${what}`);
    return chain;
  };
  const legs = { left: limb('left', 'leg', FOOT), right: limb('right', 'leg', FOOT) };
  const arms = { left: limb('left', 'arm', HAND), right: limb('right', 'arm', HAND) };
  if (!legs.left || !legs.right || !arms.left || !arms.right) return refuseLimbs(missing);
  const hips = commonAncestor(joints, legs.left[0], legs.right[0]);
  const chest = commonAncestor(joints, arms.left[0], arms.right[0]);
  return {
    hips,
    chest,
    head: topmost(joints, null, HEAD),
    left: limbsOf(joints, legs.left, arms.left, chest),
    right: limbsOf(joints, legs.right, arms.right, chest),
  };
}

function refuseLimbs(missing: readonly string[]): never {
  throw new GaitwayError('motion_unreadable', {
    message: `This BVH is not of a person that can be recognised: not found: ${missing.join(', ')}.`,
    facts: { missing: missing.join(', ') },
  });
}

const FOOT = /^(foot|feet|ankle|lfoot|rfoot|lankle|rankle)$/;
const HAND = /^(hand|wrist|lhand|rhand|lwrist|rwrist|palm)$/;
const HEAD = /^head$/;
const TOE = /^(toe|toes|toebase|ball|ltoe|rtoe)$/;
const HELPER = /^(twist|share|roll|end|nub|ik|bend)$/;

/** "CC_Base_L_ToeBase" → cc, base, l, toe, base, and the joined "toebase". */
export function nameTokens(name: string): string[] {
  const words = name
    .replace(/^.*[:|]/, '')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '');
  return [...words, ...words.slice(1).map((word, k) => words[k] + word)];
}

export function sideOfName(name: string): Side | null {
  const tokens = nameTokens(name);
  if (tokens.some((t) => t === 'l' || t === 'left' || /^l(foot|ankle|hand|wrist|toe)$/.test(t))) return 'left';
  if (tokens.some((t) => t === 'r' || t === 'right' || /^r(foot|ankle|hand|wrist|toe)$/.test(t))) return 'right';
  return null;
}

/** The first joint (parents stand before children) of a side with a word in its name. */
function topmost(joints: readonly BvhJoint[], side: Side | null, words: RegExp): number | null {
  const found = joints.findIndex((joint) => {
    const tokens = nameTokens(joint.name);
    const fits = tokens.some((t) => words.test(t)) && !tokens.some((t) => HELPER.test(t));
    return fits && (side === null || sideOfName(joint.name) === side);
  });
  return found < 0 ? null : found;
}

/** Root, middle and end of the two-bone chain that ends at `end`; helper joints and bones without length are stepped over. */
function chainAbove(joints: readonly BvhJoint[], end: number): readonly [number, number, number] | null {
  const middle = solidParent(joints, end);
  const root = middle === null ? null : solidParent(joints, middle);
  return middle === null || root === null ? null : [root, middle, end];
}

function solidParent(joints: readonly BvhJoint[], j: number): number | null {
  let below = j;
  let up = joints[j].parent;
  while (up > 0 && (Math.hypot(...joints[below].offset) === 0 || nameTokens(joints[up].name).some((t) => HELPER.test(t)))) {
    below = up;
    up = joints[up].parent;
  }
  return up > 0 ? up : null;
}

function ancestors(joints: readonly BvhJoint[], j: number): number[] {
  const out: number[] = [];
  for (let k = joints[j].parent; k >= 0; k = joints[k].parent) out.push(k);
  return out;
}

function commonAncestor(joints: readonly BvhJoint[], a: number, b: number): number {
  const above = new Set(ancestors(joints, a));
  return ancestors(joints, b).find((k) => above.has(k)) ?? 0;
}

function limbsOf(
  joints: readonly BvhJoint[],
  leg: readonly [number, number, number],
  arm: readonly [number, number, number],
  chest: number,
): BvhLimbs {
  const toe = joints.findIndex((joint) => joint.parent === leg[2] && nameTokens(joint.name).some((t) => TOE.test(t)));
  const above = joints[arm[0]].parent;
  return {
    thigh: leg[0],
    shin: leg[1],
    foot: leg[2],
    toe: toe < 0 ? null : toe,
    clavicle: above !== chest ? above : null,
    upperArm: arm[0],
    forearm: arm[1],
    hand: arm[2],
  };
}
