import { BODY_POINTS } from './body-points.ts';

const POINTS = BODY_POINTS.length;
/** Where the parts of a network's output start, after `points × 3` body heights: the picture, and log widths across, in depth and in the picture. */
export const PLANE = POINTS * 3;
export const LATERAL = POINTS * 5;
export const DEPTH = POINTS * 6;
export const FLAT = POINTS * 7;
/** Log widths outside are extrapolation. */
const LEAST_LOG = -7;
const MOST_LOG = 1;

/** Standard deviation of a Laplace distribution of that log width. */
export const deviation = (log: number): number => Math.SQRT2 * Math.exp(Math.max(LEAST_LOG, Math.min(MOST_LOG, log)));

/**
 * What several networks say together: their mean, and the log width of a Laplace distribution that has the variance of their mixture:
 * the mean of their variances and the spread of their means (Lakshminarayanan et al., "Simple and Scalable Predictive Uncertainty
 * Estimation using Deep Ensembles", 2017).
 */
export function mix(out: Float32Array, members: readonly Float32Array[]): void {
  for (let i = 0; i < LATERAL; i++) out[i] = meanOf(members, i);
  for (let point = 0; point < POINTS; point++) {
    const body = point * 3;
    const plane = PLANE + point * 2;
    out[LATERAL + point] = logWidth(members, LATERAL + point, (spreadOf(members, out, body) + spreadOf(members, out, body + 1)) / 2);
    out[DEPTH + point] = logWidth(members, DEPTH + point, spreadOf(members, out, body + 2));
    out[FLAT + point] = logWidth(members, FLAT + point, (spreadOf(members, out, plane) + spreadOf(members, out, plane + 1)) / 2);
  }
}

function meanOf(members: readonly Float32Array[], i: number): number {
  let sum = 0;
  for (const values of members) sum += values[i];
  return sum / members.length;
}

/** Variance of the members about their mean. */
function spreadOf(members: readonly Float32Array[], mean: Float32Array, i: number): number {
  let sum = 0;
  for (const values of members) sum += (values[i] - mean[i]) ** 2;
  return sum / members.length;
}

function logWidth(members: readonly Float32Array[], i: number, spread: number): number {
  let variance = spread;
  for (const values of members) variance += deviation(values[i]) ** 2 / members.length;
  return Math.log(variance / 2) / 2;
}
