/**
 * The Unitree G1, 29 degrees of freedom, as numbers: `g1_29dof_rev_1_0.urdf` of unitreerobotics/unitree_ros at d6f13aad
 * (BSD-3-Clause, Unitree Robotics). Metres, radians, kilograms, newton metres; x forward, y left, z up; rpy are URDF fixed-axis
 * angles. Rows stand in the order of the motors of `unitree_hg` and of every G1 data set: 0..28.
 */

export type AxisName = 'x' | 'y' | 'z';
type Triple = readonly [number, number, number];

export type JointRow = readonly [
  joint: string,
  parentLink: string,
  axis: AxisName,
  originM: Triple,
  rpyRad: Triple,
  lowerRad: number,
  upperRad: number,
  effortNm: number,
  velocityRadS: number,
];

export const JOINT_ROWS: readonly JointRow[] = [
  ['left_hip_pitch', 'pelvis', 'y', [0, 0.064452, -0.1027], [0, 0, 0], -2.5307, 2.8798, 88, 32],
  ['left_hip_roll', 'left_hip_pitch_link', 'x', [0, 0.052, -0.030465], [0, -0.1749, 0], -0.5236, 2.9671, 139, 20],
  ['left_hip_yaw', 'left_hip_roll_link', 'z', [0.025001, 0, -0.12412], [0, 0, 0], -2.7576, 2.7576, 88, 32],
  ['left_knee', 'left_hip_yaw_link', 'y', [-0.078273, 0.0021489, -0.17734], [0, 0.1749, 0], -0.087267, 2.8798, 139, 20],
  ['left_ankle_pitch', 'left_knee_link', 'y', [0, -9.4445e-5, -0.30001], [0, 0, 0], -0.87267, 0.5236, 35, 30],
  ['left_ankle_roll', 'left_ankle_pitch_link', 'x', [0, 0, -0.017558], [0, 0, 0], -0.2618, 0.2618, 35, 30],
  ['right_hip_pitch', 'pelvis', 'y', [0, -0.064452, -0.1027], [0, 0, 0], -2.5307, 2.8798, 88, 32],
  ['right_hip_roll', 'right_hip_pitch_link', 'x', [0, -0.052, -0.030465], [0, -0.1749, 0], -2.9671, 0.5236, 139, 20],
  ['right_hip_yaw', 'right_hip_roll_link', 'z', [0.025001, 0, -0.12412], [0, 0, 0], -2.7576, 2.7576, 88, 32],
  ['right_knee', 'right_hip_yaw_link', 'y', [-0.078273, -0.0021489, -0.17734], [0, 0.1749, 0], -0.087267, 2.8798, 139, 20],
  ['right_ankle_pitch', 'right_knee_link', 'y', [0, 9.4445e-5, -0.30001], [0, 0, 0], -0.87267, 0.5236, 35, 30],
  ['right_ankle_roll', 'right_ankle_pitch_link', 'x', [0, 0, -0.017558], [0, 0, 0], -0.2618, 0.2618, 35, 30],
  ['waist_yaw', 'pelvis', 'z', [0, 0, 0], [0, 0, 0], -2.618, 2.618, 88, 32],
  ['waist_roll', 'waist_yaw_link', 'x', [-0.0039635, 0, 0.044], [0, 0, 0], -0.52, 0.52, 35, 30],
  ['waist_pitch', 'waist_roll_link', 'y', [0, 0, 0], [0, 0, 0], -0.52, 0.52, 35, 30],
  ['left_shoulder_pitch', 'torso_link', 'y', [0.0039563, 0.10022, 0.24778], [0.27931, 5.4949e-5, -0.00019159], -3.0892, 2.6704, 25, 37],
  ['left_shoulder_roll', 'left_shoulder_pitch_link', 'x', [0, 0.038, -0.013831], [-0.27925, 0, 0], -1.5882, 2.2515, 25, 37],
  ['left_shoulder_yaw', 'left_shoulder_roll_link', 'z', [0, 0.00624, -0.1032], [0, 0, 0], -2.618, 2.618, 25, 37],
  ['left_elbow', 'left_shoulder_yaw_link', 'y', [0.015783, 0, -0.080518], [0, 0, 0], -1.0472, 2.0944, 25, 37],
  ['left_wrist_roll', 'left_elbow_link', 'x', [0.1, 0.00188791, -0.01], [0, 0, 0], -1.972222054, 1.972222054, 25, 37],
  ['left_wrist_pitch', 'left_wrist_roll_link', 'y', [0.038, 0, 0], [0, 0, 0], -1.614429558, 1.614429558, 5, 22],
  ['left_wrist_yaw', 'left_wrist_pitch_link', 'z', [0.046, 0, 0], [0, 0, 0], -1.614429558, 1.614429558, 5, 22],
  ['right_shoulder_pitch', 'torso_link', 'y', [0.0039563, -0.10021, 0.24778], [-0.27931, 5.4949e-5, 0.00019159], -3.0892, 2.6704, 25, 37],
  ['right_shoulder_roll', 'right_shoulder_pitch_link', 'x', [0, -0.038, -0.013831], [0.27925, 0, 0], -2.2515, 1.5882, 25, 37],
  ['right_shoulder_yaw', 'right_shoulder_roll_link', 'z', [0, -0.00624, -0.1032], [0, 0, 0], -2.618, 2.618, 25, 37],
  ['right_elbow', 'right_shoulder_yaw_link', 'y', [0.015783, 0, -0.080518], [0, 0, 0], -1.0472, 2.0944, 25, 37],
  ['right_wrist_roll', 'right_elbow_link', 'x', [0.1, -0.00188791, -0.01], [0, 0, 0], -1.972222054, 1.972222054, 25, 37],
  ['right_wrist_pitch', 'right_wrist_roll_link', 'y', [0.038, 0, 0], [0, 0, 0], -1.614429558, 1.614429558, 5, 22],
  ['right_wrist_yaw', 'right_wrist_pitch_link', 'z', [0.046, 0, 0], [0, 0, 0], -1.614429558, 1.614429558, 5, 22],
];

