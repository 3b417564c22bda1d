import { multiply, normalize } from '@gaitway/motion/quaternion';
import { slerp } from '@gaitway/motion/rotation';
import type { CameraTrack, CameraVerdict } from './camera-motion.ts';

/** A background that never moves farther from its middle place than this part of the focal length stands still: 0.8 pixels of 320. */
const STILL_RAD = 0.003;
/** Frames that may move farther: a knock against the tripod in a long clip is no motion. */
const STILL_SHARE = 0.98;
/** With less of the clip followed, nothing is said about the camera. */
export const LEAST_FOLLOWED = 0.5;

/** Whether the camera of a shot turned, and how. A camera that stands still has no motion at all, not a small one. */
export function judgeCamera(track: CameraTrack): CameraVerdict {
  const { agreement, focalPx } = track;
  const frameCount = agreement.length;
  const seen = agreement.reduce((sum, share) => sum + (share > 0 ? 1 : 0), 0);
  const followed = frameCount > 0 ? seen / frameCount : 0;
  const breaks = track.breaks.reduce((sum, flag, f) => sum + (f > 0 ? flag : 0), 0);
  if (seen < 2 || followed < LEAST_FOLLOWED) return { motion: undefined, followed, breaks, zoom: 1, parallax: 0 };
  const scales = [...track.scales].filter((_, f) => agreement[f] > 0);
  const zoom = quantile(scales, STILL_SHARE) / quantile(scales, 1 - STILL_SHARE);
  const parallax = [...track.parallax].filter((part, f) => agreement[f] > 0 && Number.isFinite(part));
  const verdict = { followed, breaks, zoom, parallax: parallax.length > 0 ? quantile(parallax, 0.5) : 0 };
  const turns = track.turns.slice();
  bridge(turns, agreement);
  const referenceFrame = middleFrame(turns);
  const rotations = relativeTo(turns, referenceFrame);
  if (quantile(angles(rotations), STILL_SHARE) < STILL_RAD) return { ...verdict, motion: undefined };
  const panRad = viewAngles(rotations).reduce((a, b) => Math.max(a, b), 0);
  return { ...verdict, motion: { focalPx, rotations, referenceFrame, panRad } };
}

const quantile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(share * values.length))];

/** Turns of frames that were not followed, in place: between those around them, or as the nearest. */
function bridge(turns: Float64Array, agreement: Float32Array): void {
  let before = -1;
  for (let f = 0; f <= agreement.length; f++) {
    if (f < agreement.length && agreement[f] === 0) continue;
    for (let g = before + 1; g < f; g++) {
      const a = before < 0 ? f : before;
      const b = f === agreement.length ? a : f;
      slerp(turns, g * 4, turns, a * 4, turns, b * 4, b > a ? (g - a) / (b - a) : 0);
    }
    before = f;
  }
}

/** Component `k` of the viewing direction of a frame, in the axes of the first. */
function viewOf(q: Float64Array, f: number, k: number): number {
  const [x, y, z, w] = [q[f * 4], q[f * 4 + 1], q[f * 4 + 2], q[f * 4 + 3]];
  if (k === 0) return 2 * (x * z + y * w);
  return k === 1 ? 2 * (y * z - x * w) : 1 - 2 * (x * x + y * y);
}

/** The frame that looks most nearly into the mean direction of all. */
function middleFrame(turns: Float64Array): number {
  const count = turns.length / 4;
  const mean = [0, 0, 0];
  for (let f = 0; f < count; f++) for (let k = 0; k < 3; k++) mean[k] += viewOf(turns, f, k);
  let best = 0;
  let most = Number.NEGATIVE_INFINITY;
  for (let f = 0; f < count; f++) {
    const along = viewOf(turns, f, 0) * mean[0] + viewOf(turns, f, 1) * mean[1] + viewOf(turns, f, 2) * mean[2];
    if (along > most) [best, most] = [f, along];
  }
  return best;
}

function relativeTo(turns: Float64Array, reference: number): Float64Array {
  const out = new Float64Array(turns.length);
  const back = turns.slice(reference * 4, reference * 4 + 4).map((v, k) => (k < 3 ? -v : v));
  for (let o = 0; o < out.length; o += 4) {
    multiply(out, o, back, 0, turns, o);
    normalize(out, o);
  }
  return out;
}

const viewAngles = (rotations: Float64Array): number[] =>
  Array.from({ length: rotations.length / 4 }, (_, f) => Math.acos(Math.max(-1, Math.min(1, viewOf(rotations, f, 2)))));

/** Whole angle of each rotation, radians. */
const angles = (q: Float64Array): number[] =>
  Array.from({ length: q.length / 4 }, (_, f) => 2 * Math.atan2(Math.hypot(q[f * 4], q[f * 4 + 1], q[f * 4 + 2]), Math.abs(q[f * 4 + 3])));
