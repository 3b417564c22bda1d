import { HUMAN_JOINTS, HUMAN_SKELETON, HUMAN_SKELETON_HEIGHT_M } from '@gaitway/motion/human';
import { createWorldPose, forwardKinematics, jointOffsets, jointParents } from '@gaitway/motion/kinematics';
import { setIdentity } from '@gaitway/motion/quaternion';
import { fromAxisAngle } from '@gaitway/motion/rotation';
import { FINGER_CURL } from '../solve/rig.ts';
import { bodyJoint } from './body-model.ts';

/** Balls of flesh that a body rests on when it is not its soles, each rigid to a body joint. */
export interface BodySurface {
  readonly joints: Int32Array;
  /** Centres in the rest frames of their joints, `count × 3`, metres. */
  readonly centresM: Float64Array;
  readonly radiiM: Float64Array;
  /** How far each ball reaches from its joint, metres. */
  readonly reachesM: Float64Array;
}

type Ball = readonly [joint: string, radiusM: number, x: number, y: number, z: number];

/** Left half and the middle of a slim body of 1.75 m, metres; the right half mirrors it. */
const MIDDLE: readonly Ball[] = [
  ['head', 0.07, 0, 0.115, -0.004],
  ['head', 0.066, 0, 0.1, 0.026],
  ['head', 0.037, 0, 0.022, 0.054],
];
const LEFT: readonly Ball[] = [
  ['pelvis', 0.086, 0.07, -0.025, -0.004],
  ['pelvis', 0.06, 0.066, -0.055, -0.044],
  ['spine_03', 0.076, 0.054, 0.025, 0.018],
  ['spine_05', 0.084, 0.073, -0.005, 0.028],
  ['spine_05', 0.064, 0.07, 0.06, 0.016],
  ['upperarm_l', 0.049, 0, 0, 0],
  ['lowerarm_l', 0.035, 0, 0, 0],
  ['hand_l', 0.022, 0, 0, 0],
  ['thigh_l', 0.072, 0.01, -0.03, 0],
  ['calf_l', 0.044, 0, 0, 0],
  ['foot_l', 0.03, 0, 0, -0.006],
];

/** What of a hand reaches out: the knuckles, and the last joints of the fingers with how much longer the bone before would have to be to
 * end at their tips. */
const OF_FINGERS: readonly (readonly [joint: string, radiusM: number, beyond: number])[] = [
  ['index_01_l', 0.0105, 0],
  ['pinky_01_l', 0.0105, 0],
  ['index_03_l', 0.0066, 0.75],
  ['middle_03_l', 0.0068, 0.75],
  ['pinky_03_l', 0.0058, 0.75],
  ['thumb_03_l', 0.008, 0.7],
];

/** The balls of a relaxed hand, as the fingers of every frame are delivered. */
function relaxedHand(): Ball[] {
  const pose = createWorldPose(HUMAN_SKELETON);
  const rotations = new Float32Array(HUMAN_JOINTS.length * 4);
  for (let j = 0; j < HUMAN_JOINTS.length; j++) setIdentity(rotations, j * 4);
  for (const [joint, mirror, angleRad] of FINGER_CURL) fromAxisAngle(rotations, joint * 4, 0, 0, -mirror, angleRad);
  const parents = jointParents(HUMAN_SKELETON);
  forwardKinematics(pose, parents, jointOffsets(HUMAN_SKELETON), new Float32Array(3), 0, rotations, 0);
  const wrist = HUMAN_JOINTS.indexOf('hand_l') * 3;
  return OF_FINGERS.map(([name, radiusM, beyond]) => {
    const joint = HUMAN_JOINTS.indexOf(name);
    const [x, y, z] = [0, 1, 2].map((k) => {
      const at = pose.positionsM[joint * 3 + k];
      return at + beyond * (at - pose.positionsM[parents[joint] * 3 + k]) - pose.positionsM[wrist + k];
    });
    return ['hand_l', radiusM, x, y, z];
  });
}

const mirrored = ([joint, radiusM, x, y, z]: Ball): Ball => [joint.replace(/_l$/, '_r'), radiusM, -x, y, z];

const SIDE = [...LEFT, ...relaxedHand()];
const BALLS = [...MIDDLE, ...SIDE, ...SIDE.map(mirrored)];

/** The surface of a person of this height. */
export function bodySurface(heightM: number): BodySurface {
  const s = heightM / HUMAN_SKELETON_HEIGHT_M;
  return {
    joints: Int32Array.from(BALLS, ([joint]) => bodyJoint(joint)),
    centresM: Float64Array.from(BALLS.flatMap(([, , x, y, z]) => [x * s, y * s, z * s])),
    radiiM: Float64Array.from(BALLS, ([, radiusM]) => radiusM * s),
    reachesM: Float64Array.from(BALLS, ([, radiusM, x, y, z]) => (radiusM + Math.hypot(x, y, z)) * s),
  };
}
