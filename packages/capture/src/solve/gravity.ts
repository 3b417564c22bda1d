import { multiply, rotate } from '@gaitway/motion/quaternion';
import { fromTo } from '@gaitway/motion/rotation';
import { LANDMARK_COUNT } from '../landmarks.ts';
import type { Observations } from './observations.ts';

const VERTICAL = Float64Array.of(0, 1, 0);

/**
 * How far the upright body is believed over an upright camera. The pose model pulls people upright in the picture, so that the
 * body alone errs by several degrees, and so does the camera alone when it looks down.
 */
const BELIEF = 0.5;

/** Unit vector against gravity in camera axes with y up, from the mean direction feet → shoulders of the frames that look upright. */
export function upFromBody(points: Float64Array, seen: Observations, legs: boolean): Float64Array {
  const low: readonly [number, number] = legs ? [27, 28] : [23, 24];
  const pitches: number[] = [];
  const rolls: number[] = [];
  for (let f = 0; f < seen.frameCount; f++) {
    const at = (landmark: number, k: number): number => points[(f * LANDMARK_COUNT + landmark) * 3 + k];
    const mean = (k: number): number => (at(11, k) + at(12, k) - at(low[0], k) - at(low[1], k)) / 2;
    const [x, y, z] = [mean(0), mean(1), mean(2)];
    const tilted = Math.hypot(x, z) > Math.abs(y);
    if (tilted || y <= 0 || seen.visibility[f * LANDMARK_COUNT + 11] < 0.3) continue;
    pitches.push(Math.atan2(z, y));
    rolls.push(Math.atan2(x, y));
  }
  const pitch = BELIEF * middleOf(pitches);
  const roll = BELIEF * middleOf(rolls);
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
