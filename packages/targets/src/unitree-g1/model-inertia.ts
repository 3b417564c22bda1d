/**
 * Rotational inertia of the links of the Unitree G1 about their centres of mass, link frame, kg·m²: from the same URDF as the joint
 * table, links fixed to one lumped into it by the parallel-axis theorem. The middle and the left side; the right is its mirror image.
 */
export const INERTIA_ROWS: readonly (readonly [
  link: string,
  moments: readonly [xx: number, yy: number, zz: number, xy: number, xz: number, yz: number],
])[] = [
  ['pelvis', [0.0105549, 0.00931478, 0.0079185, 0, 2.1e-6, 0]],
  ['left_hip_pitch_link', [0.001811, 0.0014193, 0.0012812, 3.68e-5, -3.44e-5, 0.000171]],
  ['left_hip_roll_link', [0.0023773, 0.0024123, 0.0016595, -3.8e-6, -0.0003908, 1.84e-5]],
  ['left_hip_yaw_link', [0.0057774, 0.0076124, 0.003149, -0.0005411, -0.0023948, -0.0007072]],
  ['left_knee_link', [0.011329, 0.011277, 0.0015168, 4.82e-5, -4.49e-5, -0.0007146]],
  ['left_ankle_pitch_link', [8.4e-6, 1.89e-5, 1.26e-5, 0, -2.9e-6, 0]],
  ['left_ankle_roll_link', [0.0002231, 0.0016161, 0.0016667, 2e-7, 8.91e-5, -1e-7]],
  ['waist_yaw_link', [0.00010673, 0.00010422, 0.0001625, 2.703e-6, -7.631e-6, -2.01e-7]],
  ['waist_roll_link', [7.079e-6, 6.339e-6, 8.245e-6, 0, 0, 0]],
  ['torso_link', [0.121647, 0.109773, 0.0275219, 3.11102e-5, -0.00374282, -1.54299e-5]],
  ['left_shoulder_pitch_link', [0.0004291, 0.000453, 0.000423, -9.2e-6, 6.4e-6, 2.26e-5]],
  ['left_shoulder_roll_link', [0.0006177, 0.0006912, 0.0003894, -1e-6, 8.7e-6, -5.3e-6]],
  ['left_shoulder_yaw_link', [0.0009988, 0.0010605, 0.0004354, 7.9e-6, 0.0001412, -2.86e-5]],
  ['left_elbow_link', [0.0002891, 0.0004152, 0.0004197, 6.53e-5, 1.72e-5, -5.6e-6]],
  ['left_wrist_roll_link', [4.82154e-5, 3.7229e-5, 5.48211e-5, -4.24511e-6, 5.10599e-9, -1.23525e-9]],
  ['left_wrist_pitch_link', [0.000165796, 0.000429541, 0.000429537, -1.23121e-5, 1.2317e-5, 8.14177e-7]],
  ['left_wrist_yaw_link', [0.000150445, 0.000643113, 0.000560114, 3.76028e-5, -2.95494e-6, 3.77548e-6]],
];
