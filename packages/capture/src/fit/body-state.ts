import { multiply, multiplyInverse, normalize, rotate } from '@gaitway/motion/quaternion';
import { expMap, fromAxisAngle, setBlend, twistAngleRad } from '@gaitway/motion/rotation';
import { BLOCK_COUNT, BLOCK_OF, BLOCKS, BODY_JOINT_COUNT, BODY_PARENTS, blockNamed, bodyJoint, HUMAN_INDEX } from './body-model.ts';

/** The variables of a clip, in camera axes with y up and z towards the camera. */
export interface BodyState {
  readonly frameCount: number;
  /** `frameCount × 3`, metres. */
  readonly root: Float64Array;
  /** `frameCount × BLOCK_COUNT × 4`: local rotation of each block's joints. */
  readonly turns: Float64Array;
  /** `frameCount × BLOCK_COUNT`: angle of each hinge, radians; unused for balls. */
  readonly angles: Float64Array;
}

export const createState = (frameCount: number): BodyState => ({
  frameCount,
  root: new Float64Array(frameCount * 3),
  turns: new Float64Array(frameCount * BLOCK_COUNT * 4),
  angles: new Float64Array(frameCount * BLOCK_COUNT),
});

/** World pose of one frame of the body. */
export interface BodyPose {
  readonly positions: Float64Array;
  readonly rotations: Float64Array;
}

export const createBodyPose = (): BodyPose => ({
  positions: new Float64Array(BODY_JOINT_COUNT * 3),
  rotations: new Float64Array(BODY_JOINT_COUNT * 4),
});

/** Block of each joint as a flat table: no look-ups through objects in the inner loop. */
const TURN_OF = BLOCK_OF.map((block) => block * 4);

export function poseBody(pose: BodyPose, state: BodyState, frame: number, offsets: Float64Array): void {
  const p = pose.positions;
  const q = pose.rotations;
  const turns = frame * BLOCK_COUNT * 4;
  for (let k = 0; k < 3; k++) p[k] = state.root[frame * 3 + k];
  for (let k = 0; k < 4; k++) q[k] = state.turns[turns + k];
  for (let j = 1; j < BODY_JOINT_COUNT; j++) {
    const up = BODY_PARENTS[j];
    rotate(p, j * 3, q, up * 4, offsets, j * 3);
    for (let k = 0; k < 3; k++) p[j * 3 + k] += p[up * 3 + k];
    multiply(q, j * 4, q, up * 4, state.turns, turns + TURN_OF[j]);
  }
}

/** Moves frame `frame` by the increment `step` (`DOFS` numbers at `at`), in place. */
export function moveFrame(state: BodyState, frame: number, step: Float64Array, at: number, scratch: Float64Array): void {
  for (let k = 0; k < 3; k++) state.root[frame * 3 + k] += step[at + k];
  for (let b = 0; b < BLOCK_COUNT; b++) {
    const { dof, axis } = BLOCKS[b];
    const o = (frame * BLOCK_COUNT + b) * 4;
    if (axis) {
      const angle = state.angles[frame * BLOCK_COUNT + b] + step[at + dof];
      state.angles[frame * BLOCK_COUNT + b] = angle;
      fromAxisAngle(state.turns, o, axis[0], axis[1], axis[2], angle);
    } else {
      expMap(scratch, 0, step, at + dof);
      multiply(state.turns, o, state.turns, o, scratch, 0);
      normalize(state.turns, o);
    }
  }
}

/** Copies frames `[from, to)` of one state over another. */
export function copyFrames(out: BodyState, source: BodyState, from: number, to: number): void {
  out.root.set(source.root.subarray(from * 3, to * 3), from * 3);
  out.turns.set(source.turns.subarray(from * BLOCK_COUNT * 4, to * BLOCK_COUNT * 4), from * BLOCK_COUNT * 4);
  out.angles.set(source.angles.subarray(from * BLOCK_COUNT, to * BLOCK_COUNT), from * BLOCK_COUNT);
}

