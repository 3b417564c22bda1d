import { intervals } from '@gaitway/motion/contacts';
import { multiply, rotate } from '@gaitway/motion/quaternion';
import { fromTo } from '@gaitway/motion/rotation';
import type { SeenVertical } from '../lens/seen-vertical.ts';
import type { SeenTilt } from './camera-tilt.ts';
import { CAMERA_PITCH, CAMERA_ROLL, likelyTiltRad } from './camera-tilt.ts';
import type { BodyLines } from './uprightness.ts';

const VERTICAL = Float64Array.of(0, 1, 0);

/**
 * Unit vector against gravity in camera axes with y up, from how the body stands in its clip, and from the edges of the room behind it
 * where they show which way is down.
 */
export function upFromBody({ posture, lines }: BodyLines, room?: SeenVertical): Float64Array {
  // Seen from above there is no upright camera to believe in.
  if (posture === 'from_above') return middleDirection(lines);
  if (posture === 'lying' || lines.length === 0) {
    if (room && isSureOfDown(room)) return upOf(room);
    return posture === 'lying' ? acrossLine(middleDirection(lines)) : VERTICAL.slice();
  }
  const tilts = room && tiltsOf(room);
  const roll = likelyTiltRad(middleOf(lines.map(([x, y]) => Math.atan2(x, y))), CAMERA_ROLL, tilts?.roll);
  const pitch = likelyTiltRad(middleOf(lines.map(([, y, z]) => Math.atan2(z, y))), CAMERA_PITCH, tilts?.pitch);
  return unit(Float64Array.of(Math.tan(roll), 1, Math.tan(pitch)));
}

/** A body that does not stand says less than a room that leaves this open. */
const SURE_RAD = (5 * Math.PI) / 180;

/** Whether a room tells which way is down by itself where nobody stands in it. */
export const isSureOfDown = (room: SeenVertical): boolean => Math.max(room.pitchSigmaRad, room.rollSigmaRad) < SURE_RAD;

/** Up, camera axes with y up and z towards the camera. */
const upOf = ({ down: [x, y, z] }: SeenVertical): Float64Array => Float64Array.of(-x, y, z);

/**
 * How far a fitted body leans as a whole in the axes of its camera, whatever way is up: the pose model's depth is off so far. Levelled
 * by the room alone the path would be right and the body askew; between what the room and what the body shows both are nearly right.
 */
const POSE_LEAN_RAD = (4 * Math.PI) / 180;

function tiltsOf(room: SeenVertical): { readonly roll: SeenTilt; readonly pitch: SeenTilt } {
  const [x, y, z] = upOf(room);
  return {
    roll: { tiltRad: Math.atan2(x, y), sigmaRad: Math.hypot(room.rollSigmaRad, POSE_LEAN_RAD) },
    pitch: { tiltRad: Math.atan2(z, y), sigmaRad: Math.hypot(room.pitchSigmaRad, POSE_LEAN_RAD) },
  };
}

/** How far a stretched-out body that is not upright is believed to lie flat. */
const FLAT_BELIEF = 0.8;

/** The vertical of the picture, leaned so that the line of a body on the floor is level. */
const acrossLine = (line: Float64Array): Float64Array => unit(VERTICAL.map((v, k) => v - FLAT_BELIEF * line[1] * line[k]));

const middleDirection = (lines: readonly (readonly number[])[]): Float64Array =>
  unit(Float64Array.from([0, 1, 2], (k) => middleOf(lines.map((line) => line[k] / Math.hypot(...line)))));

function unit(v: Float64Array): Float64Array {
  const length = Math.hypot(v[0], v[1], v[2]);
  return v.map((value) => value / length);
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
