/** Rates that cameras and editors write; a measured rate close to one of them is that one. */
const COMMON_FPS = [
  ...[8, 10, 12, 12.5, 15, 16, 18, 20, 24000 / 1001, 24, 25, 30000 / 1001, 30, 48, 50, 60000 / 1001, 60, 72, 90],
  ...[100, 120000 / 1001, 120, 144, 200, 240000 / 1001, 240],
];
const COMMON_TOLERANCE = 0.01;
/** Containers round stamps to a millisecond, so that two neighbours may be off by one together. */
const ROUNDING_SEC = 0.0015;
const STEADY_SHARE = 0.1;
/** Share of the intervals that may differ (a dropped frame now and then) before a rate counts as variable. */
const ODD_SHARE_ALLOWED = 0.02;
const SLOWEST_FPS = 1;
const FASTEST_FPS = 240;

export interface FrameRate {
  readonly fps: number;
  readonly variable: boolean;
  readonly medianIntervalSec: number;
}

/**
 * The nominal rate of increasing frame times: if the interval is constant, the common rate closest to it (or its inverse if none is
 * near); else the average. Always within 1..240. Takes at least two times.
 *
 * `[0, 0.033, 0.067, 0.1]` (a millisecond container) → 30.
 */
export const measureFrameRate = (timesSec: Float64Array): FrameRate => {
  const last = timesSec.length - 1;
  const intervals = new Float64Array(last);
  for (let i = 0; i < last; i++) intervals[i] = timesSec[i + 1] - timesSec[i];
  const medianIntervalSec = intervals.slice().sort()[last >> 1];
  const tolerance = Math.max(ROUNDING_SEC, medianIntervalSec * STEADY_SHARE);
  const steady = intervals.filter((interval) => Math.abs(interval - medianIntervalSec) <= tolerance);
  const variable = steady.length < last * (1 - ODD_SHARE_ALLOWED);
  const fps = variable ? last / (timesSec[last] - timesSec[0]) : snapToCommon(steady.length / sum(steady));
  return { fps: Math.min(FASTEST_FPS, Math.max(SLOWEST_FPS, fps)), variable, medianIntervalSec };
};

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);

const snapToCommon = (fps: number): number => {
  const closest = COMMON_FPS.reduce((best, rate) => (Math.abs(rate - fps) < Math.abs(best - fps) ? rate : best));
  return Math.abs(closest - fps) <= closest * COMMON_TOLERANCE ? closest : fps;
};
