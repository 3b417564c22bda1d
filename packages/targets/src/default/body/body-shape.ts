import { FOOT_POINTS_M } from '@gaitway/motion/human';
import type { Skeleton } from '@gaitway/motion/skeleton';
import { jointIndex } from '@gaitway/motion/skeleton';
import type { Vec3 } from '@gaitway/motion/vector';
import type { RoundCone } from './round-cone.ts';

/**
 * The body as rounded solids hung on the joints of the human skeleton in its rest pose. Sizes are of a slim adult 1.75 m tall,
 * our own modelling by eye; they scale with the body, and the solids follow the joints.
 */

/** A ball's centre: a joint plus an offset (metres), or a point `along` the way from the joint to its end joint. */
interface Ball {
  readonly joint: string;
  readonly offset?: Vec3;
  readonly to?: string;
  readonly along?: number;
  readonly radius: number;
}

/** [joint that moves it, first ball, second ball] */
type Solid = readonly [joint: string, a: Ball, b: Ball];

const at = (joint: string, radius: number, ...offset: [number, number, number] | []): Ball =>
  offset.length === 3 ? { joint, radius, offset } : { joint, radius };
const between = (joint: string, to: string, along: number, radius: number, offset?: Vec3): Ball =>
  offset ? { joint, to, along, radius, offset } : { joint, to, along, radius };

/** Lying across the body: a bar from left to right at a joint. */
const bar = (joint: string, halfWidth: number, radius: number, y: number, z: number): Solid => [
  joint,
  at(joint, radius, halfWidth, y, z),
  at(joint, radius, -halfWidth, y, z),
];

const TORSO: readonly Solid[] = [
  bar('pelvis', 0.07, 0.086, -0.025, -0.004),
  ['pelvis', at('pelvis', 0.06, 0.066, -0.055, -0.044), at('pelvis', 0.06, -0.066, -0.055, -0.044)],
  bar('spine_01', 0.056, 0.078, 0.015, 0.006),
  bar('spine_02', 0.054, 0.075, 0.02, 0.012),
  bar('spine_03', 0.054, 0.076, 0.025, 0.018),
  bar('spine_04', 0.06, 0.081, 0.015, 0.023),
  bar('spine_05', 0.073, 0.084, -0.005, 0.028),
  bar('spine_05', 0.07, 0.064, 0.06, 0.016),
  ['spine_05', at('spine_05', 0.046, 0.068, 0, 0.078), at('spine_05', 0.046, -0.068, 0, 0.078)],
  ['neck_01', at('neck_01', 0.046, 0, -0.03, -0.008), at('neck_02', 0.042, 0, 0, -0.002)],
  ['neck_02', at('neck_02', 0.038, 0, 0.01, 0), at('head', 0.04, 0, 0.02, 0.002)],
  ['head', at('head', 0.07, 0, 0.115, -0.004), at('head', 0.066, 0, 0.1, 0.026)],
  ['head', at('head', 0.058, 0, 0.075, 0.028), at('head', 0.037, 0, 0.022, 0.054)],
];

/**
 * Solids of a limb leave a gap of about √(8·radius·blend·ln 2) between them: there the smooth union is as thick as each alone,
 * nearer it bulges and farther it pinches.
 */
const LEFT_ARM: readonly Solid[] = [
  ['clavicle_l', at('clavicle_l', 0.036, 0.03, 0.002, -0.018), between('clavicle_l', 'upperarm_l', 0.9, 0.043)],
  ['upperarm_l', between('upperarm_l', 'lowerarm_l', 0.02, 0.049), between('upperarm_l', 'lowerarm_l', 0.24, 0.045)],
  ['upperarm_l', between('upperarm_l', 'lowerarm_l', 0.45, 0.041, [0, 0, 0.004]), between('upperarm_l', 'lowerarm_l', 0.9, 0.034)],
  ['lowerarm_l', between('lowerarm_l', 'hand_l', 0.1, 0.034), between('lowerarm_l', 'hand_l', 0.24, 0.036)],
  ['lowerarm_l', between('lowerarm_l', 'hand_l', 0.45, 0.034), between('lowerarm_l', 'hand_l', 0.98, 0.022)],
];

const LEFT_LEG: readonly Solid[] = [
  ['thigh_l', at('thigh_l', 0.072, 0.01, -0.03, 0), between('thigh_l', 'calf_l', 0.24, 0.068, [0.008, 0, 0.008])],
  ['thigh_l', between('thigh_l', 'calf_l', 0.43, 0.06, [0.006, 0, 0.008]), between('thigh_l', 'calf_l', 0.93, 0.044)],
  ['calf_l', at('calf_l', 0.042, 0, -0.03, -0.002), between('calf_l', 'foot_l', 0.24, 0.047, [0, 0, -0.014])],
  ['calf_l', between('calf_l', 'foot_l', 0.4, 0.043, [0, 0, -0.013]), between('calf_l', 'foot_l', 0.97, 0.028)],
];

