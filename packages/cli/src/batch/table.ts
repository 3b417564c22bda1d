import type { BatchEntry } from './record.ts';

/** One video in the summary. */
export interface BatchRow {
  readonly status: 'done' | 'skipped' | 'failed' | 'interrupted';
  readonly entry: BatchEntry;
}

const STATUSES = ['done', 'skipped', 'failed', 'interrupted'] as const;

/** A line for every video, and how many ended how. */
export function batchTable(rows: readonly BatchRow[]): string {
  const width = Math.max(0, ...rows.map(({ entry }) => entry.video.length));
  const lines = rows.map(({ status, entry }) => {
    const time = status === 'skipped' ? 'done before' : `${entry.seconds.toFixed(1)} s`;
    return `  ${entry.video.padEnd(width)}  ${status.padEnd(11)}  ${time.padEnd(11)}  ${entry.error ?? ''}`.trimEnd();
  });
  const counts = STATUSES.map((status) => [rows.filter((row) => row.status === status).length, status] as const).filter(
    ([count]) => count > 0,
  );
  return [...lines, counts.map(([count, status]) => `${count} ${status}`).join(', ')].join('\n');
}
