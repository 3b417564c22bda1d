import type { Clip } from '@gaitway/motion/clip';
import { jointPositions } from '@gaitway/motion/kinematics';
import { jointIndex } from '@gaitway/motion/skeleton';
import type { Truth } from './synthetic.ts';

const PARTS = { shoulder: 'upperarm', elbow: 'lowerarm', wrist: 'hand', hip: 'thigh', knee: 'calf', ankle: 'foot' };
const PAIRS = (['l', 'r'] as const).flatMap((side) =>
  Object.entries(PARTS).map(([truth, own]): [string, string] => [`${side}_${truth}`, `${own}_${side}`]),
);

/** Twelve body joints of a clip and of the truth, `frames × 12 × 3`, metres. */
export function bodyJoints(clip: Clip, truth: Truth): { own: Float64Array; real: Float64Array } {
  const positions = jointPositions(clip);
  const joints = clip.skeleton.joints.length;
  const count = Math.min(clip.frameCount, truth.frames.length);
  const own = new Float64Array(count * 36);
  const real = new Float64Array(count * 36);
  PAIRS.forEach(([truthName, ownName], p) => {
    const j = jointIndex(clip.skeleton, ownName);
    const t = truth.joints.indexOf(truthName);
    for (let f = 0; f < count; f++) {
      own.set(positions.subarray((f * joints + j) * 3, (f * joints + j) * 3 + 3), f * 36 + p * 3);
      real.set(truth.frames[f].joints[t], f * 36 + p * 3);
    }
  });
  return { own, real };
}

/** `rootAlignedErrorOfMm` of a clip against its truth. */
export function rootAlignedErrorMm(clip: Clip, truth: Truth): number {
  const { own, real } = bodyJoints(clip, truth);
  return rootAlignedErrorOfMm(own, real);
}

/**
 * Mean joint error after taking off the mid-hip of each frame and one turn about the vertical for the clip, millimetres. Both are
 * `frames × 12 × 3`, metres, in the order of `bodyJoints`.
 */
export function rootAlignedErrorOfMm(ownM: Float64Array, realM: Float64Array): number {
  const [own, real] = [centred(ownM), centred(realM)];
  let sine = 0;
  let cosine = 0;
  for (let i = 0; i < own.length; i += 3) {
    cosine += own[i] * real[i] + own[i + 2] * real[i + 2];
    sine += own[i + 2] * real[i] - own[i] * real[i + 2];
  }
  const yaw = Math.atan2(sine, cosine);
  let sum = 0;
  for (let i = 0; i < own.length; i += 3) {
    const x = Math.cos(yaw) * own[i] + Math.sin(yaw) * own[i + 2];
    const z = Math.cos(yaw) * own[i + 2] - Math.sin(yaw) * own[i];
    sum += Math.hypot(x - real[i], own[i + 1] - real[i + 1], z - real[i + 2]);
  }
  return (sum / (own.length / 3)) * 1000;
}

/** Less the middle of the hips, the fourth and tenth of the joints. */
function centred(points: Float64Array): Float64Array {
  const out = points.slice();
  for (let i = 0; i < out.length; i++) {
    const f = i - (i % 36);
    out[i] -= (points[f + 9 + (i % 3)] + points[f + 27 + (i % 3)]) / 2;
  }
  return out;
}

/** The numbers of a clip that must be finite, joined. */
export const everyNumber = (clip: Clip): number[] => [...clip.rootTranslationM, ...clip.rotations, ...clip.confidence];
