import type { AxisName, G1Variant, VariantData } from './model-data.ts';
import { JOINT_ROWS, LINK_ROWS, VARIANTS } from './model-data.ts';
import { INERTIA_ROWS } from './model-inertia.ts';

export const G1_DOF = 29;
/** First come the joints of the two legs, then those of the waist, from here on those of the two arms. */
export const ARM_JOINTS_AT = 15;
/** The pelvis and one link a joint. */
export const G1_LINKS = 30;

/** A model of the robot in flat arrays. Joint j moves link j + 1; link 0 is the pelvis. */
export interface G1Model {
  readonly variant: G1Variant;
  /** Joint names in motor order, without the `_joint` suffix of the URDF. */
  readonly jointNames: readonly string[];
  readonly linkNames: readonly string[];
  /** Link above joint j. */
  readonly parentLink: Int32Array;
  /** Axis of joint j: 0 x, 1 y, 2 z of its own frame. */
  readonly axis: Int32Array;
  /** `29 × 3`, metres, in the parent link. */
  readonly originM: Float64Array;
  /** `29 × 9` row-major: orientation of the joint frame in the parent link at angle 0. */
  readonly originRotation: Float64Array;
  readonly rpyRad: Float64Array;
  readonly lowerRad: Float64Array;
  readonly upperRad: Float64Array;
  readonly velocityRadS: Float64Array;
  readonly effortNm: Float64Array;
  /** 1 for a joint this variant does not have. */
  readonly locked: Uint8Array;
  /** `30`, kilograms. */
  readonly massKg: Float64Array;
  /** `30 × 3`, metres, link frame. */
  readonly comM: Float64Array;
  /** `30 × 9` row-major: rotational inertia about the centre of mass, link axes, kg·m². */
  readonly inertia: Float64Array;
  /** Joints between the pelvis and link l, nearest the pelvis first. */
  readonly chains: readonly Int32Array[];
}

const AXES: Readonly<Record<AxisName, number>> = { x: 0, y: 1, z: 2 };

/** Builds the model of a variant from the table. */
export function g1Model(variant: G1Variant = 'g1_29dof_rev_1_0'): G1Model {
  const change: VariantData = VARIANTS[variant];
  const jointNames = JOINT_ROWS.map((row) => row[0]);
  const linkNames = LINK_ROWS.map((row) => row[0]);
  const parentLink = Int32Array.from(JOINT_ROWS, (row) => linkNames.indexOf(row[1]));
  const rpyRad = Float64Array.from(JOINT_ROWS.flatMap((row) => row[4]));
  const locked = Uint8Array.from(jointNames, (name) => (change.locked?.includes(name) ? 1 : 0));
  return {
    variant,
    jointNames,
    linkNames,
    parentLink,
    axis: Int32Array.from(JOINT_ROWS, (row) => AXES[row[2]]),
    originM: Float64Array.from(JOINT_ROWS.flatMap((row) => change.originM?.[row[0]] ?? row[3])),
    originRotation: rpyMatrices(rpyRad),
    rpyRad,
    lowerRad: Float64Array.from(JOINT_ROWS, (row, j) => (locked[j] ? 0 : row[5])),
    upperRad: Float64Array.from(JOINT_ROWS, (row, j) => (locked[j] ? 0 : row[6])),
    effortNm: Float64Array.from(JOINT_ROWS, (row) => change.effortNm?.[row[0]] ?? row[7]),
    velocityRadS: Float64Array.from(JOINT_ROWS, (row) => change.velocityRadS?.[row[0]] ?? row[8]),
    locked,
    massKg: Float64Array.from(LINK_ROWS, (row) => change.massKg?.[row[0]] ?? row[1]),
    comM: Float64Array.from(LINK_ROWS.flatMap((row) => row[2])),
    inertia: inertias(change.massKg),
    chains: linkNames.map((_, link) => chainTo(link, parentLink)),
  };
}

