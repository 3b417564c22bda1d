import { intervals } from '@gaitway/motion/contacts';
import { multiply, rotate } from '@gaitway/motion/quaternion';
import { fromTo } from '@gaitway/motion/rotation';
import { LANDMARK_COUNT } from '../landmarks.ts';
import type { Observations } from './observations.ts';

const VERTICAL = Float64Array.of(0, 1, 0);

/**
 * How far the upright body is believed over an upright camera. The pose model pulls people upright in the picture, so that the
 * body alone errs by several degrees, and so does the camera alone when it looks down; cameras are rolled less than pitched.
 */
const PITCH_BELIEF = 0.6;
const ROLL_BELIEF = 0.5;
/** Frames in which feet and shoulders are nearly as far apart as they get: the body is stretched, and so likely upright. */
const STRETCHED = 0.93;

/** Unit vector against gravity in camera axes with y up, from the mean direction feet → shoulders of the frames that look upright. */
export function upFromBody(points: Float64Array, seen: Observations, legs: boolean): Float64Array {
  const low: readonly [number, number] = legs ? [27, 28] : [23, 24];
  const lines: number[][] = [];
  for (let f = 0; f < seen.frameCount; f++) {
    if (seen.visibility[f * LANDMARK_COUNT + 11] < 0.3) continue;
    const at = (landmark: number, k: number): number => points[(f * LANDMARK_COUNT + landmark) * 3 + k];
    const line = [0, 1, 2].map((k) => (at(11, k) + at(12, k) - at(low[0], k) - at(low[1], k)) / 2);
    if (line[1] > Math.hypot(line[0], line[2])) lines.push(line);
  }
  const lengths = lines.map((line) => Math.hypot(...line)).sort((a, b) => a - b);
  const enough = STRETCHED * (lengths[Math.floor(lengths.length * 0.95)] ?? 0);
  const upright = lines.filter((line) => Math.hypot(...line) >= enough);
  const roll = ROLL_BELIEF * middleOf(upright.map(([x, y]) => Math.atan2(x, y)));
  const pitch = PITCH_BELIEF * middleOf(upright.map(([, y, z]) => Math.atan2(z, y)));
  const up = Float64Array.of(Math.tan(roll), 1, Math.tan(pitch));
  const length = Math.hypot(up[0], up[1], up[2]);
  return up.map((v) => v / length);
}

const middleOf = (values: number[]): number => (values.length === 0 ? 0 : values.sort((a, b) => a - b)[values.length >> 1]);

/** Turns the motion so that `up` becomes vertical: root positions and the root joint's rotations, in place. */
export function levelMotion(root: Float64Array, rotations: Float32Array, joints: number, up: Float64Array): Float64Array {
  const turn = new Float64Array(4);
  fromTo(turn, 0, up, 0, VERTICAL, 0);
  for (let f = 0; f < root.length / 3; f++) {
    rotate(root, f * 3, turn, 0, root, f * 3);
    multiply(rotations, f * joints * 4, turn, 0, rotations, f * joints * 4);
  }
  return turn;
}

/** Standard deviation of a stance point's height, and of the tilt that the body alone suggests. */
const STANCE_SIGMA_M = 0.08;
const TILT_SIGMA_RAD = 0.06;

/**
 * Up refined by the places where feet stood: the plane through them, pulled towards `up` (unit, camera axes). Points stand in
 * one spot for many frames, so each contact interval counts once.
 *
 * @param soles `frameCount × 4 × 3` in the world in which `up` is vertical
 */
export function upFromStance(soles: Float64Array, contacts: Uint8Array, up: Float64Array): Float64Array {
  const places = stancePlaces(soles, contacts);
  if (places.length < 3) return up;
  const mean = [0, 1, 2].map((k) => places.reduce((sum, p) => sum + p[k], 0) / places.length);
  const w = 1 / STANCE_SIGMA_M ** 2;
  const n = { xx: 1 / TILT_SIGMA_RAD ** 2, xz: 0, zz: 1 / TILT_SIGMA_RAD ** 2, x: 0, z: 0 };
  for (const p of places) {
    const [x, y, z] = p.map((v, k) => v - mean[k]);
    n.xx += w * x * x;
    n.xz += w * x * z;
    n.zz += w * z * z;
    n.x += w * x * y;
    n.z += w * z * y;
  }
  // Plane y = a·x + b·z: its normal (−a, 1, −b) is up.
  const det = n.xx * n.zz - n.xz * n.xz;
  const a = (n.x * n.zz - n.z * n.xz) / det;
  const b = (n.z * n.xx - n.x * n.xz) / det;
  const normal = Float64Array.of(-a, 1, -b);
  const length = Math.hypot(a, 1, b);
  const back = new Float64Array(4);
  fromTo(back, 0, VERTICAL, 0, up, 0);
  rotate(normal, 0, back, 0, normal, 0);
  return normal.map((v) => v / length);
}

/** Middle of the sole in each stretch in which a foot is planted: heel and toe share the errors of their foot. */
function stancePlaces(soles: Float64Array, contacts: Uint8Array): number[][] {
  const frameCount = contacts.length / 4;
  return [0, 1].flatMap((foot) => {
    const planted = new Uint8Array(frameCount);
    for (let f = 0; f < frameCount; f++) planted[f] = contacts[f * 4 + foot * 2] | contacts[f * 4 + foot * 2 + 1];
    return intervals(planted, 0, frameCount, 1).map(([from, to]) =>
      [0, 1, 2].map((k) => {
        let sum = 0;
        for (let f = from; f < to; f++) sum += soles[f * 12 + foot * 6 + k] + soles[f * 12 + foot * 6 + 3 + k];
        return sum / (2 * (to - from));
      }),
    );
  });
}
