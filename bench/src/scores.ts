/**
 * Scores of predicted motion against truth, by the field's definitions (WHAM `eval_utils.py`, SLAHMR `tools.py`, which GVHMR,
 * TRAM and PromptHMR share). All lengths in millimetres.
 */
import { jitter } from '@gaitway/motion/metrics';
import { align, tiltDeg, transformed } from './alignment.ts';
import type { Tracks, Truth } from './truth.ts';
import { tracksAt, truthTracks } from './truth.ts';

/** The twelve limb joints: what every skeleton has at the same place. */
export const BODY12 = ['shoulder', 'elbow', 'wrist', 'hip', 'knee', 'ankle'].flatMap((joint) => [`l_${joint}`, `r_${joint}`]);

export interface Scores {
  /** Root-relative error after one rotation about the vertical per clip. */
  readonly mpjpeMm: number;
  /** Error after a similarity per frame. */
  readonly paMpjpeMm: number;
  /** World error, 100-frame chunks aligned (with scale) on their first two frames / on all of them. */
  readonly w100Mm: number;
  readonly wa100Mm: number;
  /** World error of the whole clip, scale fixed to 1, aligned on the first two frames / on all. */
  readonly wMetricMm: number;
  readonly waMetricMm: number;
  /** Root trajectory after rigid alignment. */
  readonly rootErrorMm: number;
  readonly jitter: number;
  readonly jitterTruth: number;
  /** Horizontal travel of heel and toe while the truth has them planted, mm per frame at 30 fps. */
  readonly footSlideMm: number;
  readonly footSlideTruthMm: number;
  /** Mean height of planted points above the truth's. */
  readonly footHeightBiasMm: number;
  readonly boneLengthErrorPct: number;
  readonly boneVariationPct: number;
  /** Truth size / predicted size. */
  readonly scale: number;
  readonly tiltDeg: number;
}

/** Scores a prediction in a Y-up world. Feet are scored where the prediction has `l_toe`/`l_heel` tracks (or ankles). */
export function score(truth: Truth, prediction: Tracks): Scores {
  const real = truthTracks(truth);
  const guess = tracksAt(prediction, truth.fps, real.frameCount);
  const a = stacked(guess);
  const b = stacked(real);
  const localA = rootRelative(a, guess);
  const localB = rootRelative(b, real);
  const turn = align(localA, localB, { scale: false, yawOnly: true, centred: true });
  const full = align(localA, localB, { scale: true, centred: true });
  const feet = scoreFeet(truth, guess, real);
  const bones = scoreBones(guess, real);
  return {
    mpjpeMm: meanDistanceMm(transformed(turn, localA), localB),
    paMpjpeMm: chunked(a, b, 1, 'all', true),
    w100Mm: chunked(a, b, 100, 'first', true),
    wa100Mm: chunked(a, b, 100, 'all', true),
    wMetricMm: chunked(a, b, real.frameCount, 'first', false),
    waMetricMm: chunked(a, b, real.frameCount, 'all', false),
    rootErrorMm: rootError(guess, real),
    jitter: jitter(a, BODY12.length, truth.fps),
    jitterTruth: jitter(b, BODY12.length, truth.fps),
    ...feet,
    ...bones,
    scale: full.s,
    tiltDeg: tiltDeg(full),
  };
}

const WIDTH = BODY12.length * 3;

/** `frames × 12 × 3` of the body joints. */
function stacked(tracks: Tracks): Float64Array {
  const out = new Float64Array(tracks.frameCount * WIDTH);
  BODY12.forEach((name, j) => {
    const xyz = required(tracks, name);
    for (let f = 0; f < tracks.frameCount; f++) for (let k = 0; k < 3; k++) out[f * WIDTH + j * 3 + k] = xyz[f * 3 + k];
  });
  return out;
}

function required(tracks: Tracks, name: string): Float64Array {
  const xyz = tracks.points.get(name);
  if (!xyz) throw new Error(`the prediction has no joint ${name}`);
  return xyz;
}

/** Mid-hip, `frames × 3`. */
const rootTrack = (tracks: Tracks): Float64Array => required(tracks, 'l_hip').map((v, i) => (v + required(tracks, 'r_hip')[i]) / 2);

