import type { Clip } from '@gaitway/motion/clip';
import type { Move } from './moves/standing.ts';
import { withinReach } from './moves/standing.ts';
import type { Pose, Puppet } from './puppet.ts';
import { clipOf, worldPoses } from './puppet.ts';
import { add } from './vectors.ts';

/** Poses are made this often, so that the pelvis can be smoothed the same way at every frame rate. */
const DENSE_FPS = 120;
/** Width of the smoothing of the pelvis's height after it has been brought within reach of the feet, seconds. */
const SETTLE_SEC = 0.08;

/** The clip of a move at a frame rate that divides 120. Feet that stand do so exactly; the pelvis comes down where they are far. */
export function clipOfMove(move: Move, puppet: Puppet, fps: number, durationSec = move.durationSec): Clip {
  const count = Math.round(durationSec * DENSE_FPS) + 1;
  const dense = Array.from({ length: count }, (_, i) => move.poseAt(puppet, i / DENSE_FPS));
  const settled = settle(puppet, dense);
  const step = DENSE_FPS / fps;
  return clipOf(
    puppet,
    Array.from({ length: Math.floor((count - 1) / step) + 1 }, (_, f) => settled[Math.round(f * step)]),
    fps,
  );
}

/** The lowest joint of a body whose feet do not carry it, metres above the floor. */
const CLEARANCE_M = 0.05;

/** The pelvis brought within reach of feet that stand, and above the floor where hands or knees carry the body. */
function settle(puppet: Puppet, poses: readonly Pose[]): Pose[] {
  const { positionsM } = worldPoses(clipOf(puppet, poses, DENSE_FPS));
  const width = puppet.skeleton.joints.length * 3;
  const drops = poses.map((pose) => pose.pelvis[1] - withinReach(puppet, pose).pelvis[1]);
  const rises = poses.map((pose, f) => (stands(pose) ? 0 : Math.max(0, CLEARANCE_M - lowest(positionsM, f * width, width))));
  const drop = smoothed(widened(drops));
  const rise = smoothed(widened(rises));
  return poses.map((pose, i) => {
    const [x, y, z] = pose.pelvis;
    const up = stands(pose) ? 0 : rise[i];
    return withinReach(puppet, lifted({ ...pose, pelvis: [x, y - drop[i], z] }, up));
  });
}

const stands = ({ feet }: Pose): boolean => feet.some((foot) => foot.heel || foot.toe);

/** The whole body, feet and all, higher. */
const lifted = (pose: Pose, up: number): Pose =>
  up === 0
    ? pose
    : {
        ...pose,
        pelvis: add(pose.pelvis, [0, up, 0]),
        feet: [
          { ...pose.feet[0], ankle: add(pose.feet[0].ankle, [0, up, 0]) },
          { ...pose.feet[1], ankle: add(pose.feet[1].ankle, [0, up, 0]) },
        ],
      };

function lowest(positionsM: Float64Array, at: number, width: number): number {
  let y = Number.POSITIVE_INFINITY;
  for (let i = at + 1; i < at + width; i += 3) y = Math.min(y, positionsM[i]);
  return y;
}

const RADIUS = Math.round(SETTLE_SEC * DENSE_FPS);

/** The largest value around each. */
const widened = (values: readonly number[]): number[] =>
  values.map((_, i) => Math.max(...values.slice(Math.max(0, i - RADIUS), i + RADIUS + 1)));

function smoothed(values: readonly number[]): number[] {
  return values.map((_, i) => {
    let sum = 0;
    let weights = 0;
    for (let k = Math.max(0, i - RADIUS); k <= Math.min(values.length - 1, i + RADIUS); k++) {
      const w = 0.5 + 0.5 * Math.cos((Math.PI * (k - i)) / (RADIUS + 1));
      sum += w * values[k];
      weights += w;
    }
    return sum / weights;
  });
}
