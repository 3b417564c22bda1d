import { HUMAN_JOINTS } from '@gaitway/motion/human';
import type { Skeleton } from '@gaitway/motion/skeleton';

/**
 * The body of the fit: the joints of `HUMAN_SKELETON` without fingers and toes, moved by 18 blocks of 49 degrees of freedom.
 *
 * A ball block turns by a quaternion, a hinge by an angle about a fixed axis; a block that owns several joints (spine, neck)
 * turns each of them by the same local rotation, so that a bend is shared and nothing is redistributed afterwards.
 * An increment δ acts on the joint's own axes: q ← q · exp(δ).
 */
export interface Block {
  readonly name: string;
  /** Indices into `BODY_JOINTS`. */
  readonly joints: readonly number[];
  /** First of its degrees of freedom within a frame. */
  readonly dof: number;
  /** Axis of a hinge in the rest frame; absent for a ball. */
  readonly axis?: readonly [number, number, number];
}

const SIDE = ['clavicle', 'upperarm', 'lowerarm', 'hand', 'thigh', 'calf', 'foot'];
const MIDDLE = ['pelvis', 'spine_01', 'spine_02', 'spine_03', 'spine_04', 'spine_05', 'neck_01', 'neck_02', 'head'];

export const BODY_JOINTS: readonly string[] = [...MIDDLE, ...SIDE.map((n) => `${n}_l`), ...SIDE.map((n) => `${n}_r`)];
export const BODY_JOINT_COUNT = BODY_JOINTS.length;
/** Index into `HUMAN_JOINTS` of each body joint. */
export const HUMAN_INDEX: readonly number[] = BODY_JOINTS.map((name) => HUMAN_JOINTS.indexOf(name));

export const bodyJoint = (name: string): number => BODY_JOINTS.indexOf(name);

const HALF = Math.SQRT1_2;

const SPECS: readonly (readonly [name: string, joints: readonly string[], axis?: readonly [number, number, number]])[] = [
  ['pelvis', ['pelvis']],
  ['loin', ['spine_01', 'spine_02', 'spine_03']],
  ['chest', ['spine_04', 'spine_05']],
  ['neck', ['neck_01', 'neck_02', 'head']],
  ...(['l', 'r'] as const).flatMap((s) => [
    [`clavicle_${s}`, [`clavicle_${s}`]] as const,
    [`upperarm_${s}`, [`upperarm_${s}`]] as const,
    // The elbow bends the A-pose forearm towards +z, the knee the calf towards −z.
    [`lowerarm_${s}`, [`lowerarm_${s}`], [-HALF, s === 'l' ? -HALF : HALF, 0]] as const,
    [`hand_${s}`, [`hand_${s}`]] as const,
    [`thigh_${s}`, [`thigh_${s}`]] as const,
    [`calf_${s}`, [`calf_${s}`], [1, 0, 0]] as const,
    [`foot_${s}`, [`foot_${s}`]] as const,
  ]),
];

const dofsOf = (axis: readonly number[] | undefined): number => (axis ? 1 : 3);

export const BLOCKS: readonly Block[] = SPECS.map(([name, joints, axis], b) => ({
  name,
  joints: joints.map(bodyJoint),
  // The first three degrees of freedom move the pelvis.
  dof: 3 + SPECS.slice(0, b).reduce((sum, [, , before]) => sum + dofsOf(before), 0),
  ...(axis ? { axis } : {}),
}));

export const BLOCK_COUNT = BLOCKS.length;
export const blockNamed = (name: string): number => BLOCKS.findIndex((block) => block.name === name);
/** Degrees of freedom of a frame. */
export const DOFS = BLOCKS.reduce((sum, block) => sum + dofsOf(block.axis), 3);

/** Block that turns each body joint. */
export const BLOCK_OF: Int32Array = Int32Array.from(BODY_JOINTS, (_, j) => BLOCKS.findIndex((block) => block.joints.includes(j)));

const PARENT_NAMES: Readonly<Record<string, string>> = {
  clavicle: 'spine_05',
  upperarm: 'clavicle',
  lowerarm: 'upperarm',
  hand: 'lowerarm',
  thigh: 'pelvis',
  calf: 'thigh',
  foot: 'calf',
};

/** Parent of each body joint within `BODY_JOINTS`; −1 for the pelvis. */
export const BODY_PARENTS: Int32Array = Int32Array.from(BODY_JOINTS, (name, j) => {
  if (j < MIDDLE.length) return j - 1;
  const [part, side] = name.split('_');
  const parent = PARENT_NAMES[part];
  return bodyJoint(MIDDLE.includes(parent) ? parent : `${parent}_${side}`);
});

/** Joints from each joint up to the pelvis, itself first. */
export const CHAINS: readonly Int32Array[] = BODY_JOINTS.map((_, j) => {
  const chain: number[] = [];
  for (let at = j; at >= 0; at = BODY_PARENTS[at]) chain.push(at);
  return Int32Array.from(chain);
});

/** Offsets of the body joints of a person's skeleton, `BODY_JOINT_COUNT × 3`, metres. */
export const bodyOffsets = (skeleton: Skeleton): Float64Array =>
  Float64Array.from(HUMAN_INDEX.flatMap((j) => skeleton.joints[j].translationM));
