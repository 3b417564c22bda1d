import type { Axes } from './axes.ts';
import { tiltOf, turnAxes } from './axes.ts';
import type { Lines } from './edge-lines.ts';

/** What edges of a room are off by in their world, seen as an angle in the picture: frames warp, pictures hang, lenses bend. */
const WORLD_SIGMA_RAD = (0.25 * Math.PI) / 180;
/** Shares of the edges along the three directions, and of those that run any way they like, before they are counted. */
const USUAL_MIX = [0.2, 0.2, 0.2, 0.4] as const;
/** As if so many edges had been counted before. */
const COUNTED_BEFORE = [1, 1, 1, 4] as const;
/** Edges farther from a direction than so many standard deviations squared have nothing to do with it. */
const MOST_SQUARES = 36;

/** How people hold cameras: nearly level, looking down a little, with heavy tails (Cauchy) that end somewhere. */
const ROLL_SPREAD_RAD = (2 * Math.PI) / 180;
const USUAL_PITCH_RAD = (5 * Math.PI) / 180;
const PITCH_SPREAD_RAD = (6 * Math.PI) / 180;
const WIDEST_ROLL_RAD = (20 * Math.PI) / 180;
const WIDEST_PITCH_RAD = (30 * Math.PI) / 180;

/** Longest turn of one step. */
const MOST_STEP_RAD = 0.1;
/** Keeps a step finite where the edges leave a turn free: as if each angle were known to 30°. */
const FREE = (30 / 57.3) ** -2;

const ROW = 6;
const MOST_PRODUCT = 1e100;

/**
 * How well the edges of a picture fit the three directions of a room: each edge runs towards the vanishing point of one of them, with a
 * normal error, or is a stray. Directions and strays are mixed, not chosen (Coughlan and Yuille, 1999), and how many there are of each
 * is counted: what few edges speak for is easily chance.
 */
export class LineFit {
  readonly count: number;
  /** `count × 6`: middle, direction, 1 / (2 σ²), weight of a direction at no error over that of a stray. */
  readonly #rows: Float64Array;
  readonly #sigmas: Float64Array;
  /** Information about the turn of the axes of the last `refine`, 3 × 3, of the edges alone. */
  readonly information = new Float64Array(9);
  readonly #step = new Float64Array(3);
  readonly #slope = new Float64Array(3);
  readonly #matrix = new Float64Array(9);
  readonly #errors = new Float64Array(3);
  readonly #shares = new Float64Array(3);
  readonly #mix = new Float64Array(4);
  readonly #counted = new Float64Array(4);

  constructor(lines: Lines, most = lines.count) {
    this.count = Math.min(most, lines.count);
    this.#rows = new Float64Array(this.count * ROW);
    this.#sigmas = lines.sigmas;
    for (let i = 0; i < this.count; i++)
      this.#rows.set([lines.middles[i * 2], lines.middles[i * 2 + 1], lines.directions[i * 2], lines.directions[i * 2 + 1]], i * ROW);
    this.soften(0);
    this.forgetMix();
  }

  /** Forgets how many edges ran along which direction. */
  forgetMix(): void {
    this.#mix.set(USUAL_MIX);
  }

  /** Widens what edges may be off by: rough directions are refined from coarse to fine. */
  soften(sigmaRad: number): void {
    for (let i = 0; i < this.count; i++) {
      const variance = this.#sigmas[i] ** 2 + WORLD_SIGMA_RAD ** 2 + sigmaRad ** 2;
      this.#rows[i * ROW + 4] = 0.5 / variance;
      this.#rows[i * ROW + 5] = Math.sqrt(Math.PI / (2 * variance));
    }
  }

  /** Logarithm of how much likelier the edges are than strays alone, held against how cameras are held. */
  score(axes: Axes, focalPx: number): number {
    let sum = 0;
    let product = 1;
    for (let o = 0; o < this.count * ROW; o += ROW) {
      product *= this.#mix[3] + this.#weigh(o, axes, focalPx);
      // A logarithm of several edges at once is cheaper.
      if (product > MOST_PRODUCT || product < 1 / MOST_PRODUCT) {
        sum += Math.log(product);
        product = 1;
      }
    }
    sum += Math.log(product);
    for (let k = 0; k < 4; k++) sum += COUNTED_BEFORE[k] * Math.log(this.#mix[k] / USUAL_MIX[k]);
    return sum + beliefIn(axes);
  }

  /** Fills errors and likelihoods of the three directions for an edge, that of any direction being 1; returns their sum. */
  #weigh(o: number, axes: Axes, focalPx: number): number {
    const rows = this.#rows;
    const mx = rows[o];
    const my = rows[o + 1];
    const dx = rows[o + 2];
    const dy = rows[o + 3];
    let sum = 0;
    for (let k = 0; k < 3; k++) {
      const z = axes[k * 3 + 2];
      const wx = focalPx * axes[k * 3] - mx * z;
      const wy = focalPx * axes[k * 3 + 1] - my * z;
      const across = dx * wy - dy * wx;
      const along = dx * wx + dy * wy;
      const squares = (across * across * 2 * rows[o + 4]) / (across * across + along * along);
      this.#errors[k] = across / along;
      this.#shares[k] = squares < MOST_SQUARES ? this.#mix[k] * rows[o + 5] * Math.exp(-0.5 * squares) : 0;
      sum += this.#shares[k];
    }
    return sum;
  }

