import { table } from '../table.ts';
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
];

/** One row a case and the mean. Lengths in millimetres. */
export function syntheticTable(results: readonly CaseResult[]): string {
  const rows = results.map((r) => [r.name, ...numbers(r)]);
  const mean = rows[0].slice(1).map((_, c) => meanOf(rows.map((row) => row[c + 1])));
  const body = rows.map((row, i) => [...row.slice(0, 14), results[i].heightInside ? '✓' : '✗', row[14]]);
  return table([HEAD, ...body, ['mean', ...mean.slice(0, 13), '', mean[13]]]);
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
