import { createWorldPose, forwardKinematics, jointOffsets, jointParents } from '@gaitway/motion/kinematics';
import type { Skeleton } from '@gaitway/motion/skeleton';
import { LANDMARK_COUNT } from '../landmarks.ts';
import type { Camera } from './camera.ts';
import type { Observations } from './observations.ts';
import { ARMS, LEGS } from './rig.ts';

/** Joint and the landmark that lies near it. */
const ANCHORS: readonly (readonly [joint: number, landmark: number, weight: number])[] = [
  ...ARMS.flatMap((rig) => [[rig.upper, rig.shoulderMark, 2] as const, [rig.lower, rig.elbowMark, 1] as const]),
  ...LEGS.flatMap((rig) => [
    [rig.thigh, rig.hipMark, 2] as const,
    [rig.calf, rig.kneeMark, 1] as const,
    [rig.foot, rig.ankleMark, 1] as const,
  ]),
];

/** Nearest and farthest the root is placed from the camera, metres. */
const NEAR_M = 0.4;
const FAR_M = 80;

/**
 * Where the pelvis is, in camera axes with y up and z towards the camera (so z is negative), from the image positions of the
 * joints: x·(−z)⁻¹ = (u − c)/f is linear in the translation, two equations a joint, three unknowns, weighted by visibility.
 * Frames in which too little is visible are bridged.
 *
 * @returns `frameCount × 3`, metres
 */
export function placeRoot(seen: Observations, skeleton: Skeleton, rotations: Float32Array, camera: Camera, legs: boolean): Float64Array {
  const parents = jointParents(skeleton);
  const offsets = jointOffsets(skeleton);
  const pose = createWorldPose(skeleton);
  const out = new Float64Array(seen.frameCount * 3);
  const valid = new Uint8Array(seen.frameCount);
  const origin = new Float64Array(3);
  const anchors = legs ? ANCHORS : ANCHORS.slice(0, 4);
  const n = new Float64Array(9);
  for (let f = 0; f < seen.frameCount; f++) {
    forwardKinematics(pose, parents, offsets, origin, 0, rotations, f * parents.length * 4);
    n.fill(0);
    for (const [joint, landmark, base] of anchors) {
      const o = f * LANDMARK_COUNT + landmark;
      const u = (seen.imagePx[o * 2] - camera.centreXPx) / camera.focalPx;
      const v = -(seen.imagePx[o * 2 + 1] - camera.centreYPx) / camera.focalPx;
      addPoint(n, u, v, pose.positionsM, joint * 3, base * seen.visibility[o] ** 2);
    }
    valid[f] = solveTranslation(out, f * 3, n) ? 1 : 0;
  }
  bridge(out, valid);
  return out;
}

/**
 * Normal equations of x + u·z = −(X + u·Z), y + v·z = −(Y + v·Z) for translation (x, y, z) and joint (X, Y, Z):
 * n = [Σw, Σwu, Σwv, Σw(u²+v²), Σwa, Σwb, Σw(ua+vb)].
 */
function addPoint(n: Float64Array, u: number, v: number, p: Float64Array, i: number, w: number): void {
  const a = -(p[i] + u * p[i + 2]);
  const b = -(p[i + 1] + v * p[i + 2]);
  n[0] += w;
  n[1] += w * u;
  n[2] += w * v;
  n[3] += w * (u * u + v * v);
  n[4] += w * a;
  n[5] += w * b;
  n[6] += w * (u * a + v * b);
}

function solveTranslation(out: Float64Array, o: number, n: Float64Array): boolean {
  if (n[0] < 0.5) return false;
  const spread = n[3] - (n[1] * n[1] + n[2] * n[2]) / n[0];
  if (!(spread > 1e-9)) return false;
  const z = (n[6] - (n[1] * n[4] + n[2] * n[5]) / n[0]) / spread;
  if (!(z < -NEAR_M && z > -FAR_M)) return false;
  out[o] = (n[4] - n[1] * z) / n[0];
  out[o + 1] = (n[5] - n[2] * z) / n[0];
  out[o + 2] = z;
  return true;
}

const DEFAULT_DISTANCE_M = 4;

/** Fills rows that are not valid linearly from their neighbours. */
function bridge(rows: Float64Array, valid: Uint8Array): void {
  let before = -1;
  for (let f = 0; f < valid.length; f++) {
    if (valid[f] === 0) continue;
    for (let g = before + 1; g < f; g++) {
      const t = before < 0 ? 1 : (g - before) / (f - before);
      const a = before < 0 ? f : before;
      for (let k = 0; k < 3; k++) rows[g * 3 + k] = rows[a * 3 + k] * (1 - t) + rows[f * 3 + k] * t;
    }
    before = f;
  }
  for (let g = before + 1; g < valid.length; g++) {
    for (let k = 0; k < 3; k++) rows[g * 3 + k] = before < 0 ? (k === 2 ? -DEFAULT_DISTANCE_M : 0) : rows[before * 3 + k];
  }
}