/** Reads the state out of local rotations of `HUMAN_JOINTS` (`joints × 4` a frame): the analytic start. */
export function stateFromRotations(root: Float64Array, rotations: Float32Array, joints: number): BodyState {
  const state = createState(root.length / 3);
  state.root.set(root);
  const q = new Float64Array(4);
  for (let f = 0; f < state.frameCount; f++) {
    for (let b = 0; b < BLOCK_COUNT; b++) {
      const { axis } = BLOCKS[b];
      const from = (f * joints + HUMAN_INDEX[BLOCKS[b].joints[0]]) * 4;
      const o = (f * BLOCK_COUNT + b) * 4;
      if (axis) {
        const angle = twistAngleRad(rotations, from, axis[0], axis[1], axis[2]);
        state.angles[f * BLOCK_COUNT + b] = angle;
        fromAxisAngle(state.turns, o, axis[0], axis[1], axis[2], angle);
      } else {
        for (let k = 0; k < 4; k++) state.turns[o + k] = rotations[from + k];
        normalize(state.turns, o);
      }
    }
    gatherPronation(state, rotations, joints, f, q);
  }
  return state;
}

/** Forearm and hand blocks of each side, and the axis of the forearm in the rest frame. */
const FOREARMS = (['l', 'r'] as const).map((side) => ({
  lower: blockNamed(`lowerarm_${side}`),
  hand: blockNamed(`hand_${side}`),
  lowerJoint: HUMAN_INDEX[bodyJoint(`lowerarm_${side}`)],
  handJoint: HUMAN_INDEX[bodyJoint(`hand_${side}`)],
  axis: [side === 'l' ? Math.SQRT1_2 : -Math.SQRT1_2, -Math.SQRT1_2, 0] as const,
}));

/** In the state the elbow only bends and the hand carries the turn of the palm: what the hinge leaves out goes to the hand. */
function gatherPronation(state: BodyState, rotations: Float32Array, joints: number, f: number, q: Float64Array): void {
  for (const { lower, hand, lowerJoint, handJoint } of FOREARMS) {
    multiply(q, 0, rotations, (f * joints + lowerJoint) * 4, rotations, (f * joints + handJoint) * 4);
    multiplyInverse(state.turns, (f * BLOCK_COUNT + hand) * 4, state.turns, (f * BLOCK_COUNT + lower) * 4, q, 0);
    normalize(state.turns, (f * BLOCK_COUNT + hand) * 4);
    limitTurn(state.turns, (f * BLOCK_COUNT + hand) * 4, MAX_START_TURN_RAD);
  }
}

/** Farther than this no hand turns against its forearm: a start beyond could wind up the other way round. */
const MAX_START_TURN_RAD = 1.3;

/** Shortens the turn of a unit quaternion to at most `maxRad`, in place. */
function limitTurn(q: Float64Array, i: number, maxRad: number): void {
  const angle = 2 * Math.acos(Math.min(1, Math.abs(q[i + 3])));
  if (angle > maxRad) setBlend(q, i, maxRad / angle);
}

/** The other way: turning the palm is the forearm's work, the hand keeps what bends the wrist. */
function spreadPronation(out: Float32Array, joints: number, f: number, q: Float64Array): void {
  for (const { lowerJoint, handJoint, axis } of FOREARMS) {
    const lower = (f * joints + lowerJoint) * 4;
    const hand = (f * joints + handJoint) * 4;
    fromAxisAngle(q, 0, axis[0], axis[1], axis[2], twistAngleRad(out, hand, axis[0], axis[1], axis[2]));
    multiply(out, lower, out, lower, q, 0);
    multiplyInverse(out, hand, q, 0, out, hand);
  }
}

/** Writes the state's rotations over those of the body joints, `frameCount × joints × 4`, in place. */
export function rotationsFromState(out: Float32Array, state: BodyState, joints: number): void {
  const q = new Float64Array(4);
  for (let f = 0; f < state.frameCount; f++) {
    for (let j = 0; j < BODY_JOINT_COUNT; j++) {
      const from = f * BLOCK_COUNT * 4 + TURN_OF[j];
      const o = (f * joints + HUMAN_INDEX[j]) * 4;
      for (let k = 0; k < 4; k++) out[o + k] = state.turns[from + k];
    }
    spreadPronation(out, joints, f, q);
  }
}
