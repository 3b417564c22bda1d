/**
 * Points of an edge in the axes of the scan that found it: `t` along (whole steps), `s` across, pixels. Kept as sums, counted from
 * the middle of the picture, so that two stretches of one edge can be made one.
 */
export interface Chain {
  /** 1 where it grows brighter across, −1 where darker. */
  readonly sign: number;
  from: number;
  to: number;
  n: number;
  t: number;
  s: number;
  tt: number;
  ts: number;
  ss: number;
}

/** s = middleS + lean · (t − middleT). */
export interface ChainFit {
  readonly middleT: number;
  readonly middleS: number;
  readonly lean: number;
  /** Root mean square of what is left, pixels. */
  readonly rms: number;
  /** Standard deviation of `lean` if all points erred by themselves by one pixel. */
  readonly leanPerPx: number;
}

export function fitChain({ n, t, s, tt, ts, ss }: Chain): ChainFit {
  const spread = tt - (t * t) / n;
  const lean = (ts - (t * s) / n) / spread;
  const left = ss - (s * s) / n - lean * lean * spread;
  return { middleT: t / n, middleS: s / n, lean, rms: Math.sqrt(Math.max(0, left) / n), leanPerPx: 1 / Math.sqrt(spread) };
}

/** Stretches of one edge lie as far apart at most as they are long together, times this; and so far beside each other, pixels. */
const MOST_GAP = 1;
const BESIDE_PX = 1.5;
/** What is left of the points of both, pixels. */
const MOST_RMS = 0.45;

/** Makes chains of one edge one, in place; longest first. */
export function joinChains(chains: Chain[]): Chain[] {
  const out: Chain[] = [];
  const left = chains.sort((a, b) => b.to - b.from - (a.to - a.from));
  const taken = new Uint8Array(left.length);
  for (let i = 0; i < left.length; i++) {
    if (taken[i]) continue;
    let whole = left[i];
    for (let again = true; again; ) {
      again = false;
      const fit = fitChain(whole);
      for (let j = i + 1; j < left.length; j++) {
        const joined = taken[j] ? undefined : join(whole, fit, left[j]);
        if (!joined) continue;
        taken[j] = 1;
        whole = joined;
        again = true;
        break;
      }
    }
    out.push(whole);
  }
  return out;
}

function join(a: Chain, { middleT, middleS, lean }: ChainFit, b: Chain): Chain | undefined {
  if (a.sign !== b.sign) return undefined;
  const gap = Math.max(a.from - b.to, b.from - a.to);
  const long = a.to - a.from + b.to - b.from;
  if (gap < 0 || gap > MOST_GAP * long) return undefined;
  const off = b.s / b.n - middleS - lean * (b.t / b.n - middleT);
  // Short stretches of an edge that runs nearly along the rows look level: how far they lead astray grows with the way.
  if (Math.abs(off) > BESIDE_PX + (0.5 * Math.abs(b.t / b.n - middleT)) / Math.max(1, a.to - a.from)) return undefined;
  const joined = {
    sign: a.sign,
    from: Math.min(a.from, b.from),
    to: Math.max(a.to, b.to),
    n: a.n + b.n,
    t: a.t + b.t,
    s: a.s + b.s,
    tt: a.tt + b.tt,
    ts: a.ts + b.ts,
    ss: a.ss + b.ss,
  };
  return fitChain(joined).rms <= MOST_RMS ? joined : undefined;
}
