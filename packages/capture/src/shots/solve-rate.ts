import { frameCountOf, resampleClip } from '@gaitway/motion/resample';
import type { CameraTrack } from '../camera-motion/camera-motion.ts';
import { LANDMARK_COUNT, type Landmarks } from '../landmarks.ts';
import type { Solved } from '../solve/first-solve.ts';
import type { FrameSpan } from '../solve/solve-report.ts';
import { timedClip } from './shot-clips.ts';

/**
 * Sources faster than this are solved at a rate up to the usual one and brought to their own afterwards. A body does nothing above
 * 15 Hz, the network makes the same mistake in frames that lie closer, and the fit needs more steps for more frames a second: at 120 the
 * path of a walk came out a quarter of a metre from that at 30.
 */
const FASTEST_SOLVE_FPS = 60;
const USUAL_SOLVE_FPS = 45;

/** Solves landmarks with every second, third, … frame of a source that is faster than a body; the clip has the source's rate. */
export function solveAtRate(landmarks: Landmarks, solveOne: (landmarks: Landmarks) => Solved): Solved {
  const isFast = landmarks.nominalFps > FASTEST_SOLVE_FPS + 1e-6;
  const step = isFast ? Math.ceil(landmarks.nominalFps / USUAL_SOLVE_FPS - 1e-6) : 1;
  if (step <= 1 || landmarks.frameCount < 2 * step) return solveOne(landmarks);
  const { clip, report } = solveOne(everyNth(landmarks, step));
  const { timesSec, frameCount, nominalFps } = landmarks;
  const frames = Math.max(2, frameCountOf(timesSec[frameCount - 1] - timesSec[0], nominalFps));
  const spread = <T extends FrameSpan>(spans: readonly T[]): T[] =>
    spans
      .map((span) => ({ ...span, from: span.from * step, to: Math.min(frames, (span.to - 1) * step + 1) }))
      .filter(({ from, to }) => to > from);
  return {
    clip: timedClip(resampleClip(clip, nominalFps), frames),
    report: { ...report, repairs: spread(report.repairs), gaps: spread(report.gaps) },
  };
}

/** Every nth row. Where the person is missing in it, the nearest row beside it that shows the person speaks for it. */
function everyNth(landmarks: Landmarks, step: number): Landmarks {
  const rows = Int32Array.from({ length: Math.ceil(landmarks.frameCount / step) }, (_, k) => rowNear(landmarks, k * step, step));
  const pick = <T extends Float32Array | Uint8Array | Float64Array>(from: T, out: T, width: number): T => {
    rows.forEach((row, k) => {
      out.set(from.subarray(row * width, (row + 1) * width), k * width);
    });
    return out;
  };
  const count = rows.length;
  return {
    ...landmarks,
    nominalFps: landmarks.nominalFps / step,
    frameCount: count,
    timesSec: pick(landmarks.timesSec, new Float64Array(count), 1),
    found: pick(landmarks.found, new Uint8Array(count), 1),
    imagePx: pick(landmarks.imagePx, new Float32Array(count * LANDMARK_COUNT * 3), LANDMARK_COUNT * 3),
    worldM: pick(landmarks.worldM, new Float32Array(count * LANDMARK_COUNT * 3), LANDMARK_COUNT * 3),
    visibility: pick(landmarks.visibility, new Float32Array(count * LANDMARK_COUNT), LANDMARK_COUNT),
    score: pick(landmarks.score, new Float32Array(count), 1),
    ...(landmarks.camera && { camera: cameraRows(landmarks.camera, rows) }),
  };
}

/** Rows stay in order: neighbours are looked at less than half a step away. */
function rowNear({ found, frameCount }: Landmarks, row: number, step: number): number {
  for (let away = 0; away * 2 < step; away++) {
    if (found[Math.min(frameCount - 1, row + away)] === 1) return Math.min(frameCount - 1, row + away);
    if (row >= away && found[row - away] === 1) return row - away;
  }
  return row;
}

const cameraRows = (camera: CameraTrack, rows: Int32Array): CameraTrack => {
  const last = (k: number): number => (k === 0 ? -1 : rows[k - 1]);
  return {
    focalPx: camera.focalPx,
    turns: Float64Array.from({ length: rows.length * 4 }, (_, i) => camera.turns[rows[i >> 2] * 4 + (i & 3)]),
    scales: Float64Array.from(rows, (row) => camera.scales[row]),
    agreement: Float32Array.from(rows, (row) => camera.agreement[row]),
    parallax: Float32Array.from(rows, (row) => camera.parallax[row]),
    // A break in a row that is left out is one of the step across it.
    breaks: Uint8Array.from(rows, (row, k) => (camera.breaks.subarray(last(k) + 1, row + 1).includes(1) ? 1 : 0)),
  };
};
