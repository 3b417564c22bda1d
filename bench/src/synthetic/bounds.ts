import { readFileSync } from 'node:fs';
import type { CaseResult } from './run-case.ts';

/** What a case may not exceed; recorded from a run with `--record`. */
export interface Bounds {
  readonly mpjpeMm: number;
  readonly paMm: number;
  readonly waMetricMm: number;
  /** Foot slide above the truth's, mm per frame; absent where no foot stands. */
  readonly slideMm?: number;
  readonly tiltDeg: number;
  /** Deepest sole under the floor, millimetres. */
  readonly deepestMm: number;
  /** Exchanged frames that have to be found, percent; absent where there are none. */
  readonly repairedPct?: number;
  readonly wronglyRepaired: number;
}

/** Where the bounds of all cases are kept. */
export const BOUNDS_FILE = new URL('./bounds.json', import.meta.url);

export const recordedBounds = (): Record<string, Bounds> => JSON.parse(readFileSync(BOUNDS_FILE, 'utf8')) as Record<string, Bounds>;

/** Room above the recorded run: a change of the solve moves every number a little. */
const ROOM = 1.12;

/** Bounds of a run. */
export const boundsOf = (results: readonly CaseResult[]): Record<string, Bounds> =>
  Object.fromEntries(results.map((result) => [result.name, boundsOfCase(result)]));

function boundsOfCase({ scores: s, repairedPct, wronglyRepaired }: CaseResult): Bounds {
  const slideMm = s.footSlideMm - s.footSlideTruthMm;
  return {
    mpjpeMm: Math.ceil(s.mpjpeMm * ROOM + 2),
    paMm: Math.ceil(s.paMpjpeMm * ROOM + 1),
    waMetricMm: Math.ceil(s.waMetricMm * ROOM + 4),
    ...(Number.isFinite(slideMm) && { slideMm: Math.ceil((slideMm * ROOM + 0.4) * 10) / 10 }),
    tiltDeg: Math.ceil((s.tiltDeg * ROOM + 0.8) * 10) / 10,
    deepestMm: Math.ceil(Math.max(0, -s.lowestSoleMm) * ROOM + 5),
    ...(Number.isFinite(repairedPct) && { repairedPct: Math.floor(repairedPct) }),
    wronglyRepaired,
  };
}

/** The names of the bounds that a result breaks. */
export function broken({ scores: s, repairedPct, wronglyRepaired }: CaseResult, bounds: Bounds): string[] {
  const slideMm = s.footSlideMm - s.footSlideTruthMm;
  const checks: readonly (readonly [keyof Bounds, boolean])[] = [
    ['mpjpeMm', s.mpjpeMm <= bounds.mpjpeMm],
    ['paMm', s.paMpjpeMm <= bounds.paMm],
    ['waMetricMm', s.waMetricMm <= bounds.waMetricMm],
    ['slideMm', bounds.slideMm === undefined || slideMm <= bounds.slideMm],
    ['tiltDeg', s.tiltDeg <= bounds.tiltDeg],
    ['deepestMm', -s.lowestSoleMm <= bounds.deepestMm],
    ['repairedPct', bounds.repairedPct === undefined || repairedPct >= bounds.repairedPct],
    ['wronglyRepaired', wronglyRepaired <= bounds.wronglyRepaired],
  ];
  return checks.filter(([, holds]) => !holds).map(([name]) => name);
}
