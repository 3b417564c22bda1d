import type { Db, Pool, Trx } from '../database/schema.ts';
import { book } from './ledger.ts';

export interface Balance {
  readonly available: number;
  readonly reserved: number;
  readonly spent: number;
}

const EMPTY: Balance = { available: 0, reserved: 0, spent: 0 };

export async function readBalance(db: Db | Trx, accountId: string, pool: Pool): Promise<Balance> {
  const row = await db
    .selectFrom('balances')
    .select(['available', 'reserved', 'spent'])
    .where('account_id', '=', accountId)
    .where('pool', '=', pool)
    .executeTakeFirst();
  return row ?? EMPTY;
}

/** Raises the pool to `level` once a calendar month (UTC) when it is below; `month` is `2026-11`. Called with the account row locked. */
export async function topUp(trx: Trx, accountId: string, pool: Pool, level: number, month: string): Promise<void> {
  if (level <= 0) return;
  const { available } = await readBalance(trx, accountId, pool);
  if (available >= level) return;
  await book(trx, {
    accountId,
    pool,
    kind: 'grant',
    amount: level - available,
    note: `Monthly top-up ${month}`,
    reference: `top-up:${pool}:${month}`,
  });
}
