import { printLine } from '../../command.ts';
import type { Outcome } from './action.ts';

type Row = Readonly<Record<string, unknown>>;

function cell(value: unknown): string {
  if (value === null || value === undefined) return '-';
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.join(',');
  // Names come from users: a terminal must not obey them.
  return String(value).replace(/\p{Cc}/gu, ' ');
}

/** Columns as wide as their widest cell. */
export function formatTable(rows: readonly Row[]): string {
  if (rows.length === 0) return '(none)';
  const names = Object.keys(rows[0]);
  const lines = [names, ...rows.map((row) => names.map((name) => cell(row[name])))];
  const widths = names.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  return lines
    .map((line) =>
      line
        .map((text, column) => text.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export function printOutcome(stream: NodeJS.WritableStream, outcome: Outcome, asJson: boolean): void {
  if (outcome.rows === undefined) printLine(stream, asJson ? JSON.stringify(outcome.text) : outcome.text);
  else printLine(stream, asJson ? JSON.stringify(outcome.rows, null, 2) : formatTable(outcome.rows));
}