/** Row-major tensors; a link that a variant makes heavier has the shape it had: its inertia grows with its mass. */
function inertias(massKg: VariantData['massKg']): Float64Array {
  return Float64Array.from(
    LINK_ROWS.flatMap(([link, tableKg]) => {
      const isRight = link.startsWith('right_');
      const row = INERTIA_ROWS.find(([name]) => name === (isRight ? link.replace('right_', 'left_') : link));
      if (row === undefined) throw new RangeError(`no inertia of ${link}`);
      const [xx, yy, zz, xy, xz, yz] = row[1];
      const side = isRight ? -1 : 1;
      const share = (massKg?.[link] ?? tableKg) / tableKg;
      return [xx, side * xy, xz, side * xy, yy, side * yz, xz, side * yz, zz].map((v) => v * share);
    }),
  );
}

function chainTo(link: number, parentLink: Int32Array): Int32Array {
  const joints: number[] = [];
  for (let l = link; l > 0; l = parentLink[l - 1]) joints.push(l - 1);
  return Int32Array.from(joints.reverse());
}

/** URDF fixed-axis roll, pitch, yaw: R = Rz(yaw) · Ry(pitch) · Rx(roll), row-major. */
function rpyMatrices(rpy: Float64Array): Float64Array {
  const out = new Float64Array(rpy.length * 3);
  for (let j = 0; j * 3 < rpy.length; j++) {
    const [sr, cr] = [Math.sin(rpy[j * 3]), Math.cos(rpy[j * 3])];
    const [sp, cp] = [Math.sin(rpy[j * 3 + 1]), Math.cos(rpy[j * 3 + 1])];
    const [sy, cy] = [Math.sin(rpy[j * 3 + 2]), Math.cos(rpy[j * 3 + 2])];
    const rows = [cy * cp, cy * sp * sr - sy * cr, cy * sp * cr + sy * sr];
    rows.push(sy * cp, sy * sp * sr + cy * cr, sy * sp * cr - cy * sr, -sp, cp * sr, cp * cr);
    out.set(rows, j * 9);
  }
  return out;
}

/** Index of a joint by its name without `_joint`; throws on a name the robot does not have (a programming error). */
export function g1Joint(name: string): number {
  const index = JOINT_ROWS.findIndex((row) => row[0] === name);
  if (index < 0) throw new RangeError(`the G1 has no joint ${name}`);
  return index;
}

/** Index of a link; throws on a name the robot does not have (a programming error). */
export function g1Link(name: string): number {
  const index = LINK_ROWS.findIndex((row) => row[0] === name);
  if (index < 0) throw new RangeError(`the G1 has no link ${name}`);
  return index;
}

/** The sole in the frame of `*_ankle_roll_link`: lowest points of the four contact spheres (radius 5 mm), heel pair first, metres. */
export const SOLE_POINTS_M = Float64Array.of(-0.05, 0.025, -0.035, -0.05, -0.025, -0.035, 0.12, 0.03, -0.035, 0.12, -0.03, -0.035);
/** Middle of the heel pair and of the toe pair: the points that contacts and slides are measured at. */
export const HEEL_POINT_M = Float64Array.of(-0.05, 0, -0.035);
export const TOE_POINT_M = Float64Array.of(0.12, 0, -0.035);

export const FOOT_LINKS: readonly [number, number] = [g1Link('left_ankle_roll_link'), g1Link('right_ankle_roll_link')];

/** A stance with soles flat and knees a little bent: where a clip may start and end. Radians; pelvis height in metres. */
export const HOME_STANCE = {
  pelvisHeightM: 0.784,
  hipPitch: -0.1,
  knee: 0.3,
  anklePitch: -0.2,
  shoulderPitch: 0.35,
  shoulderRoll: 0.18,
  elbow: 0.87,
};

export function homeJointAngles(): Float64Array {
  const q = new Float64Array(G1_DOF);
  for (const [side, sign] of [
    ['left', 1],
    ['right', -1],
  ] as const) {
    q[g1Joint(`${side}_hip_pitch`)] = HOME_STANCE.hipPitch;
    q[g1Joint(`${side}_knee`)] = HOME_STANCE.knee;
    q[g1Joint(`${side}_ankle_pitch`)] = HOME_STANCE.anklePitch;
    q[g1Joint(`${side}_shoulder_pitch`)] = HOME_STANCE.shoulderPitch;
    q[g1Joint(`${side}_shoulder_roll`)] = HOME_STANCE.shoulderRoll * sign;
    q[g1Joint(`${side}_elbow`)] = HOME_STANCE.elbow;
  }
  return q;
}
