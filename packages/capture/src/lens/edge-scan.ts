import type { Chain } from './chains.ts';
import type { Plate } from './plate.ts';

/** Least slope of brightness across an edge, grey values a pixel; and so few of the places are steeper, be there leaves or carpets. */
const LEAST_SLOPE = 1.6;
const STEEP_SHARE = 0.1;
/** Chains are begun only in every so many rows: they go on in both directions. */
const SEED_STEP = 4;
/** A chain goes on over so many rows in which the edge is not seen. */
const MOST_GAP = 3;
/** An edge point lies this near to where the line leads, pixels, and its slope within this of the line's. */
const NEAR_PX = 0.9;
const SLOPE_OFF = 0.35;
/** Edges up to this lean against the scan are followed. */
const STEEPEST = 1.25;
/** With fewer points the lean of a chain is that of its slopes of brightness. */
const FEW_POINTS = 12;
/** Bending that is believed to be a curve and not noise: sagitta in pixels and in root mean squares. */
const BENT_PX = 0.25;
const BENT_RMS = 3;
/** Share of its rows in which the edge of a chain is seen. */
const LEAST_SEEN = 0.75;

/**
 * Follows edges that run along one axis of the picture: of an upright edge one point in every row, where brightness changes fastest
 * along the row, to parts of a pixel by a parabola (Devernay, "A non-maxima suppression method for edge detection with sub-pixel
 * accuracy", 1995).
 */
export class EdgeScan {
  readonly #plate: Plate;
  readonly #slopes: Int16Array;
  readonly #isUpright: boolean;
  /** Steps in memory along the edge and across it; sizes likewise. */
  readonly #along: number;
  readonly #across: number;
  readonly #alongCount: number;
  readonly #acrossCount: number;
  readonly #least: number;
  /** 1 where an edge point belongs to a chain: no other begins or goes on there. */
  readonly #used: Uint8Array;
  /** Points of the chain. */
  readonly #ts: Float64Array;
  readonly #ss: Float64Array;
  #n = 0;
  #t = 0;
  #s = 0;
  #tt = 0;
  #ts1 = 0;
  #lean = 0;

  /** @param slopes memory, a value a pixel */
  constructor(plate: Plate, slopes: Int16Array, isUpright: boolean) {
    this.#plate = plate;
    this.#slopes = slopes;
    this.#isUpright = isUpright;
    this.#along = isUpright ? plate.widthPx : 1;
    this.#across = isUpright ? 1 : plate.widthPx;
    this.#alongCount = isUpright ? plate.heightPx : plate.widthPx;
    this.#acrossCount = isUpright ? plate.widthPx : plate.heightPx;
    this.#used = new Uint8Array(slopes.length);
    this.#ts = new Float64Array(this.#alongCount);
    this.#ss = new Float64Array(this.#alongCount);
    fillSlopes(slopes, plate, this.#along, this.#across);
    this.#least = Math.max(Math.round(LEAST_SLOPE * plate.unit * SLOPE_UNIT), steepest(slopes, STEEP_SHARE));
  }

  /** Straight chains of edge points of at least `shortest` rows. */
  collect(shortest: number): Chain[] {
    const { widthPx, heightPx } = this.#plate;
    const chains: Chain[] = [];
    const slopes = this.#slopes;
    const least = this.#least;
    const [yStep, xStep] = this.#isUpright ? [SEED_STEP, 1] : [1, SEED_STEP];
    for (let y = 2; y < heightPx - 2; y += yStep) {
      for (let at = y * widthPx + 2, end = (y + 1) * widthPx - 2; at < end; at += xStep) {
        const slope = slopes[at];
        if (slope < least && slope > -least) continue;
        const sign = slope > 0 ? 1 : -1;
        if (!this.#isPeak(at, sign)) continue;
        const x = at - y * widthPx;
        this.#follow(this.#isUpright ? y : x, this.#isUpright ? x : y, at, sign);
        const chain = this.#n >= LEAST_SEEN * shortest ? this.#chain(sign, shortest) : undefined;
        if (chain) chains.push(chain);
      }
    }
    return chains;
  }

  #isPeak(at: number, sign: number): boolean {
    const a = this.#across;
    const here = sign * this.#slopes[at];
    return here >= this.#least && this.#used[at] === 0 && here > sign * this.#slopes[at - a] && here >= sign * this.#slopes[at + a];
  }

  /** Where between the places the slope is greatest, −0.5…0.5. */
  #offset(at: number): number {
    const a = this.#across;
    const before = this.#slopes[at - a];
    const here = this.#slopes[at];
    const after = this.#slopes[at + a];
    const bend = before - 2 * here + after;
    return bend === 0 ? 0 : Math.max(-0.5, Math.min(0.5, (0.5 * (before - after)) / bend));
  }

