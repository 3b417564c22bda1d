import type { Clip } from '@gaitway/motion/clip';
import { FOOT_POINTS_M } from '@gaitway/motion/human';
import { createWorldPose, forwardKinematics, jointOffsets, jointParents, type WorldPose } from '@gaitway/motion/kinematics';
import { rotate, rotateInverse } from '@gaitway/motion/quaternion';
import type { Skeleton } from '@gaitway/motion/skeleton';
import { type Colour, LEFT, MIDDLE, mix, RIGHT, UNSURE } from './palette.ts';
import type { Cone } from './rasteriser.ts';

type Point = readonly [number, number, number];

/** A point that moves with a joint: its name and an offset in the rest pose's world axes, metres for a body of 1.75 m. */
interface Anchor {
  readonly joint: string;
  readonly offsetM: Point;
}

/** A limb of the drawn body between two anchors, with the radius at each end, metres for a body of 1.75 m. */
interface LimbPlan {
  readonly from: Anchor;
  readonly to: Anchor;
  readonly radiusFromM: number;
  readonly radiusToM: number;
}

/** The same resolved against a skeleton: joint indices and offsets in the joints' own frames. */
interface Limb {
  readonly from: number;
  readonly to: number;
  /** The joints whose confidence colours the ends: fingers, which no landmark follows, are trusted as far as their hand. */
  readonly fromTrust: number;
  readonly toTrust: number;
  readonly fromOffsetM: Float64Array;
  readonly toOffsetM: Float64Array;
  readonly radiusFromM: number;
  readonly radiusToM: number;
  readonly colour: Colour;
}

const at = (joint: string, x = 0, y = 0, z = 0): Anchor => ({ joint, offsetM: [x, y, z] });
const limb = (from: Anchor, to: Anchor, radiusFromM: number, radiusToM: number): LimbPlan => ({ from, to, radiusFromM, radiusToM });

/** The trunk as columns of balls side by side, close enough to look like one smooth body; -1 is its right edge, 1 its left. */
const TRUNK_COLUMNS = [-1, -0.5, 0, 0.5, 1];
const trunkColumn = (x: number): LimbPlan[] => [
  limb(at('pelvis', x * 0.066, -0.035, 0), at('spine_03', x * 0.048, -0.01, 0.015), 0.101, 0.089),
  limb(at('spine_03', x * 0.048, -0.01, 0.015), at('spine_05', x * 0.072, 0.012, 0.03), 0.089, 0.104),
];

const MIDDLE_LIMBS: readonly LimbPlan[] = [
  ...TRUNK_COLUMNS.flatMap(trunkColumn),
  limb(at('spine_05', 0, 0.1, 0.02), at('head', 0, -0.01, 0), 0.066, 0.05),
  limb(at('head', 0, 0.05, 0.022), at('head', 0, 0.115, -0.002), 0.082, 0.092),
  limb(at('head', 0, 0.055, 0.1), at('head', 0, 0.04, 0.113), 0.01, 0.014),
];

const FINGERS = ['index', 'middle', 'ring', 'pinky'];

/** The left side; the right one mirrors it. */
const LEFT_LIMBS: readonly LimbPlan[] = [
  limb(at('spine_05', 0.04, 0.082, 0.014), at('upperarm_l', 0, 0.002, 0), 0.05, 0.056),
  limb(at('upperarm_l', 0, 0.002, 0), at('lowerarm_l'), 0.056, 0.041),
  limb(at('lowerarm_l'), at('hand_l'), 0.042, 0.028),
  limb(at('hand_l', 0.012, -0.012, 0), at('middle_01_l'), 0.031, 0.033),
  limb(at('hand_l', 0.01, -0.01, 0.012), at('thumb_02_l'), 0.02, 0.015),
  limb(at('thumb_02_l'), at('thumb_03_l'), 0.015, 0.012),
  ...FINGERS.flatMap((name) => [
    limb(at(`${name}_01_l`), at(`${name}_02_l`), 0.0125, 0.011),
    limb(at(`${name}_02_l`), at(`${name}_03_l`), 0.011, 0.01),
    limb(at(`${name}_03_l`), at(`${name}_03_l`, 0.014, -0.014, 0), 0.01, 0.008),
  ]),
  limb(at('thigh_l', 0.005, 0.01, -0.008), at('calf_l', 0, 0.01, 0), 0.094, 0.058),
  limb(at('calf_l'), at('calf_l', 0, -0.14, -0.014), 0.057, 0.058),
  limb(at('calf_l', 0, -0.14, -0.014), at('foot_l', 0, 0.02, 0), 0.058, 0.038),
  limb(at('foot_l', 0, -0.043, -0.03), at('foot_l', 0, 0.0, 0.0), 0.038, 0.038),
  limb(at('foot_l', 0, -0.043, -0.02), at('ball_l', 0, 0.01, -0.005), 0.04, 0.035),
  limb(at('ball_l', 0, 0.01, -0.005), at('ball_l', 0, 0.003, 0.055), 0.035, 0.026),
];