function rootRelative(points: Float64Array, tracks: Tracks): Float64Array {
  const root = rootTrack(tracks);
  return points.map((v, i) => v - root[Math.floor(i / WIDTH) * 3 + (i % 3)]);
}

function meanDistanceMm(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 3) sum += Math.hypot(a[i] - b[i], a[i + 1] - b[i + 1], a[i + 2] - b[i + 2]);
  return (sum / (a.length / 3)) * 1000;
}

/** Mean error over chunks of `frames` frames, each aligned on its first two frames or on all. Remainders < 10 frames are left out. */
function chunked(a: Float64Array, b: Float64Array, frames: number, fit: 'first' | 'all', scale: boolean): number {
  const step = frames * WIDTH;
  let sum = 0;
  let weight = 0;
  for (let at = 0; at < a.length; at += step) {
    const end = Math.min(a.length, at + step);
    if (end - at < Math.min(frames, 10) * WIDTH) continue;
    const fitEnd = fit === 'first' ? Math.min(end, at + 2 * WIDTH) : end;
    const T = align(a.subarray(at, fitEnd), b.subarray(at, fitEnd), { scale });
    sum += meanDistanceMm(transformed(T, a.subarray(at, end)), b.subarray(at, end)) * (end - at);
    weight += end - at;
  }
  return sum / weight;
}

function rootError(guess: Tracks, real: Tracks): number {
  const a = rootTrack(guess);
  const b = rootTrack(real);
  return meanDistanceMm(transformed(align(a, b, { scale: false }), a), b);
}

function scoreFeet(truth: Truth, guess: Tracks, real: Tracks): Pick<Scores, 'footSlideMm' | 'footSlideTruthMm' | 'footHeightBiasMm'> {
  const own: number[] = [];
  const theirs: number[] = [];
  const heights: number[] = [];
  truth.contact_names.forEach((name, c) => {
    const joint = [name, name.replace(/heel|toe/, 'ankle')].find((n) => guess.points.has(n) && real.points.has(n));
    if (!joint) return;
    const a = required(guess, joint);
    const b = required(real, joint);
    for (let f = 1; f < real.frameCount; f++) {
      if (!(truth.frames[f].contact[c] && truth.frames[f - 1].contact[c])) continue;
      own.push(horizontalStepMm(a, f) * (truth.fps / 30));
      theirs.push(horizontalStepMm(b, f) * (truth.fps / 30));
      heights.push((a[f * 3 + 1] - b[f * 3 + 1]) * 1000);
    }
  });
  return { footSlideMm: mean(own), footSlideTruthMm: mean(theirs), footHeightBiasMm: mean(heights) };
}

const horizontalStepMm = (xyz: Float64Array, f: number): number =>
  Math.hypot(xyz[f * 3] - xyz[f * 3 - 3], xyz[f * 3 + 2] - xyz[f * 3 - 1]) * 1000;

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);

const BONES = ['l', 'r'].flatMap((side) =>
  [
    ['shoulder', 'elbow'],
    ['elbow', 'wrist'],
    ['hip', 'knee'],
    ['knee', 'ankle'],
  ].map(([a, b]) => [`${side}_${a}`, `${side}_${b}`] as const),
);

function scoreBones(guess: Tracks, real: Tracks): Pick<Scores, 'boneLengthErrorPct' | 'boneVariationPct'> {
  const errors: number[] = [];
  const variations: number[] = [];
  for (const [a, b] of BONES) {
    const own = lengths(guess, a, b);
    const theirs = mean(lengths(real, a, b));
    const m = mean(own);
    errors.push((Math.abs(m - theirs) / theirs) * 100);
    variations.push((Math.sqrt(mean(own.map((x) => (x - m) ** 2))) / m) * 100);
  }
  return { boneLengthErrorPct: mean(errors), boneVariationPct: mean(variations) };
}

function lengths(tracks: Tracks, a: string, b: string): number[] {
  const x = required(tracks, a);
  const y = required(tracks, b);
  return Array.from({ length: tracks.frameCount }, (_, f) =>
    Math.hypot(x[f * 3] - y[f * 3], x[f * 3 + 1] - y[f * 3 + 1], x[f * 3 + 2] - y[f * 3 + 2]),
  );
}
