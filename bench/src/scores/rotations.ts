/**
 * Rotation error where the truth has rotations. Both sides count the world rotation of a joint from their own rest pose, an
 * A-pose that differs by a few degrees (and by 45° in MakeHuman's bent elbows): the smallest turn between the two rest directions
 * of the bone is taken off, so that 0 means that the bone points, and is twisted, alike.
 */
import { multiply } from '@gaitway/motion/quaternion';
import { angleBetweenRad, fromAxisAngle, fromTo } from '@gaitway/motion/rotation';
import type { Truth } from '../truth.ts';
import { rotationsAt } from '../truth.ts';

/** World rotations of joints against the rest pose, by the names of the delivered skeleton, and where the joints rest. */
export interface TurnedJoints {
  readonly fps: number;
  readonly frameCount: number;
  /** `frames × 4`, xyzw. */
  readonly rotations: ReadonlyMap<string, Float64Array>;
  readonly restM: ReadonlyMap<string, readonly number[]>;
}

interface Pair {
  readonly truth: string;
  readonly own: string;
  /** The end of the bone in the truth's and in our skeleton; absent where both rest upright. */
  readonly ends?: readonly [truth: string, own: string];
}

const SIDE_PAIRS: readonly (readonly [truth: string, own: string, truthEnd: string, ownEnd: string])[] = [
  ['clavicle', 'clavicle', 'shoulder', 'upperarm'],
  ['shoulder', 'upperarm', 'elbow', 'lowerarm'],
  ['elbow', 'lowerarm', 'wrist', 'hand'],
  ['wrist', 'hand', 'hand', 'middle_01'],
  ['hip', 'thigh', 'knee', 'calf'],
  ['knee', 'calf', 'ankle', 'foot'],
  ['ankle', 'foot', 'toe', 'ball'],
];

/** Which joint of the truth is compared with which of ours. `spine` and `toe` have no twin: our trunk has five joints, our toes only flex. */
export const ROTATION_PAIRS: readonly Pair[] = [
  { truth: 'hips', own: 'pelvis' },
  { truth: 'chest', own: 'spine_05' },
  { truth: 'neck', own: 'neck_01' },
  { truth: 'head', own: 'head' },
  ...['l', 'r'].flatMap((side) =>
    SIDE_PAIRS.map(
      ([truth, own, a, b]): Pair => ({ truth: `${side}_${truth}`, own: `${own}_${side}`, ends: [`${side}_${a}`, `${b}_${side}`] }),
    ),
  ),
];

/** Mean angle of each joint's error over the clip, degrees, after one turn of `headingRad` about the vertical; empty without true rotations. */
export function rotationErrorsDeg(truth: Truth, own: TurnedJoints, headingRad: number, frameCount: number): Record<string, number> {
  const { rot_joints: names, rest_joints: rest } = truth;
  if (!names || !rest) return {};
  const heading = new Float64Array(4);
  fromAxisAngle(heading, 0, 0, 1, 0, headingRad);
  const errors = ROTATION_PAIRS.flatMap((pair): [string, number][] => {
    const ours = own.rotations.get(pair.own);
    const at = names.indexOf(pair.truth);
    if (!ours || at < 0) return [];
    const rotations = rotationsAt(ours, own.fps, truth.fps, frameCount);
    return [[pair.truth, meanAngleDeg(truth, at, rotations, heading, restTurn(pair, rest, own.restM))]];
  });
  return Object.fromEntries(errors);
}

/** The smallest turn that takes our bone at rest to the truth's. */
function restTurn(pair: Pair, truth: NonNullable<Truth['rest_joints']>, own: TurnedJoints['restM']): Float64Array {
  const out = Float64Array.of(0, 0, 0, 1);
  const ownStart = own.get(pair.own);
  const ownEnd = pair.ends && own.get(pair.ends[1]);
  const truthEnd = pair.ends && truth[pair.ends[0]];
  if (ownStart && ownEnd && truthEnd) {
    const start = truth[pair.truth];
    const a = ownEnd.map((v, k) => v - ownStart[k]);
    const b = truthEnd.map((v, k) => v - start[k]);
    fromTo(out, 0, a, 0, b, 0);
  }
  return out;
}

function meanAngleDeg(truth: Truth, at: number, own: Float64Array, heading: Float64Array, turn: Float64Array): number {
  const a = new Float64Array(4);
  const b = new Float64Array(4);
  let sum = 0;
  const frames = own.length / 4;
  for (let f = 0; f < frames; f++) {
    const [w, x, y, z] = truth.frames[f].rot?.[at] ?? [1, 0, 0, 0];
    multiply(a, 0, heading, 0, own, f * 4);
    multiply(b, 0, [x, y, z, w], 0, turn, 0);
    sum += angleBetweenRad(a, 0, b, 0);
  }
  return (sum / frames) * (180 / Math.PI);
}
