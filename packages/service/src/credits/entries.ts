import type { Selectable } from 'kysely';
import type { Db, LedgerEntriesTable, Pool } from '../database/schema.ts';

export type Entry = Selectable<LedgerEntriesTable>;

export interface EntryQuery {
  readonly accountId: string;
  readonly pool?: Pool;
  /** Only entries older than this id. */
  readonly before?: number;
  readonly limit: number;
}

/** Newest first. */
export async function listEntries(db: Db, query: EntryQuery): Promise<readonly Entry[]> {
  let select = db.selectFrom('ledger_entries').selectAll().where('account_id', '=', query.accountId);
  if (query.pool !== undefined) select = select.where('pool', '=', query.pool);
  if (query.before !== undefined) select = select.where('id', '<', query.before);
  return select.orderBy('id', 'desc').limit(query.limit).execute();
}

/** What the entry did to the money the account can spend. */
export function availableChange(entry: Pick<Entry, 'debit' | 'credit' | 'amount'>): number {
  if (entry.credit === 'available') return entry.amount;
  return entry.debit === 'available' ? -entry.amount : 0;
}

/** A cell that begins like a formula is one to a spreadsheet: such text gets an apostrophe. */
const cell = (value: string): string => `"${(/^[=+\-@\t\r]/.test(value) ? `'${value}` : value).replaceAll('"', '""')}"`;

/** RFC 4180. */
export function entriesCsv(entries: readonly Entry[]): string {
  const rows = entries.map((entry) =>
    [
      entry.id,
      entry.at.toISOString(),
      entry.pool,
      entry.kind,
      entry.amount,
      availableChange(entry),
      entry.job_id ?? '',
      entry.attempt ?? '',
      cell(entry.note ?? ''),
    ].join(','),
  );
  return ['id,at,pool,kind,amount,availableChange,jobId,attempt,note', ...rows, ''].join('\r\n');
}
