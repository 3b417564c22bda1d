import { dot } from '@gaitway/motion/vector';
import type { Axes } from './axes.ts';
import { DOWN, tiltOf } from './axes.ts';
import { roughAxes, vanishingDirections } from './axes-search.ts';
import type { Lines } from './edge-lines.ts';
import { beliefIn, LineFit, tiltSigmas } from './line-fit.ts';

/** Focal lengths that are compared, as logarithms over the assumed one: 0.4 to 2.5 times. */
export const FOCAL_STEP = 0.03;
export const FOCAL_REACH = 30;
export const FOCAL_COUNT = 2 * FOCAL_REACH + 1;

/** Edges of one thing err together: all of them say as much as this part of them would by themselves. */
export const APART = 0.4;

/** What the edges of a background say about focal length and vertical, for each of the focal lengths compared. */
export interface LensProfile {
  /** `FOCAL_COUNT`: how much likelier the edges are if the room has three directions than if it has none, logarithm, best axes. */
  readonly scores: Float64Array;
  /** `FOCAL_COUNT × 3`: down in camera axes, unit length. */
  readonly downs: Float64Array;
  /** `FOCAL_COUNT × 2`: standard deviation of pitch and roll by the edges alone, other axes that fit as well included, radians. */
  readonly sigmas: Float64Array;
}

interface Fitted {
  readonly score: number;
  /** The part of the score that is how cameras are held. */
  readonly belief: number;
  readonly down: Float64Array;
  readonly pitchRad: number;
  readonly rollRad: number;
  readonly pitchSigmaRad: number;
  readonly rollSigmaRad: number;
}

/** Where the search starts; it goes on from there to all focal lengths. */
const START_STEPS = [-12, 0, 12];
const ROUGH = 6;
const KEPT = 3;
/** From coarse to fine: what edges may be off by in addition, radians. */
const SOFT_RAD = (1 * Math.PI) / 180;
const SOFTER_RAD = (0.5 * Math.PI) / 180;
const SEARCHED = 90;
/** Logarithm of how densely tilts and headings are believed in, and of the width of a normal distribution in three dimensions. */
const PRIOR_DENSITY = 2.86;
const WIDTH = 1.5 * Math.log(2 * Math.PI);
/** Downs nearer than this come from the same axes. */
const SAME_COSINE = Math.cos((0.3 * Math.PI) / 180);

/** @param focalPx the assumed one, pixels of the picture of the lines */
export function lensProfile(lines: Lines, focalPx: number): LensProfile {
  const rows: Fitted[][] = Array.from({ length: FOCAL_COUNT }, () => []);
  const fit = new LineFit(lines);
  const rough = new LineFit(lines, SEARCHED);
  const directions = vanishingDirections(lines, focalPx);
  for (const start of START_STEPS) {
    for (const axes of startsAt(fit, rough, directions, focalPx * Math.exp(start * FOCAL_STEP))) {
      follow(rows, fit, axes.slice(), focalPx, start, 1);
      follow(rows, fit, axes, focalPx, start - 1, -1);
    }
  }
  return summary(rows);
}

/** The axes that fit best at a focal length. */
function startsAt(fit: LineFit, rough: LineFit, directions: readonly Float64Array[], focalPx: number): Axes[] {
  rough.soften(SOFT_RAD);
  rough.forgetMix();
  const candidates = roughAxes(rough, directions, focalPx, ROUGH);
  rough.soften(SOFTER_RAD);
  const refined = candidates.map((axes) => {
    rough.forgetMix();
    rough.refine(axes, focalPx, 4);
    fit.forgetMix();
    fit.refine(axes, focalPx, 4);
    return { axes, score: fit.score(axes, focalPx) };
  });
  refined.sort((a, b) => b.score - a.score);
  return refined.slice(0, KEPT).map(({ axes }) => axes);
}

/** Takes axes from one focal length to the next, and notes how well they fit, until others have been there. */
function follow(rows: Fitted[][], fit: LineFit, axes: Axes, focalPx: number, start: number, step: 1 | -1): void {
  fit.forgetMix();
  for (let i = start; Math.abs(i) <= FOCAL_REACH; i += step) {
    const at = focalPx * Math.exp(i * FOCAL_STEP);
    fit.refine(axes, at, i === start ? 4 : 2);
    const sigmas = tiltSigmas(fit.information);
    // The likelihood of the edges whatever the axes (Laplace). The longer the lens, the more exact any axes: half of that is no evidence.
    const score = fit.score(axes, at) - fit.logDet + i * FOCAL_STEP + PRIOR_DENSITY + WIDTH;
    const { pitchRad, rollRad } = tiltOf(axes);
    const row = rows[i + FOCAL_REACH];
    const { length } = row;
    row.push({
      score,
      belief: beliefIn(axes),
      down: axes.slice(DOWN, DOWN + 3),
      pitchRad,
      rollRad,
      pitchSigmaRad: sigmas.pitchRad,
      rollSigmaRad: sigmas.rollRad,
    });
    if (row.some((other, k) => k < length && isSame(other, row[length]))) return;
  }
}

function summary(rows: readonly Fitted[][]): LensProfile {
  const best = rows.map((row) => row.reduce((a, b) => (b.score > a.score ? b : a)));
  return {
    scores: Float64Array.from(best, ({ score }) => score),
    downs: Float64Array.from(best.flatMap(({ down }) => [...down])),
    sigmas: Float64Array.from(best.flatMap((fitted, i) => spread(fitted, rows[i]))),
  };
}

/** Standard deviations of pitch and roll around the best, of all axes that were found. */
function spread(best: Fitted, row: readonly Fitted[]): readonly [pitchRad: number, rollRad: number] {
  const apart: Fitted[] = [];
  for (const fitted of row) if (!apart.some((other) => dot(other.down, 0, fitted.down, 0) > SAME_COSINE)) apart.push(fitted);
  let [weights, pitch, roll] = [0, 0, 0];
  for (const { score, belief, pitchRad, rollRad, pitchSigmaRad, rollSigmaRad } of apart) {
    const held = belief - best.belief;
    const weight = Math.exp(APART * (score - best.score - held) + held);
    weights += weight;
    pitch += weight * (pitchSigmaRad ** 2 + (pitchRad - best.pitchRad) ** 2);
    roll += weight * (rollSigmaRad ** 2 + (rollRad - best.rollRad) ** 2);
  }
  return [Math.sqrt(pitch / weights), Math.sqrt(roll / weights)];
}

/** The same axes found again: from here on all is as it was. */
const isSame = (a: Fitted, b: Fitted): boolean => Math.abs(a.score - b.score) < 1e-3 && dot(a.down, 0, b.down, 0) > 1 - 1e-9;
