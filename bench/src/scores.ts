/**
 * Scores of predicted motion against truth, by the field's definitions (WHAM `eval_utils.py`, SLAHMR `tools.py`, which GVHMR,
 * TRAM and PromptHMR share). All lengths in millimetres.
 */
import { jitter } from '@gaitway/motion/metrics';
import { align, tiltDeg, transformed } from './alignment.ts';
import { scoreBones } from './scores/bones.ts';
import { scoreFeet } from './scores/feet.ts';
import { BODY12, chunkedErrorMm, meanDistanceMm, perJointMm, rootRelative, rootTrack, stacked } from './scores/points.ts';
import type { Tracks, Truth } from './truth.ts';
import { coveredFrames, firstFrames, tracksAt, truthTracks } from './truth.ts';

export { BODY12 } from './scores/points.ts';

export interface Scores {
  /** Frames of the truth that the prediction reaches, 0..1. */
  readonly coverage: number;
  /** Root-relative error after one rotation about the vertical per clip. */
  readonly mpjpeMm: number;
  /** Error after a similarity per frame. */
  readonly paMpjpeMm: number;
  /** World error, 100-frame chunks aligned on their first two frames (W) or on all of them (WA); scale free, and fixed to 1. */
  readonly w100Mm: number;
  readonly wa100Mm: number;
  readonly w100MetricMm: number;
  readonly wa100MetricMm: number;
  /** World error of the whole clip, likewise. */
  readonly wMm: number;
  readonly waMm: number;
  readonly wMetricMm: number;
  readonly waMetricMm: number;
  /** Root trajectory after rigid alignment; and as a share of the way it went, percent. */
  readonly rootErrorMm: number;
  readonly rootErrorPct: number;
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
  const { real, guess, coverage } = paired(truth, prediction);
  const a = stacked(guess);
  const b = stacked(real);
  const localA = rootRelative(a, guess);
  const localB = rootRelative(b, real);
  const turn = align(localA, localB, { scale: false, yawOnly: true, centred: true });
  const full = align(localA, localB, { scale: true, centred: true });
  return {
    coverage,
    mpjpeMm: meanDistanceMm(transformed(turn, localA), localB),
    paMpjpeMm: chunkedErrorMm(a, b, 1, 'all', true),
    ...worldScores(a, b, real.frameCount),
    ...scoreRoot(rootTrack(guess), rootTrack(real)),
    jitter: jitter(a, BODY12.length, truth.fps),
    jitterTruth: jitter(b, BODY12.length, truth.fps),
    ...scoreFeet(truth, guess, real),
    ...scoreBones(guess, real),
    scale: full.s,
    tiltDeg: tiltDeg(full),
  };
}

/** MPJPE of each body joint, millimetres. */
export function jointErrorsMm(truth: Truth, prediction: Tracks): Record<string, number> {
  const { real, guess } = paired(truth, prediction);
  const a = rootRelative(stacked(guess), guess);
  const b = rootRelative(stacked(real), real);
  return perJointMm(transformed(align(a, b, { scale: false, yawOnly: true, centred: true }), a), b);
}

/** Angle of the rotation about the vertical that brings the prediction's axes to the truth's, radians. */
export function headingRad(truth: Truth, prediction: Tracks): number {
  const { real, guess } = paired(truth, prediction);
  const options = { scale: false, yawOnly: true, centred: true };
  const { R } = align(rootRelative(stacked(guess), guess), rootRelative(stacked(real), real), options);
  return Math.atan2(R[2], R[0]);
}

/** Truth and prediction at the same times: those that both have. */
function paired(truth: Truth, prediction: Tracks): { readonly real: Tracks; readonly guess: Tracks; readonly coverage: number } {
  const whole = truthTracks(truth);
  const frameCount = coveredFrames(prediction, truth.fps, whole.frameCount);
  return {
    real: firstFrames(whole, frameCount),
    guess: tracksAt(prediction, truth.fps, frameCount),
    coverage: frameCount / whole.frameCount,
  };
}

type WorldScores = Pick<Scores, 'w100Mm' | 'wa100Mm' | 'w100MetricMm' | 'wa100MetricMm' | 'wMm' | 'waMm' | 'wMetricMm' | 'waMetricMm'>;

function worldScores(a: Float64Array, b: Float64Array, frameCount: number): WorldScores {
  return {
    w100Mm: chunkedErrorMm(a, b, 100, 'first', true),
    wa100Mm: chunkedErrorMm(a, b, 100, 'all', true),
    w100MetricMm: chunkedErrorMm(a, b, 100, 'first', false),
    wa100MetricMm: chunkedErrorMm(a, b, 100, 'all', false),
    wMm: chunkedErrorMm(a, b, frameCount, 'first', true),
    waMm: chunkedErrorMm(a, b, frameCount, 'all', true),
    wMetricMm: chunkedErrorMm(a, b, frameCount, 'first', false),
    waMetricMm: chunkedErrorMm(a, b, frameCount, 'all', false),
  };
}

function scoreRoot(guess: Float64Array, real: Float64Array): Pick<Scores, 'rootErrorMm' | 'rootErrorPct'> {
  const rootErrorMm = meanDistanceMm(transformed(align(guess, real, { scale: false }), guess), real);
  let wayM = 0;
  for (let i = 3; i < real.length; i += 3) wayM += Math.hypot(real[i] - real[i - 3], real[i + 1] - real[i - 2], real[i + 2] - real[i - 1]);
  return { rootErrorMm, rootErrorPct: rootErrorMm / 10 / wayM };
}
