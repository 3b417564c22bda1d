import { HUMAN_SKELETON_HEIGHT_M } from '@gaitway/motion/human';
import { LANDMARK_COUNT } from '../landmarks.ts';
import { bodyJoint } from './body-model.ts';
import { IMAGE_OFFSETS_MM, WORLD_OFFSETS_MM } from './landmark-offsets.ts';

/** How a landmark hangs on the body and how far each of its two positions can be believed. */
export interface Attachment {
  readonly landmark: number;
  /** Body joint whose rotation carries the landmark. */
  readonly joint: number;
  /** Body joint next to which it lies: `joint` itself or a child of it. */
  readonly near: number;
  /** Standard deviation of the image position at the distance of the body, metres. */
  readonly imageSigmaM: number;
  /** Weight of the world vector against the others. */
  readonly worldShare: number;
}

type Row = readonly [landmark: number, joint: string, near: string, imageSigmaMm: number, worldShare: number];

/** Left side and middle; the right side mirrors it. Sigmas: median residuals after the offsets, measured on the samples. */
const FACE: readonly number[] = [0, 2, 5, 7, 8, 9, 10];
const LEFT: readonly Row[] = [
  [11, 'clavicle_l', 'upperarm_l', 13, 1],
  [13, 'upperarm_l', 'lowerarm_l', 13, 1],
  [15, 'lowerarm_l', 'hand_l', 20, 1],
  [17, 'hand_l', 'hand_l', 40, 0.3],
  [19, 'hand_l', 'hand_l', 40, 0.3],
  [23, 'pelvis', 'thigh_l', 20, 1],
  [25, 'thigh_l', 'calf_l', 14, 1],
  [27, 'calf_l', 'foot_l', 30, 1],
  [29, 'foot_l', 'foot_l', 25, 0.5],
  [31, 'foot_l', 'foot_l', 18, 0.5],
];

const attachment = ([landmark, joint, near, imageSigmaMm, worldShare]: Row): Attachment => ({
  landmark,
  joint: bodyJoint(joint),
  near: bodyJoint(near),
  imageSigmaM: imageSigmaMm / 1000,
  worldShare,
});

const mirrored = ([landmark, joint, near, sigma, share]: Row): Row => [
  landmark + 1,
  joint.replace(/_l$/, '_r'),
  near.replace(/_l$/, '_r'),
  sigma,
  share,
];

export const ATTACHMENTS: readonly Attachment[] = [
  ...FACE.map((landmark): Row => [landmark, 'head', 'head', 20, 0.3]),
  ...LEFT,
  ...LEFT.map(mirrored),
].map(attachment);

/** Positions of the landmarks in the rest frames of their joints (`33 × 3`, metres), for one set of offsets. */
export interface MarkOffsets {
  readonly image: Float64Array;
  readonly world: Float64Array;
}

/** Landmark positions for a body with these joint offsets (`BODY_JOINT_COUNT × 3`) and height. */
export function markOffsets(offsets: Float64Array, heightM: number): MarkOffsets {
  const s = heightM / HUMAN_SKELETON_HEIGHT_M / 1000;
  const place = (table: readonly (readonly [number, number, number])[]): Float64Array => {
    const out = new Float64Array(LANDMARK_COUNT * 3);
    for (const { landmark, joint, near } of ATTACHMENTS) {
      for (let k = 0; k < 3; k++) out[landmark * 3 + k] = table[landmark][k] * s + (near === joint ? 0 : offsets[near * 3 + k]);
    }
    return out;
  };
  return { image: place(IMAGE_OFFSETS_MM), world: place(WORLD_OFFSETS_MM) };
}