  /** Half the logarithm of the determinant of what is known about the axes. */
  get logDet(): number {
    return 0.5 * Math.log(determinant(this.#matrix));
  }

  /** Turns the axes to where they fit better, in place: expectation–maximisation with Gauss–Newton steps. */
  refine(axes: Axes, focalPx: number, steps: number): void {
    for (let i = 0; i < steps; i++) {
      this.#linearise(axes, focalPx);
      this.#matrix.set(this.information);
      this.#addBelief(axes);
      for (let a = 0; a < 9; a += 4) this.#matrix[a] += FREE;
      solveSymmetric(this.#step, this.#matrix, this.#slope);
      const size = Math.hypot(this.#step[0], this.#step[1], this.#step[2]);
      const scale = -1 / Math.max(1, size / MOST_STEP_RAD);
      turnAxes(axes, scale * this.#step[0], scale * this.#step[1], scale * this.#step[2]);
      if (size < 1e-5) break;
    }
  }

  #linearise(axes: Axes, focalPx: number): void {
    const rows = this.#rows;
    const info = this.information.fill(0);
    const slope = this.#slope.fill(0);
    const counted = this.#counted;
    counted.set(COUNTED_BEFORE);
    for (let o = 0; o < this.count * ROW; o += ROW) {
      const all = this.#weigh(o, axes, focalPx) + this.#mix[3];
      counted[3] += this.#mix[3] / all;
      for (let k = 0; k < 3; k++) {
        const share = this.#shares[k] / all;
        if (share === 0) continue;
        counted[k] += share;
        const weight = share * 2 * rows[o + 4];
        const x = axes[k * 3];
        const y = axes[k * 3 + 1];
        const z = axes[k * 3 + 2];
        const mx = rows[o];
        const my = rows[o + 1];
        const wx = focalPx * x - mx * z;
        const wy = focalPx * y - my * z;
        const ww = wx * wx + wy * wy;
        // How the angle to the vanishing point changes as the axes turn about x, y and z.
        const jx = (wx * (-focalPx * z - my * y) + wy * mx * y) / ww;
        const jy = (wx * my * x - wy * (focalPx * z + mx * x)) / ww;
        const jz = (focalPx * (wx * x + wy * y)) / ww;
        const error = weight * this.#errors[k];
        slope[0] += error * jx;
        slope[1] += error * jy;
        slope[2] += error * jz;
        info[0] += weight * jx * jx;
        info[1] += weight * jx * jy;
        info[2] += weight * jx * jz;
        info[4] += weight * jy * jy;
        info[5] += weight * jy * jz;
        info[8] += weight * jz * jz;
      }
    }
    info[3] = info[1];
    info[6] = info[2];
    info[7] = info[5];
    const total = counted[0] + counted[1] + counted[2] + counted[3];
    for (let k = 0; k < 4; k++) this.#mix[k] = counted[k] / total;
  }

  /** The belief in a level camera as a spring of the same pull: a turn about x is pitch, about z the other way roll. */
  #addBelief(axes: Axes): void {
    const { rollRad, pitchRad } = tiltOf(axes);
    const off = pitchRad - USUAL_PITCH_RAD;
    const roll = 2 / (ROLL_SPREAD_RAD ** 2 + rollRad ** 2) + WIDEST_ROLL_RAD ** -2;
    const pitch = 2 / (PITCH_SPREAD_RAD ** 2 + off ** 2) + WIDEST_PITCH_RAD ** -2;
    this.#matrix[0] += pitch;
    this.#slope[0] += pitch * off;
    this.#matrix[8] += roll;
    this.#slope[2] -= roll * rollRad;
  }
}

/** How likely a camera is held so, logarithm. */
export function beliefIn(axes: Axes): number {
  const { rollRad, pitchRad } = tiltOf(axes);
  const off = pitchRad - USUAL_PITCH_RAD;
  const near = -Math.log1p((rollRad / ROLL_SPREAD_RAD) ** 2) - Math.log1p((off / PITCH_SPREAD_RAD) ** 2);
  return near - 0.5 * (rollRad / WIDEST_ROLL_RAD) ** 2 - 0.5 * (off / WIDEST_PITCH_RAD) ** 2;
}

/** Of a symmetric 3 × 3 matrix by rows. */
function determinant([a, h, g, , e, f, , , i]: Float64Array): number {
  return a * (e * i - f * f) + h * (g * f - h * i) + g * (h * f - g * e);
}

/** out = A⁻¹ b for a symmetric 3 × 3 matrix by rows. */
function solveSymmetric(out: Float64Array, A: Float64Array, b: Float64Array): void {
  const [a, h, g, , e, f, , , i] = A;
  const A0 = e * i - f * f;
  const A1 = g * f - h * i;
  const A2 = h * f - g * e;
  const A4 = a * i - g * g;
  const A5 = h * g - a * f;
  const A8 = a * e - h * h;
  const det = determinant(A);
  out[0] = (A0 * b[0] + A1 * b[1] + A2 * b[2]) / det;
  out[1] = (A1 * b[0] + A4 * b[1] + A5 * b[2]) / det;
  out[2] = (A2 * b[0] + A5 * b[1] + A8 * b[2]) / det;
}

/** Standard deviations of pitch and roll by the edges alone, radians: what is left free is known to 30°. */
export function tiltSigmas(information: Float64Array): { readonly pitchRad: number; readonly rollRad: number } {
  const A = information.slice();
  for (let a = 0; a < 9; a += 4) A[a] += FREE;
  const out = new Float64Array(3);
  solveSymmetric(out, A, Float64Array.of(1, 0, 0));
  const pitchRad = Math.sqrt(out[0]);
  solveSymmetric(out, A, Float64Array.of(0, 0, 1));
  return { pitchRad, rollRad: Math.sqrt(out[2]) };
}
