import { table } from '../table.ts';
import type { Result } from './methods.ts';

type Goal = readonly [name: string, value: (scores: Result['scores']) => number, from: number, to: number];

const AT_MOST = Number.NEGATIVE_INFINITY;

/** What the means over the sample clips have to reach, by quality. */
const GOALS: Readonly<Record<string, readonly Goal[]>> = {
  balanced: goalsOf({ pa: 48, mpjpe: 68, wa: 75, w: 110, slide: 1 }),
  accurate: goalsOf({ pa: 43, mpjpe: 60, wa: 65, w: 95, slide: 0.6 }),
};

interface Limits {
  readonly pa: number;
  readonly mpjpe: number;
  readonly wa: number;
  readonly w: number;
  readonly slide: number;
}

function goalsOf({ pa, mpjpe, wa, w, slide }: Limits): readonly Goal[] {
  return [
    ['PA-MPJPE mm', (s) => s.paMpjpeMm, AT_MOST, pa],
    ['MPJPE mm', (s) => s.mpjpeMm, AT_MOST, mpjpe],
    ['WA-MPJPE whole clip, metric, mm', (s) => s.waMetricMm, AT_MOST, wa],
    ['W-MPJPE whole clip, metric, mm', (s) => s.wMetricMm, AT_MOST, w],
    ['foot slide − truth, mm/frame', (s) => s.footSlideMm - s.footSlideTruthMm, AT_MOST, slide],
    ['jitter / truth', (s) => s.jitter / s.jitterTruth, 0.7, 1.3],
    ['gravity tilt °', (s) => s.tiltDeg, AT_MOST, 4],
  ];
}

/** The goals are about the means over these clips: over fewer they say nothing. */
const GOAL_CLIPS = ['walk_front', 'punch_34', 'bend_scoop', 'dance_portrait'];

/** Lowest vertex of the feet in any frame of any sample, and the cost of an unknown height. */
const DEEPEST_MM = -20;
const HEIGHT_COST_MM = 14;

/** PA-MPJPE on the real clip that is measured where the caller brings it. */
const REAL_CLIP = 'balance_cam01';
const REAL_PA_MM: Readonly<Record<string, number>> = { balanced: 58, accurate: 54 };

interface Judged {
  readonly name: string;
  readonly value: number;
  readonly from: number;
  readonly to: number;
}

/** Goals met and missed. */
export function goalTable(results: readonly Result[], averages: readonly Result[]): string {
  const qualities = [...new Set(results.map((r) => r.quality))];
  const rows = qualities.flatMap((quality) => judge(quality, results, averages).map((j) => [quality, ...cells(j)]));
  return rows.length === 0 ? '' : `Goals\n${table([['quality', 'goal', 'reached', 'wanted', ''], ...rows])}`;
}

function judge(quality: string, results: readonly Result[], averages: readonly Result[]): Judged[] {
  const of = (from: readonly Result[], method: string): Result[] =>
    from.filter((r) => r.quality === quality && r.method === method && r.group === 'samples');
  const whole = GOAL_CLIPS.every((clip) => of(results, 'Gaitway').some((r) => r.clip === clip));
  const [own] = whole ? of(averages, 'Gaitway') : [];
  const [without] = of(averages, 'Gaitway, no height');
  const real = results.find((r) => r.clip === REAL_CLIP && r.quality === quality && r.method === 'Gaitway, no height');
  const out: Judged[] = own ? (GOALS[quality] ?? []).map(([name, value, from, to]) => ({ name, value: value(own.scores), from, to })) : [];
  if (own) {
    const deepest = Math.min(...of(results, 'Gaitway').map((r) => r.scores.lowestSoleMm));
    out.push({ name: 'lowest sole of any clip, mm', value: deepest, from: DEEPEST_MM, to: Number.POSITIVE_INFINITY });
  }
  if (own && without) {
    const cost = without.scores.mpjpeMm - own.scores.mpjpeMm;
    out.push({ name: 'MPJPE without height, worse by mm', value: cost, from: AT_MOST, to: HEIGHT_COST_MM });
  }
  if (real) out.push({ name: `PA-MPJPE of ${REAL_CLIP}, mm`, value: real.scores.paMpjpeMm, from: AT_MOST, to: REAL_PA_MM[quality] });
  return out;
}

function cells({ name, value, from, to }: Judged): (string | number)[] {
  const wanted = Number.isFinite(from) ? (Number.isFinite(to) ? `${from}–${to}` : `≥ ${from}`) : `≤ ${to}`;
  return [name, value, wanted, value >= from && value <= to ? '✓' : '✗'];
}
