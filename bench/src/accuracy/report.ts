import { table } from '../table.ts';
import type { Result } from './methods.ts';

type Cell = string | number;
type Column = readonly [head: string, value: (scores: Result['scores']) => number];

const POSE: readonly Column[] = [
  ['MPJPE', (s) => s.mpjpeMm],
  ['PA', (s) => s.paMpjpeMm],
  ['W100', (s) => s.w100Mm],
  ['WA100', (s) => s.wa100Mm],
  ['W', (s) => s.wMm],
  ['WA', (s) => s.waMm],
  ['W100 metric', (s) => s.w100MetricMm],
  ['WA100 metric', (s) => s.wa100MetricMm],
  ['W metric', (s) => s.wMetricMm],
  ['WA metric', (s) => s.waMetricMm],
  ['root', (s) => s.rootErrorMm],
  ['root %', (s) => s.rootErrorPct],
  ['rotation °', (s) => s.rotationDeg],
];

const BODY: readonly Column[] = [
  ['jitter', (s) => s.jitter],
  ['truth', (s) => s.jitterTruth],
  ['ratio', (s) => s.jitter / s.jitterTruth],
  ['slide', (s) => s.footSlideMm],
  ['− truth', (s) => s.footSlideMm - s.footSlideTruthMm],
  ['lowest sole', (s) => s.lowestSoleMm],
  ['lowest skin', (s) => s.lowestVertexMm],
  ['height bias', (s) => s.footHeightBiasMm],
  ['bone %', (s) => s.boneLengthErrorPct],
  ['bone var %', (s) => s.boneVariationPct],
  ['scale', (s) => s.scale],
  ['tilt °', (s) => s.tiltDeg],
  ['frames', (s) => s.coverage],
];

/** The two tables of all results. */
export const scoreTables = (results: readonly Result[]): string =>
  [
    'Pose and world, mm',
    tableOf(POSE, results),
    '',
    'Smoothness, feet (mm, mm/frame at 30 fps), body and gravity',
    tableOf(BODY, results),
  ].join('\n');

function tableOf(columns: readonly Column[], results: readonly Result[]): string {
  const head: Cell[] = ['clip', 'method', ...columns.map(([name]) => name)];
  const rows = results.map((r): Cell[] => [r.clip, `${r.method}, ${r.quality}`, ...columns.map(([, value]) => value(r.scores))]);
  return table([head, ...rows]);
}

/** Mean scores of each method over the clips of each group, as results of a clip called `mean …`. Unknown numbers are left out. */
export function means(results: readonly Result[]): Result[] {
  const groups = new Map<string, Result[]>();
  for (const r of results) {
    const key = `${r.group}|${r.quality}|${r.method}`;
    groups.set(key, [...(groups.get(key) ?? []), r]);
  }
  return [...groups.values()].map((own) => {
    const [{ group, quality, method }] = own;
    const scores = meanOf(own.map((r) => r.scores));
    return {
      clip: `mean of ${own.length} ${group}`,
      group,
      quality,
      method,
      scores,
      jointsMm: meanOf(own.map((r) => r.jointsMm)),
      rotationsDeg: meanOf(own.map((r) => r.rotationsDeg)),
    };
  });
}

function meanOf<Row extends { readonly [Key in keyof Row]: number }>(rows: readonly Row[]): Row {
  const keys = [...new Set(rows.flatMap((row) => Object.keys(row)))] as (keyof Row)[];
  const mean = (key: keyof Row): number => {
    const known = rows.map((row): number => row[key]).filter(Number.isFinite);
    return known.reduce((a, b) => a + b, 0) / known.length;
  };
  return Object.fromEntries(keys.map((key) => [key, mean(key)])) as Row;
}

/** What leaving the height out costs, clip by clip, and whether the truth lies in the interval that the manifest states. */
export function heightTable(results: readonly Result[]): string {
  const rows = results.flatMap((without): Cell[][] => {
    const given = results.find((r) => r.method === 'Gaitway' && r.clip === without.clip && r.quality === without.quality);
    const interval = without.heightM;
    if (without.method !== 'Gaitway, no height' || !given || !interval) return [];
    const { from, to, truth } = interval;
    return [
      [
        without.clip,
        without.quality,
        given.scores.mpjpeMm,
        without.scores.mpjpeMm,
        without.scores.mpjpeMm - given.scores.mpjpeMm,
        `${from.toFixed(2)}–${to.toFixed(2)}`,
        truth.toFixed(2),
        from <= truth && truth <= to ? '✓' : '✗',
      ],
    ];
  });
  const head = ['clip', 'quality', 'MPJPE given', 'not given', 'worse by', 'interval m', 'true m', 'inside'];
  return rows.length === 0 ? '' : `Without the height of the person\n${table([head, ...rows])}`;
}
