import { table } from '../table.ts';
import type { Bounds } from './bounds.ts';
import { broken } from './bounds.ts';
import type { CaseResult } from './run-case.ts';

const HEAD = [
  'case',
  'MPJPE',
  'PA',
  'W metric',
  'WA metric',
  'root',
  'slide − truth',
  'lowest sole',
  'jitter ratio',
  'bone %',
  'scale',
  'tilt °',
  'repaired',
  'wrongly',
  'height',
  'ms/frame',
  'bounds',
];

/** One row a case and the mean. Lengths in millimetres. The last column names the recorded bounds that a case breaks. */
export function syntheticTable(results: readonly CaseResult[], bounds: Readonly<Record<string, Bounds | undefined>>): string {
  const rows = results.map((r) => [r.name, ...numbers(r)]);
  const mean = rows[0].slice(1).map((_, c) => meanOf(rows.map((row) => row[c + 1])));
  const body = rows.map((row, i) => [
    ...row.slice(0, 14),
    results[i].heightInside ? '✓' : '✗',
    row[14],
    verdict(results[i], bounds[results[i].name]),
  ]);
  return table([HEAD, ...body, ['mean', ...mean.slice(0, 13), '', mean[13], '']]);
}

function verdict(result: CaseResult, bounds: Bounds | undefined): string {
  if (!bounds) return '–';
  const names = broken(result, bounds);
  return names.length === 0 ? '✓' : names.join(' ');
}

const numbers = ({ scores: s, repairedPct, wronglyRepaired, solveSec, frameCount }: CaseResult): number[] => [
  s.mpjpeMm,
  s.paMpjpeMm,
  s.wMetricMm,
  s.waMetricMm,
  s.rootErrorMm,
  s.footSlideMm - s.footSlideTruthMm,
  s.lowestSoleMm,
  s.jitter / s.jitterTruth,
  s.boneLengthErrorPct,
  s.scale,
  s.tiltDeg,
  repairedPct,
  wronglyRepaired,
  (solveSec / frameCount) * 1000,
];

function meanOf(cells: readonly (string | number)[]): number {
  const known = cells.filter((cell): cell is number => typeof cell === 'number' && Number.isFinite(cell));
  return known.reduce((a, b) => a + b, 0) / known.length;
}