const mirrorAnchor = ({ joint, offsetM: [x, y, z] }: Anchor): Anchor => at(joint.replace(/_l$/, '_r'), -x, y, z);
const mirrorLimb = (plan: LimbPlan): LimbPlan => ({ ...plan, from: mirrorAnchor(plan.from), to: mirrorAnchor(plan.to) });

const LEFT_COLOUR = mix(MIDDLE, LEFT, 0.8);
const RIGHT_COLOUR = mix(MIDDLE, RIGHT, 0.8);
/** Limbs of the trunk are drawn in the middle colour although they belong to a side. */
const isTrunk = ({ from }: LimbPlan): boolean => /^(pelvis|spine)/.test(from.joint);

const HUMAN_LIMBS: readonly (readonly [LimbPlan, Colour])[] = [
  ...MIDDLE_LIMBS.map((plan) => [plan, MIDDLE] as const),
  ...LEFT_LIMBS.map((plan) => [plan, isTrunk(plan) ? MIDDLE : LEFT_COLOUR] as const),
  ...LEFT_LIMBS.map(mirrorLimb).map((plan) => [plan, isTrunk(plan) ? MIDDLE : RIGHT_COLOUR] as const),
];

const LEG_JOINTS = ['calf_l', 'foot_l'];
const HUMAN_LEG_M = 0.842;
const ROBOT_RADIUS_M = 0.035;
/** Confidence at which a joint begins to be coloured as unsure, and at which it is entirely. */
const SURE = 0.55;
const GUESSED = 0.2;

/** A body that can be drawn at any frame of its clip. */
export interface Body {
  /** Limbs of frame `frame`; a new array at every call. */
  conesAt(frame: number): Cone[];
  /** World positions of heels and toes (`CONTACT_POINTS` × 3, metres) of the frame, or null if the skeleton has no human feet. */
  solesAt(frame: number): Float64Array | null;
}

/** A human skeleton gets a mannequin's body; any other (a robot) a tube along every bone. */
export function bodyOf(clip: Clip): Body {
  const { skeleton } = clip;
  const parents = jointParents(skeleton);
  const offsets = jointOffsets(skeleton);
  const pose = createWorldPose(skeleton);
  const limbs = isHuman(skeleton) ? humanLimbs(skeleton) : tubeLimbs(skeleton);
  const feet = isHuman(skeleton) ? footAnchors(skeleton) : null;
  const joints = skeleton.joints.length;
  const poseAt = (frame: number): void =>
    forwardKinematics(pose, parents, offsets, clip.rootTranslationM, frame * 3, clip.rotations, frame * joints * 4);
  return {
    conesAt(frame) {
      poseAt(frame);
      return limbs.map((each) => coneOf(each, pose, clip.confidence, frame * joints));
    },
    solesAt(frame) {
      if (!feet) return null;
      poseAt(frame);
      const out = new Float64Array(12);
      for (const [i, { joint, offsetM }] of feet.entries()) placeAnchor(out, i * 3, pose, joint, offsetM);
      return out;
    },
  };
}

function coneOf(each: Limb, pose: WorldPose, confidence: Float32Array, row: number): Cone {
  const ends = new Float64Array(6);
  placeAnchor(ends, 0, pose, each.from, each.fromOffsetM);
  placeAnchor(ends, 3, pose, each.to, each.toOffsetM);
  return {
    a: [ends[0], ends[1], ends[2]],
    b: [ends[3], ends[4], ends[5]],
    radiusA: each.radiusFromM,
    radiusB: each.radiusToM,
    colourA: tinted(each.colour, confidence[row + each.fromTrust]),
    colourB: tinted(each.colour, confidence[row + each.toTrust]),
  };
}

