import { GaitwayError } from '@gaitway/motion/errors';
import { frameCountOf } from '@gaitway/motion/resample';
import type { Landmarks } from '../landmarks.ts';
import { LANDMARK_COUNT } from '../landmarks.ts';
import type { FrameSpan } from './solve-report.ts';

/**
 * Landmarks at the uniform frames of the clip, with every number finite. `bodyM` has the axes of the upright camera (x right,
 * y up, z towards the camera): a person who faces the camera faces +z, as in the world of a Clip.
 */
export interface Observations {
  readonly fps: number;
  readonly frameCount: number;
  readonly widthPx: number;
  readonly heightPx: number;
  /** `frameCount × 33 × 2`, pixels, x right, y down. */
  readonly imagePx: Float64Array;
  /** `frameCount × 33 × 3`, metres of the model's own body. */
  readonly bodyM: Float64Array;
  /** `frameCount × 33`, 0..1; 0 in frames in which nobody was found. */
  readonly visibility: Float64Array;
  readonly gaps: readonly FrameSpan[];
}

const MAX_FRAMES = 1_000_000;

/** Resamples landmarks by their real time stamps; frames without a person are bridged linearly with visibility 0. */
export function observe(landmarks: Landmarks): Observations {
  const rows = usableRows(landmarks);
  const start = finiteOr(landmarks.timesSec[0], 0);
  const durationSec = Math.max(0, finiteOr(landmarks.timesSec[landmarks.frameCount - 1], start) - start);
  const fps = landmarks.nominalFps;
  const frameCount = Math.max(2, frameCountOf(durationSec, fps));
  if (!(fps > 0) || frameCount > MAX_FRAMES) throw new GaitwayError('api_source_duration_invalid');
  const out: Observations = {
    fps,
    frameCount,
    widthPx: landmarks.widthPx,
    heightPx: landmarks.heightPx,
    imagePx: new Float64Array(frameCount * LANDMARK_COUNT * 2),
    bodyM: new Float64Array(frameCount * LANDMARK_COUNT * 3),
    visibility: new Float64Array(frameCount * LANDMARK_COUNT),
    gaps: [],
  };
  const seen = fillFrames(out, landmarks, rows, start);
  return { ...out, gaps: spansOf(seen, 0) };
}

const finiteOr = (value: number, fallback: number): number => (Number.isFinite(value) ? value : fallback);

/** Indices of rows that show a person and hold only finite numbers, in order of strictly increasing time. */
function usableRows(landmarks: Landmarks): number[] {
  if (landmarks.frameCount < 2) throw new GaitwayError('source_too_short');
  const out: number[] = [];
  let latest = Number.NEGATIVE_INFINITY;
  for (let f = 0; f < landmarks.frameCount; f++) {
    if (landmarks.found[f] !== 1 || !(landmarks.timesSec[f] > latest) || !rowIsFinite(landmarks, f)) continue;
    latest = landmarks.timesSec[f];
    out.push(f);
  }
  if (out.length === 0) throw new GaitwayError('no_person_detected');
  return out;
}

function rowIsFinite(landmarks: Landmarks, f: number): boolean {
  const wide = LANDMARK_COUNT * 3;
  for (let i = f * wide; i < (f + 1) * wide; i++)
    if (!(Math.abs(landmarks.imagePx[i]) < 1e6 && Math.abs(landmarks.worldM[i]) < 1e3)) return false;
  return true;
}

/** A frame farther than this from every row that shows a person counts as not seen, in frame intervals. */
const REACH_FRAMES = 0.6;

/** Writes all frames; returns 1 for each frame that lies at or between rows that show the person. */
function fillFrames(out: Observations, landmarks: Landmarks, rows: readonly number[], start: number): Uint8Array {
  const seen = new Uint8Array(out.frameCount);
  let r = 0;
  for (let f = 0; f < out.frameCount; f++) {
    const time = start + f / out.fps;
    while (r + 1 < rows.length && landmarks.timesSec[rows[r + 1]] <= time + 1e-9) r++;
    const a = rows[r];
    const b = landmarks.timesSec[a] >= time ? a : rows[Math.min(r + 1, rows.length - 1)];
    const span = landmarks.timesSec[b] - landmarks.timesSec[a];
    const t = span > 0 ? Math.min(1, (time - landmarks.timesSec[a]) / span) : 0;
    const nearest = Math.min(Math.abs(time - landmarks.timesSec[a]), Math.abs(landmarks.timesSec[b] - time));
    // Neighbours that are consecutive source frames are trusted however slow the source is.
    const bridged = b - a > 1 && nearest * out.fps > 1e-3;
    seen[f] = bridged || (a === b && nearest * out.fps > REACH_FRAMES) ? 0 : 1;
    blendRow(out, landmarks, f, a, b, t, seen[f]);
  }
  return seen;
}

function blendRow(out: Observations, landmarks: Landmarks, f: number, a: number, b: number, t: number, seen: number): void {
  for (let i = 0; i < LANDMARK_COUNT; i++) {
    const o = f * LANDMARK_COUNT + i;
    const from = (a * LANDMARK_COUNT + i) * 3;
    const to = (b * LANDMARK_COUNT + i) * 3;
    const mix = (values: Float32Array, k: number): number => values[from + k] * (1 - t) + values[to + k] * t;
    out.imagePx[o * 2] = mix(landmarks.imagePx, 0);
    out.imagePx[o * 2 + 1] = mix(landmarks.imagePx, 1);
    out.bodyM[o * 3] = mix(landmarks.worldM, 0);
    out.bodyM[o * 3 + 1] = -mix(landmarks.worldM, 1);
    out.bodyM[o * 3 + 2] = -mix(landmarks.worldM, 2);
    const visible = landmarks.visibility[a * LANDMARK_COUNT + i] * (1 - t) + landmarks.visibility[b * LANDMARK_COUNT + i] * t;
    out.visibility[o] = seen * Math.max(0, Math.min(1, finiteOr(visible, 0)));
  }
}

/** Half-open spans in which `flags` has the value. */
export function spansOf(flags: Uint8Array, value: 0 | 1): FrameSpan[] {
  const out: FrameSpan[] = [];
  let from = -1;
  for (let f = 0; f <= flags.length; f++) {
    const inside = f < flags.length && flags[f] === value;
    if (inside && from < 0) from = f;
    if (!inside && from >= 0) {
      out.push({ from, to: f });
      from = -1;
    }
  }
  return out;
}
