import { frameCountOf, resampleClip } from '@gaitway/motion/resample';
import type { CameraTrack } from '../camera-motion/camera-motion.ts';
import type { Landmarks } from '../landmarks.ts';
import type { Solved } from '../solve/first-solve.ts';
import type { FrameSpan } from '../solve/solve-report.ts';
import { averageRows } from './average-rows.ts';
import { timedClip } from './shot-clips.ts';

/**
 * A body is solved at about this rate, whatever the source's: it does nothing above 15 Hz, and what decides about sides, floor and
 * contacts was fitted at 30 frames a second. Solved at 60, a jump with half a turn came out 109 mm from the truth, at every second
 * frame 67; a dance at 10, solved at 10, was 12 mm from the same at 30, and solved at 30 it is 6.
 */
const USUAL_SOLVE_FPS = 30;
/** No source is solved more slowly than this because it is fast. */
const SLOWEST_SOLVE_FPS = 23.9;

/** Frames of the source to one that is solved: 1 up to 47 frames a second, 2 for 60, 4 for 120. */
export const solveStep = (fps: number): number => {
  const step = Math.max(1, Math.round(fps / USUAL_SOLVE_FPS));
  return step > 1 && fps / step < SLOWEST_SOLVE_FPS ? step - 1 : step;
};

/** Between frames farther apart nothing can be said by interpolating. */
const MOST_PARTS = 3;

/** Frames that are solved for one of a slow source: 1 from 20 frames a second on, 2 for 15, 3 for 10. */
export const solveParts = (fps: number): number => Math.min(MOST_PARTS, Math.max(1, Math.round(USUAL_SOLVE_FPS / fps)));

/** Solves landmarks, and what was seen in the mirror. */
export type SolveRows = (landmarks: Landmarks, mirrored: Landmarks | undefined) => Solved;

/** Solves a source at the rate of a body; the clip has the source's rate. */
export function solveAtRate(landmarks: Landmarks, solveOne: SolveRows, mirrored?: Landmarks): Solved {
  const { nominalFps, frameCount } = landmarks;
  const parts = solveParts(nominalFps);
  if (parts > 1) return solveBetween(landmarks, parts, solveOne, mirrored);
  const step = solveStep(nominalFps);
  if (step <= 1 || frameCount < 2 * step) return solveOne(landmarks, mirrored);
  const solved = solveOne(everyNth(landmarks, step), mirrored && everyNth(mirrored, step));
  return atSourceRate(solved, landmarks, (from, to) => [from * step, (to - 1) * step + 1]);
}

/** A slow source: what was seen is interpolated, for the body moves on between its frames. */
function solveBetween(landmarks: Landmarks, parts: number, solveOne: SolveRows, mirrored: Landmarks | undefined): Solved {
  const faster = (rows: Landmarks): Landmarks => ({ ...rows, nominalFps: rows.nominalFps * parts });
  const solved = solveOne(faster(landmarks), mirrored && faster(mirrored));
  return atSourceRate(solved, landmarks, (from, to) => [Math.ceil(from / parts), Math.ceil(to / parts)]);
}

type Spread = (from: number, to: number) => readonly [from: number, to: number];

/** A solve at another rate as one at the source's; `spread` brings a span of frames there. */
function atSourceRate({ clip, report }: Solved, { timesSec, frameCount, nominalFps }: Landmarks, spread: Spread): Solved {
  const frames = Math.max(2, frameCountOf(timesSec[frameCount - 1] - timesSec[0], nominalFps));
  const placed = <T extends FrameSpan>(spans: readonly T[]): T[] =>
    spans
      .map((span) => {
        const [from, to] = spread(span.from, span.to);
        return { ...span, from, to: Math.min(frames, to) };
      })
      .filter(({ from, to }) => to > from);
  return {
    clip: timedClip(resampleClip(clip, nominalFps), frames),
    report: { ...report, repairs: placed(report.repairs), gaps: placed(report.gaps) },
  };
}

/** Every nth row. Where the person is missing in it, the nearest row beside it that shows the person speaks for it. */
function everyNth(landmarks: Landmarks, step: number): Landmarks {
  const rows = Int32Array.from({ length: Math.ceil(landmarks.frameCount / step) }, (_, k) => rowNear(landmarks, k * step, step));
  return {
    ...averageRows(landmarks, rows, step),
    nominalFps: landmarks.nominalFps / step,
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
    ...(camera.taggedLog !== undefined && { taggedLog: camera.taggedLog }),
    ...(camera.edges && { edges: camera.edges.map((seen) => ({ ...seen, frame: rowAt(rows, seen.frame) })) }),
    ...(camera.lensLogs && { lensLogs: Float32Array.from(rows, (row, k) => lensLogIn(camera.lensLogs?.subarray(last(k) + 1, row + 1))) }),
  };
};

/** The row kept that shows a frame, or the first after it. */
const rowAt = (rows: Int32Array, frame: number): number => {
  const row = rows.findIndex((kept) => kept >= frame);
  return row < 0 ? rows.length - 1 : row;
};

/** What the rows up to one, and those left out before it, say about the lens. */
const lensLogIn = (logs: Float32Array | undefined): number => logs?.find(Number.isFinite) ?? Number.NaN;
