import type { G1Pose } from './kinematics.ts';
import { linkPoint } from './kinematics.ts';
import type { G1Model } from './model.ts';
import { g1Link } from './model.ts';

/** A capsule (a sphere where both ends meet) fixed to a link, metres in the link's frame. */
export interface Capsule {
  readonly name: string;
  readonly link: number;
  readonly fromM: readonly [number, number, number];
  readonly toM: readonly [number, number, number];
  readonly radiusM: number;
}

type Row = readonly [name: string, link: string, radiusM: number, from: Capsule['fromM'], to: Capsule['toM']];

const MIDDLE: readonly Row[] = [
  ['pelvis', 'pelvis', 0.07, [0, 0, -0.08], [0, 0, -0.08]],
  ['torso', 'torso_link', 0.09, [0.01, 0, 0.08], [0.01, 0, 0.2]],
  ['head', 'torso_link', 0.06, [0, 0, 0.43], [0, 0, 0.43]],
];

/** The left side; the right is its mirror image in y. */
const LEFT: readonly Row[] = [
  ['hip', 'hip_roll_link', 0.06, [0.02, 0, 0], [0.02, 0, -0.08]],
  ['thigh', 'hip_yaw_link', 0.055, [0, 0, -0.03], [-0.06, 0, -0.17]],
  ['shin', 'knee_link', 0.045, [0.01, 0, 0], [0.01, 0, -0.15]],
  ['brace', 'knee_link', 0.03, [0.01, 0, -0.2], [0.01, 0, -0.28]],
  ['foot_outer', 'ankle_roll_link', 0.01, [-0.054, 0.027, -0.025], [0.132, 0.027, -0.025]],
  ['foot_inner', 'ankle_roll_link', 0.01, [-0.054, -0.027, -0.025], [0.132, -0.027, -0.025]],
  ['shoulder', 'shoulder_yaw_link', 0.035, [0, 0, -0.08], [0, 0, 0.05]],
  ['forearm', 'elbow_link', 0.035, [-0.01, 0, -0.01], [0.08, 0, -0.01]],
  ['wrist', 'wrist_pitch_link', 0.035, [-0.01, 0, 0], [0.06, 0, 0]],
  ['hand', 'wrist_yaw_link', 0.04, [0.06, 0, 0], [0.1, 0, 0]],
];

const mirrored = (v: Capsule['fromM'], side: 1 | -1): Capsule['fromM'] => [v[0], v[1] * side, v[2]];

const sideOf = (prefix: 'left' | 'right', side: 1 | -1): Capsule[] =>
  LEFT.map(([name, link, radiusM, from, to]) => ({
    name: `${prefix}_${name}`,
    link: g1Link(`${prefix}_${link}`),
    radiusM,
    fromM: mirrored(from, side),
    toM: mirrored(to, side),
  }));

/** The body of the robot in capsules of the dimensions that mjlab's G1 collides with: what previews draw and self-collision checks. */
export const G1_CAPSULES: readonly Capsule[] = [
  ...MIDDLE.map(([name, link, radiusM, fromM, toM]) => ({ name, link: g1Link(link), radiusM, fromM, toM })),
  ...sideOf('left', 1),
  ...sideOf('right', -1),
];

/** Capsules thinner than this are the soles, which are judged by their exact points. */
const SOLE_CAPSULE_M = 0.02;

/** Every capsule that is not a sole. */
export const BODY_CAPSULES: readonly number[] = G1_CAPSULES.flatMap(({ radiusM }, c) => (radiusM < SOLE_CAPSULE_M ? [] : [c]));

/** End points of every capsule in the world, `capsules × 6`, metres. Overwrites `out`. */
export function capsuleEnds(out: Float64Array, pose: G1Pose): void {
  for (let c = 0; c < G1_CAPSULES.length; c++) {
    linkPoint(out, c * 6, pose, G1_CAPSULES[c].link, G1_CAPSULES[c].fromM, 0);
    linkPoint(out, c * 6 + 3, pose, G1_CAPSULES[c].link, G1_CAPSULES[c].toM, 0);
  }
}

const capsule = (name: string): number => {
  const index = G1_CAPSULES.findIndex((c) => c.name === name);
  if (index < 0) throw new RangeError(`no capsule ${name}`);
  return index;
};

const ARM = ['forearm', 'wrist', 'hand'] as const;
const TRUNK = ['pelvis', 'torso', 'head'] as const;
const SIDES = ['left', 'right'] as const;

const crossed = (as: readonly string[], bs: readonly string[]): [number, number][] =>
  as.flatMap((a) => bs.map((b): [number, number] => [capsule(a), capsule(b)]));

/** Pairs that can meet: arms with trunk, legs and each other; legs with each other. Neighbours in the tree are left out. */
export const COLLISION_PAIRS: readonly (readonly [number, number])[] = [
  ...SIDES.flatMap((side) =>
    crossed(
      ARM.map((a) => `${side}_${a}`),
      TRUNK,
    ),
  ),
  ...SIDES.flatMap((side) =>
    crossed(
      [`${side}_hand`, `${side}_wrist`],
      SIDES.flatMap((s) => [`${s}_hip`, `${s}_thigh`]),
    ),
  ),
  ...crossed(
    ARM.map((a) => `left_${a}`),
    ARM.map((a) => `right_${a}`),
  ),
  ...crossed(['left_thigh', 'left_shin', 'left_brace'], ['right_thigh', 'right_shin', 'right_brace']),
  ...crossed(['left_foot_outer', 'left_foot_inner'], ['right_foot_outer', 'right_foot_inner', 'right_brace']),
  ...crossed(['left_brace'], ['right_foot_outer', 'right_foot_inner']),
];

/** True for a hand or wrist against a hip or thigh: a pair that arms hanging at the side of this broad-hipped robot meet often. */
export function isHipHandPair(pair: readonly [number, number]): boolean {
  const [a, b] = [G1_CAPSULES[pair[0]].name, G1_CAPSULES[pair[1]].name];
  return /_(hand|wrist)$/.test(a) && /_(hip|thigh)$|pelvis/.test(b);
}

/** Mass of the whole robot, kilograms. */
export const totalMassKg = (model: G1Model): number => model.massKg.reduce((a, b) => a + b, 0);