/** Feet: offsets from the ankle; the floor cuts them flat. */
const LEFT_FOOT: readonly Solid[] = [
  ['foot_l', at('foot_l', 0.028, 0, -0.01, -0.006), at('foot_l', 0.028, 0, -0.05, -0.014)],
  ['foot_l', at('foot_l', 0.026, 0, -0.055, -0.012), at('foot_l', 0.026, 0.004, -0.058, 0.09)],
  ['foot_l', at('foot_l', 0.026, 0, -0.02, 0.012), at('foot_l', 0.02, 0.002, -0.055, 0.1)],
  ['ball_l', at('foot_l', 0.024, -0.01, -0.058, 0.12), at('foot_l', 0.023, 0.022, -0.059, 0.115)],
  ['ball_l', at('foot_l', 0.019, -0.01, -0.062, 0.16), at('foot_l', 0.018, 0.018, -0.063, 0.152)],
  ['ball_l', at('foot_l', 0.016, 0.002, -0.063, 0.14), at('foot_l', 0.014, 0, -0.065, 0.175)],
];

const FINGER_RADII: readonly (readonly [name: string, base: number, tip: number])[] = [
  ['index', 0.0086, 0.0066],
  ['middle', 0.0088, 0.0068],
  ['ring', 0.0084, 0.0065],
  ['pinky', 0.0074, 0.0058],
];

const LEFT_HAND: readonly Solid[] = [
  ['lowerarm_l', between('lowerarm_l', 'hand_l', 0.86, 0.025), at('hand_l', 0.022)],
  ...FINGER_RADII.flatMap(([name, base, tip]): Solid[] => [
    ['hand_l', at('hand_l', 0.018), at(`${name}_metacarpal_l`, 0.0135)],
    [`${name}_metacarpal_l`, at(`${name}_metacarpal_l`, 0.0135), at(`${name}_01_l`, 0.0105)],
    [`${name}_01_l`, at(`${name}_01_l`, base), at(`${name}_02_l`, (base + tip) / 2)],
    [`${name}_02_l`, at(`${name}_02_l`, (base + tip) / 2), at(`${name}_03_l`, tip)],
    [`${name}_03_l`, at(`${name}_03_l`, tip), between(`${name}_02_l`, `${name}_03_l`, 1.75, tip * 0.9)],
  ]),
  ['thumb_01_l', at('thumb_01_l', 0.014), at('thumb_02_l', 0.0105)],
  ['thumb_02_l', at('thumb_02_l', 0.0105), at('thumb_03_l', 0.0085)],
  ['thumb_03_l', at('thumb_03_l', 0.0085), between('thumb_02_l', 'thumb_03_l', 1.7, 0.0075)],
];

/** World positions of the joints in the rest pose. */
export type RestPositions = readonly Vec3[];

/** Solids of the body without hands, and of each hand: they differ in the resolution they need. */
export interface BodySolids {
  readonly body: readonly RoundCone[];
  readonly hands: readonly (readonly RoundCone[])[];
}

/**
 * @param scale body size relative to 1.75 m
 * @param footScale foot size relative to the standard foot
 */
export function bodySolids(skeleton: Skeleton, rest: RestPositions, scale: number, footScale: number): BodySolids {
  const place = (solids: readonly Solid[], side: 1 | -1, size: number): RoundCone[] =>
    solids.map((solid) => placeSolid(skeleton, rest, solid, side, size));
  const limbs = ([1, -1] as const).flatMap((side) => [
    ...place([...LEFT_ARM, ...LEFT_LEG], side, scale),
    ...place(LEFT_FOOT, side, footScale),
  ]);
  return {
    body: [...place(TORSO, 1, scale), ...limbs],
    hands: [place(LEFT_HAND, 1, scale), place(LEFT_HAND, -1, scale)],
  };
}

function placeSolid(skeleton: Skeleton, rest: RestPositions, [joint, a, b]: Solid, side: 1 | -1, size: number): RoundCone {
  const named = (name: string): number => jointIndex(skeleton, side === 1 ? name : name.replace(/_l$/, '_r'));
  const centre = (ball: Ball): Vec3 => {
    const from = rest[named(ball.joint)];
    const to = ball.to === undefined ? from : rest[named(ball.to)];
    const offset = ball.offset ?? [0, 0, 0];
    const axis = (k: number): number => from[k] + (ball.along ?? 0) * (to[k] - from[k]) + size * offset[k] * (k === 0 ? side : 1);
    return [axis(0), axis(1), axis(2)];
  };
  return { joint: named(joint), a: centre(a), b: centre(b), radiusA: a.radius * size, radiusB: b.radius * size };
}

/** Height of the sole below the ankle of the standard foot, metres. */
export const SOLE_BELOW_ANKLE_M = -FOOT_POINTS_M.heel[1];