const tinted = (colour: Colour, confidence: number): Colour =>
  confidence >= SURE ? colour : mix(colour, UNSURE, Math.min(1, (SURE - confidence) / (SURE - GUESSED)));

function placeAnchor(out: Float64Array, o: number, pose: WorldPose, joint: number, offsetM: Float64Array): void {
  rotate(out, o, pose.rotations, joint * 4, offsetM, 0);
  for (let k = 0; k < 3; k++) out[o + k] += pose.positionsM[joint * 3 + k];
}

const indexOf = (skeleton: Skeleton, name: string): number => skeleton.joints.findIndex((joint) => joint.name === name);

function isHuman(skeleton: Skeleton): boolean {
  const names = new Set(skeleton.joints.map((joint) => joint.name));
  return HUMAN_LIMBS.every(([{ from, to }]) => names.has(from.joint) && names.has(to.joint));
}

/** World pose of the skeleton at rest: what turns offsets in world axes into offsets in a joint's frame. */
function restPose(skeleton: Skeleton): WorldPose {
  const pose = createWorldPose(skeleton);
  const rotations = Float64Array.from(skeleton.joints.flatMap((joint) => joint.rotation));
  const offsets = jointOffsets(skeleton);
  forwardKinematics(pose, jointParents(skeleton), offsets, offsets, 0, rotations, 0);
  return pose;
}

/** How much larger than the 1.75 m body a skeleton is, by its legs. */
function bodyScale(skeleton: Skeleton): number {
  const lengths = LEG_JOINTS.map((name) => Math.hypot(...skeleton.joints[indexOf(skeleton, name)].translationM));
  return lengths.reduce((sum, length) => sum + length, 0) / HUMAN_LEG_M;
}

function localOffset(rest: WorldPose, joint: number, offsetM: Point, scale: number): Float64Array {
  const out = Float64Array.from(offsetM, (value) => value * scale);
  rotateInverse(out, 0, rest.rotations, joint * 4, out, 0);
  return out;
}

const trustedJoint = (name: string): string => name.replace(/^(thumb|index|middle|ring|pinky)_.*_([lr])$/, 'hand_$2');

function humanLimbs(skeleton: Skeleton): Limb[] {
  const rest = restPose(skeleton);
  const scale = bodyScale(skeleton);
  return HUMAN_LIMBS.map(([plan, colour]) => {
    const from = indexOf(skeleton, plan.from.joint);
    const to = indexOf(skeleton, plan.to.joint);
    return {
      from,
      to,
      fromTrust: indexOf(skeleton, trustedJoint(plan.from.joint)),
      toTrust: indexOf(skeleton, trustedJoint(plan.to.joint)),
      fromOffsetM: localOffset(rest, from, plan.from.offsetM, scale),
      toOffsetM: localOffset(rest, to, plan.to.offsetM, scale),
      radiusFromM: plan.radiusFromM * scale,
      radiusToM: plan.radiusToM * scale,
      colour,
    };
  });
}

function footAnchors(skeleton: Skeleton): { joint: number; offsetM: Float64Array }[] {
  const rest = restPose(skeleton);
  const scale = bodyScale(skeleton);
  const anchor = (side: 'l' | 'r', [x, y, z]: Point) => {
    const joint = indexOf(skeleton, `foot_${side}`);
    return { joint, offsetM: localOffset(rest, joint, [side === 'l' ? x : -x, y, z], scale) };
  };
  const { heel, toe } = FOOT_POINTS_M;
  return [anchor('l', heel), anchor('l', toe), anchor('r', heel), anchor('r', toe)];
}

const sideColour = (name: string): Colour => {
  if (/^left|_l$/i.test(name)) return LEFT_COLOUR;
  return /^right|_r$/i.test(name) ? RIGHT_COLOUR : MIDDLE;
};

const tubeLimbs = (skeleton: Skeleton): Limb[] =>
  skeleton.joints.flatMap(({ name, parent }, index) => {
    const limbOfBone = {
      from: parent,
      to: index,
      fromTrust: parent,
      toTrust: index,
      fromOffsetM: new Float64Array(3),
      toOffsetM: new Float64Array(3),
      radiusFromM: ROBOT_RADIUS_M,
      radiusToM: ROBOT_RADIUS_M,
      colour: sideColour(name),
    };
    return parent < 0 ? [] : [limbOfBone];
  });