/** Mass and centre of mass (link frame) of the pelvis and of the child link of each joint; links fixed to one are lumped into it. */
export const LINK_ROWS: readonly (readonly [link: string, massKg: number, comM: Triple])[] = [
  ['pelvis', 3.814, [0.0, 0.0, -0.07603006]],
  ['left_hip_pitch_link', 1.35, [0.002741, 0.047791, -0.02606]],
  ['left_hip_roll_link', 1.52, [0.029812, -0.001045, -0.087934]],
  ['left_hip_yaw_link', 1.702, [-0.057709, -0.010981, -0.15078]],
  ['left_knee_link', 1.932, [0.005457, 0.003964, -0.12074]],
  ['left_ankle_pitch_link', 0.074, [-0.007269, 0.0, 0.011137]],
  ['left_ankle_roll_link', 0.608, [0.026505, 0.0, -0.016425]],
  ['right_hip_pitch_link', 1.35, [0.002741, -0.047791, -0.02606]],
  ['right_hip_roll_link', 1.52, [0.029812, 0.001045, -0.087934]],
  ['right_hip_yaw_link', 1.702, [-0.057709, 0.010981, -0.15078]],
  ['right_knee_link', 1.932, [0.005457, -0.003964, -0.12074]],
  ['right_ankle_pitch_link', 0.074, [-0.007269, 0.0, 0.011137]],
  ['right_ankle_roll_link', 0.608, [0.026505, 0.0, -0.016425]],
  ['waist_yaw_link', 0.214, [0.003494, 0.000233, 0.018034]],
  ['waist_roll_link', 0.086, [0.0, 2.3e-5, 0.0]],
  ['torso_link', 7.817, [0.002031334, 0.000339727, 0.184597145]],
  ['left_shoulder_pitch_link', 0.718, [0.0, 0.035892, -0.011628]],
  ['left_shoulder_roll_link', 0.643, [-0.000227, 0.00727, -0.063243]],
  ['left_shoulder_yaw_link', 0.734, [0.010773, -0.002949, -0.072009]],
  ['left_elbow_link', 0.6, [0.064956, 0.004454, -0.010062]],
  ['left_wrist_roll_link', 0.08544498, [0.017139448, 0.000537591, 4.89e-7]],
  ['left_wrist_pitch_link', 0.48404956, [0.022999898, -0.001116853, -0.001116581]],
  ['left_wrist_yaw_link', 0.25457647, [0.07082443, 0.000191745, 0.001617416]],
  ['right_shoulder_pitch_link', 0.718, [0.0, -0.035892, -0.011628]],
  ['right_shoulder_roll_link', 0.643, [-0.000227, -0.00727, -0.063243]],
  ['right_shoulder_yaw_link', 0.734, [0.010773, 0.002949, -0.072009]],
  ['right_elbow_link', 0.6, [0.064956, -0.004454, -0.010062]],
  ['right_wrist_roll_link', 0.08544498, [0.017139448, -0.000537591, 4.89e-7]],
  ['right_wrist_pitch_link', 0.48404956, [0.022999898, 0.001116853, -0.001116581]],
  ['right_wrist_yaw_link', 0.25457647, [0.07082443, -0.000191745, 0.001617416]],
];

