import type { Joint, Skeleton } from './skeleton.ts';

/**
 * The skeleton of a human Clip: UE5 joint names, world-aligned rest axes (every rest rotation is the identity), A-pose rest.
 *
 * Rest frame: metres, Y up, facing +Z, left = +X. Joint 0 is `pelvis`; targets that want a floor `root` add it above.
 * Positions are of a 1.75 m adult (segment lengths after Winter, "Biomechanics and Motor Control of Human Movement", table 4.1,
 * moved from anatomical landmarks to joint centres).
 */
const HUMAN_HEIGHT_M = 1.75;

/** [name, parent, x, y, z] of the left half and the middle; world positions in the rest pose, metres. */
const MIDDLE: readonly Row[] = [
  ['pelvis', '', 0, 0.965, 0],
  ['spine_01', 'pelvis', 0, 1.01, -0.008],
  ['spine_02', 'spine_01', 0, 1.075, -0.01],
  ['spine_03', 'spine_02', 0, 1.15, -0.016],
  ['spine_04', 'spine_03', 0, 1.235, -0.026],
  ['spine_05', 'spine_04', 0, 1.32, -0.034],
  ['neck_01', 'spine_05', 0, 1.46, -0.03],
  ['neck_02', 'neck_01', 0, 1.51, -0.018],
  ['head', 'neck_02', 0, 1.56, -0.006],
];

/** A-pose: arms 45° below the horizontal. */
const ARM_X = Math.SQRT1_2;
const ARM_Y = -Math.SQRT1_2;
const SHOULDER = { x: 0.178, y: 1.425, z: -0.02 };
const UPPER_ARM_M = 0.285;
const FOREARM_M = 0.252;

const alongArm = (lengthM: number, upM = 0, forwardM = 0): [number, number, number] => [
  SHOULDER.x + ARM_X * lengthM - ARM_Y * upM,
  SHOULDER.y + ARM_Y * lengthM + ARM_X * upM,
  SHOULDER.z + forwardM,
];

const finger = (name: string, forwardM: number, metacarpalM: number, knuckleM: number, phalangesM: readonly [number, number]): Row[] => {
  const wristM = UPPER_ARM_M + FOREARM_M;
  return [
    [`${name}_metacarpal_l`, 'hand_l', ...alongArm(wristM + metacarpalM, 0, forwardM * 0.6)],
    [`${name}_01_l`, `${name}_metacarpal_l`, ...alongArm(wristM + knuckleM, 0, forwardM)],
    [`${name}_02_l`, `${name}_01_l`, ...alongArm(wristM + knuckleM + phalangesM[0], 0, forwardM)],
    [`${name}_03_l`, `${name}_02_l`, ...alongArm(wristM + knuckleM + phalangesM[0] + phalangesM[1], 0, forwardM)],
  ];
};

const WRIST_M = UPPER_ARM_M + FOREARM_M;
const LEFT: readonly Row[] = [
  ['clavicle_l', 'spine_05', 0.022, 1.43, -0.005],
  ['upperarm_l', 'clavicle_l', ...alongArm(0)],
  ['lowerarm_l', 'upperarm_l', ...alongArm(UPPER_ARM_M)],
  ['hand_l', 'lowerarm_l', ...alongArm(WRIST_M)],
  ['thumb_01_l', 'hand_l', ...alongArm(WRIST_M + 0.022, -0.012, 0.026)],
  ['thumb_02_l', 'thumb_01_l', ...alongArm(WRIST_M + 0.055, -0.024, 0.05)],
  ['thumb_03_l', 'thumb_02_l', ...alongArm(WRIST_M + 0.08, -0.03, 0.066)],
  ...finger('index', 0.028, 0.03, 0.092, [0.038, 0.024]),
  ...finger('middle', 0.008, 0.03, 0.094, [0.043, 0.028]),
  ...finger('ring', -0.012, 0.03, 0.088, [0.039, 0.026]),
  ...finger('pinky', -0.03, 0.028, 0.08, [0.031, 0.02]),
  ['thigh_l', 'pelvis', 0.09, 0.925, 0],
  ['calf_l', 'thigh_l', 0.09, 0.503, 0.004],
  ['foot_l', 'calf_l', 0.09, 0.083, -0.018],
  ['ball_l', 'foot_l', 0.096, 0.021, 0.118],
];

type Row = readonly [name: string, parent: string, x: number, y: number, z: number];

const mirror = ([name, parent, x, y, z]: Row): Row => [name.replace(/_l$/, '_r'), parent.replace(/_l$/, '_r'), -x, y, z];

const ROWS: readonly Row[] = [...MIDDLE, ...LEFT, ...LEFT.map(mirror)];

/** Names of the joints of the human skeleton, in order. */
export const HUMAN_JOINTS: readonly string[] = ROWS.map(([name]) => name);

const jointOf = ([name, parent, x, y, z]: Row): Joint => {
  const above = ROWS.find((row) => row[0] === parent);
  const translationM: [number, number, number] = above ? [x - above[2], y - above[3], z - above[4]] : [x, y, z];
  return { name, parent: HUMAN_JOINTS.indexOf(parent), translationM, rotation: [0, 0, 0, 1] };
};

/** The standard human skeleton, 1.75 m tall. */
export const HUMAN_SKELETON: Skeleton = { name: 'gaitway-human', joints: ROWS.map(jointOf) };

/** Body height that `HUMAN_SKELETON` was measured for, metres. */
export const HUMAN_SKELETON_HEIGHT_M = HUMAN_HEIGHT_M;

/**
 * Points of the foot relative to the `foot_*` (ankle) joint in the rest frame of `HUMAN_SKELETON`, metres; the sole is at y = 0.
 * `heel` and `toe` are the lowest points of the sole where contact is judged, `toeTip` the end of the shoe.
 */
export const FOOT_POINTS_M = {
  heel: [0, -0.083, -0.045],
  toe: [0.006, -0.083, 0.136],
  toeTip: [0.006, -0.07, 0.2],
} as const satisfies Record<string, readonly [number, number, number]>;

/**
 * Where the left sole ends sideways, inner edge first: under the heel, then under the ball; and the tip of the shoe with the toes bent
 * back as far as they go. Of the right one x is negated.
 */
export const SOLE_EDGES_M = [
  [-0.024, -0.081, -0.03],
  [0.024, -0.081, -0.03],
  [-0.038, -0.08, 0.13],
  [0.046, -0.08, 0.13],
  [0.006, 0.001, 0.17],
] as const satisfies readonly (readonly [number, number, number])[];

/** `HUMAN_SKELETON` with every joint offset multiplied by `scaleOf(joint)`; the pelvis is left for the caller's motion to place. */
export function scaledHuman(name: string, scaleOf: (joint: string) => number): Skeleton {
  return {
    name,
    joints: HUMAN_SKELETON.joints.map((joint) => {
      const s = scaleOf(joint.name);
      const [x, y, z] = joint.translationM;
      return { ...joint, translationM: [x * s, y * s, z * s] };
    }),
  };
}
