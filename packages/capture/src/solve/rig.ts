import { HUMAN_JOINTS } from '@gaitway/motion/human';

const at = (name: string): number => HUMAN_JOINTS.indexOf(name);

/** Indices into `HUMAN_JOINTS` of one arm or leg and the landmarks that show it; `mirror` is +1 left, −1 right. */
export interface ArmRig {
  readonly mirror: 1 | -1;
  readonly clavicle: number;
  readonly upper: number;
  readonly lower: number;
  readonly hand: number;
  readonly shoulderMark: number;
  readonly elbowMark: number;
  readonly wristMark: number;
  readonly pinkyMark: number;
  readonly indexMark: number;
}

export interface LegRig {
  readonly mirror: 1 | -1;
  readonly thigh: number;
  readonly calf: number;
  readonly foot: number;
  readonly ball: number;
  readonly hipMark: number;
  readonly kneeMark: number;
  readonly ankleMark: number;
  readonly heelMark: number;
  readonly toeMark: number;
}

const arm = (side: 'l' | 'r', odd: 0 | 1): ArmRig => ({
  mirror: odd === 0 ? 1 : -1,
  clavicle: at(`clavicle_${side}`),
  upper: at(`upperarm_${side}`),
  lower: at(`lowerarm_${side}`),
  hand: at(`hand_${side}`),
  shoulderMark: 11 + odd,
  elbowMark: 13 + odd,
  wristMark: 15 + odd,
  pinkyMark: 17 + odd,
  indexMark: 19 + odd,
});

const leg = (side: 'l' | 'r', odd: 0 | 1): LegRig => ({
  mirror: odd === 0 ? 1 : -1,
  thigh: at(`thigh_${side}`),
  calf: at(`calf_${side}`),
  foot: at(`foot_${side}`),
  ball: at(`ball_${side}`),
  hipMark: 23 + odd,
  kneeMark: 25 + odd,
  ankleMark: 27 + odd,
  heelMark: 29 + odd,
  toeMark: 31 + odd,
});

export const ARMS: readonly ArmRig[] = [arm('l', 0), arm('r', 1)];
export const LEGS: readonly LegRig[] = [leg('l', 0), leg('r', 1)];

export const PELVIS = at('pelvis');
/** Joints that share the bend of the trunk, low to high; the last carries neck and shoulders. */
export const SPINE: readonly number[] = ['spine_01', 'spine_02', 'spine_03', 'spine_04', 'spine_05'].map(at);
/** Joints that share the turn of the head against the chest. */
export const NECK: readonly number[] = ['neck_01', 'neck_02', 'head'].map(at);

/** Face landmarks. */
export const NOSE = 0;
export const EARS: readonly [number, number] = [7, 8];
export const MOUTH: readonly [number, number] = [9, 10];

/** Joints of the fingers with the angle each is curled by in a relaxed hand, radians. */
export const FINGER_CURL: readonly (readonly [joint: number, mirror: 1 | -1, angleRad: number])[] = HUMAN_JOINTS.flatMap((name, joint) => {
  const match = /^(index|middle|ring|pinky)_0([123])_([lr])$/.exec(name);
  if (!match) return [];
  const more = { index: 0.8, middle: 1, ring: 1.1, pinky: 1.2 }[match[1] as 'index' | 'middle' | 'ring' | 'pinky'];
  return [[joint, match[3] === 'l' ? 1 : -1, [0.3, 0.38, 0.25][Number(match[2]) - 1] * more] as const];
});