/** What other builds of the robot change, by the name of their URDF. Locked joints keep their place in every file, at 0. */
export interface VariantData {
  readonly originM?: Readonly<Record<string, Triple>>;
  readonly effortNm?: Readonly<Record<string, number>>;
  readonly velocityRadS?: Readonly<Record<string, number>>;
  readonly massKg?: Readonly<Record<string, number>>;
  readonly locked?: readonly string[];
}

const LOCKED_WAIST: readonly string[] = ['waist_roll', 'waist_pitch'];
const STRONG_HIPS = {
  effortNm: { left_hip_pitch: 139, right_hip_pitch: 139 },
  velocityRadS: { left_hip_pitch: 20, right_hip_pitch: 20 },
} as const;
const STRONG_WRISTS = {
  originM: { left_wrist_yaw: [0.051, 0, 0], right_wrist_yaw: [0.051, 0, 0] },
  effortNm: { left_wrist_pitch: 13.4, left_wrist_yaw: 13.4, right_wrist_pitch: 13.4, right_wrist_yaw: 13.4 },
  velocityRadS: { left_wrist_pitch: 27, left_wrist_yaw: 27, right_wrist_pitch: 27, right_wrist_yaw: 27 },
  massKg: { left_wrist_pitch_link: 0.684, right_wrist_pitch_link: 0.684 },
} as const;
const STRONG_HIPS_AND_WRISTS = {
  ...STRONG_WRISTS,
  effortNm: { ...STRONG_HIPS.effortNm, ...STRONG_WRISTS.effortNm },
  velocityRadS: { ...STRONG_HIPS.velocityRadS, ...STRONG_WRISTS.velocityRadS },
} as const;

export const VARIANTS = {
  g1_29dof_rev_1_0: {},
  g1_29dof_lock_waist_rev_1_0: { locked: LOCKED_WAIST },
  g1_29dof_mode_11: STRONG_HIPS,
  g1_29dof_mode_12: { ...STRONG_HIPS, locked: LOCKED_WAIST },
  g1_29dof_mode_13: STRONG_WRISTS,
  g1_29dof_mode_14: { ...STRONG_WRISTS, locked: LOCKED_WAIST },
  g1_29dof_mode_15: STRONG_HIPS_AND_WRISTS,
  g1_29dof_mode_16: { ...STRONG_HIPS_AND_WRISTS, locked: LOCKED_WAIST },
  // The deprecated first build, still what unitree_mujoco ships: a taller waist chain and weaker hips.
  g1_29dof: {
    originM: {
      waist_roll: [-0.0039635, 0, 0.035],
      waist_pitch: [0, 0, 0.019],
      left_shoulder_pitch: [0.0039563, 0.10022, 0.23778],
      right_shoulder_pitch: [0.0039563, -0.10021, 0.23778],
    },
    effortNm: { left_hip_roll: 88, right_hip_roll: 88 },
    velocityRadS: { left_hip_roll: 32, right_hip_roll: 32 },
  },
} as const satisfies Record<string, VariantData>;

export type G1Variant = keyof typeof VARIANTS;