  /** How far the edge moves across for a step along, by the slopes of brightness; NaN if it runs too much across. */
  #leanAt(at: number): number {
    const v = this.#plate.values;
    const l = this.#along;
    const a = this.#across;
    const slope = v[at + l - a] + 2 * v[at + l] + v[at + l + a] - v[at - l - a] - 2 * v[at - l] - v[at - l + a];
    const lean = -slope / this.#slopes[at];
    return Math.abs(lean) <= STEEPEST ? lean : Number.NaN;
  }

  #follow(t: number, s: number, at: number, sign: number): void {
    this.#n = this.#t = this.#s = this.#tt = this.#ts1 = this.#lean = 0;
    const lean = this.#leanAt(at);
    if (Number.isNaN(lean)) return;
    this.#add(t, s + this.#offset(at), lean, at);
    this.#walk(t, sign, 1);
    this.#walk(t, sign, -1);
  }

  #add(t: number, s: number, lean: number, at: number): void {
    this.#ts[this.#n] = t;
    this.#ss[this.#n] = s;
    this.#n++;
    this.#t += t;
    this.#s += s;
    this.#tt += t * t;
    this.#ts1 += t * s;
    this.#lean += lean;
    this.#used[at] = 1;
  }

  #leanNow(): number {
    const n = this.#n;
    if (n < FEW_POINTS) return this.#lean / n;
    return (n * this.#ts1 - this.#t * this.#s) / (n * this.#tt - this.#t * this.#t);
  }

  #walk(start: number, sign: number, step: 1 | -1): void {
    let gap = 0;
    for (let t = start + step; gap <= MOST_GAP && t >= 2 && t < this.#alongCount - 2; t += step) {
      const lean = this.#leanNow();
      const lead = this.#s / this.#n + lean * (t - this.#t / this.#n);
      gap = this.#step(t, lead, lean, sign) ? 0 : gap + 1;
    }
  }

  /** Adds the edge point of row `t` that is nearest to where the chain leads; false if there is none. */
  #step(t: number, lead: number, lean: number, sign: number): boolean {
    const middle = Math.round(lead);
    let nearest = NEAR_PX;
    let bestAt = -1;
    let bestS = 0;
    for (let s = Math.max(2, middle - 1); s <= Math.min(this.#acrossCount - 3, middle + 1); s++) {
      const at = t * this.#along + s * this.#across;
      if (!this.#isPeak(at, sign)) continue;
      const place = s + this.#offset(at);
      const off = Math.abs(place - lead);
      if (off >= nearest) continue;
      nearest = off;
      bestAt = at;
      bestS = place;
    }
    if (bestAt < 0) return false;
    const leanHere = this.#leanAt(bestAt);
    if (!(Math.abs(leanHere - lean) < SLOPE_OFF)) return false;
    this.#add(t, bestS, leanHere, bestAt);
    return true;
  }

  /** The chain counted from the middle of the picture; undefined where it is too short, full of gaps, or bent. */
  #chain(sign: number, shortest: number): Chain | undefined {
    const chain = { sign, from: Infinity, to: -Infinity, n: this.#n, t: 0, s: 0, tt: 0, ts: 0, ss: 0 };
    for (let i = 0; i < this.#n; i++) {
      // The middle of a pixel is half a pixel from its rim.
      const t = this.#ts[i] + 0.5 - this.#alongCount / 2;
      const s = this.#ss[i] + 0.5 - this.#acrossCount / 2;
      chain.from = Math.min(chain.from, t);
      chain.to = Math.max(chain.to, t);
      chain.t += t;
      chain.s += s;
      chain.tt += t * t;
      chain.ts += t * s;
      chain.ss += s * s;
    }
    const rows = chain.to - chain.from;
    return rows < shortest || chain.n < LEAST_SEEN * rows || this.#isBent() ? undefined : chain;
  }

  /** A parabola fits better than a line, by more than noise. */
  #isBent(): boolean {
    const n = this.#n;
    const middle = this.#t / n;
    const lean = this.#leanNow();
    const half = 0.5 * n;
    let [squares, qq, q1, qr] = [0, 0, 0, 0];
    for (let i = 0; i < n; i++) {
      const u = (this.#ts[i] - middle) / half;
      const q = u * u - 1 / 3;
      const r = this.#ss[i] - this.#s / n - lean * (this.#ts[i] - middle);
      squares += r * r;
      qq += q * q;
      q1 += q;
      qr += q * r;
    }
    const spread = qq - (q1 * q1) / n;
    const sagittaPx = qr / spread;
    const rms = Math.sqrt(Math.max(0, squares - sagittaPx * sagittaPx * spread) / n);
    return Math.abs(sagittaPx) > BENT_PX + BENT_RMS * rms * Math.sqrt(1 / spread);
  }
}

/** Slopes are kept as (−1 0 1) across times (1 2 1) along: eight times those of a pixel. */
const SLOPE_UNIT = 8;

/** 0 at the rim, and where the plate has holes or seams. */
function fillSlopes(out: Int16Array, { values: v, seams, widthPx, heightPx }: Plate, along: number, across: number): void {
  out.fill(0);
  const far = along + across;
  const near = along - across;
  for (let y = 2; y < heightPx - 2; y++) {
    for (let at = y * widthPx + 2, end = (y + 1) * widthPx - 2; at < end; at++) {
      if (seams[at] === 0) out[at] = v[at + far] - v[at + near] + 2 * (v[at + across] - v[at - across]) + v[at - near] - v[at - far];
    }
  }
}

/** Steps of the histogram of slopes, and of the places that are counted: a number that shares no factor with a picture's width. */
const BIN = 32;
const EVERY = 11;

/** The slope that a share of the places exceeds. */
function steepest(slopes: Int16Array, share: number): number {
  const histogram = new Uint32Array(32768 / BIN);
  let count = 0;
  for (let at = 0; at < slopes.length; at += EVERY, count++) histogram[Math.floor(Math.min(32767, Math.abs(slopes[at])) / BIN)]++;
  let bin = histogram.length - 1;
  for (let seen = histogram[bin]; bin > 0 && seen <= share * count; seen += histogram[bin]) bin--;
  return bin * BIN;
}
