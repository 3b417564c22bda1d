/**
 * Money moves by entries only: each takes `amount` out of one bucket of a pool and puts it into another, in the caller's transaction.
 * An entry that exists already (same job, attempt and kind, or same reference) is not booked again, so every step can be repeated.
 */
import { sql } from 'kysely';
import type { Bucket, EntryKind, Pool, Trx } from '../database/schema.ts';

const ROUTES: Readonly<Record<Exclude<EntryKind, 'adjust'>, readonly [debit: Bucket, credit: Bucket]>> = {
  grant: ['issued', 'available'],
  reserve: ['available', 'reserved'],
  settle: ['reserved', 'spent'],
  release: ['reserved', 'available'],
  refund: ['spent', 'available'],
  expire: ['available', 'issued'],
};

export interface Booking {
  readonly accountId: string;
  readonly pool: Pool;
  readonly kind: EntryKind;
  /** Positive; an adjustment may be negative. Zero books nothing. */
  readonly amount: number;
  readonly job?: { readonly id: string; readonly attempt: number };
  readonly note?: string;
  readonly reference?: string;
}

function route(booking: Booking): readonly [Bucket, Bucket] {
  if (booking.kind !== 'adjust') return ROUTES[booking.kind];
  return booking.amount > 0 ? ['issued', 'available'] : ['available', 'issued'];
}

/** The change of one column of `balances`: `issued` is the outside, so it grows when it gives. */
function delta(bucket: Bucket, [debit, credit]: readonly [Bucket, Bucket], amount: number): number {
  const sign = bucket === 'issued' ? -1 : 1;
  return sign * ((bucket === credit ? amount : 0) - (bucket === debit ? amount : 0));
}

/** True if it was booked now, false if it had been before. Throws PostgreSQL's check violation rather than go below zero. */
export async function book(trx: Trx, booking: Booking): Promise<boolean> {
  const amount = Math.abs(booking.amount);
  if (!Number.isSafeInteger(amount)) throw new Error('credits are integers');
  if (amount === 0) return false;
  const buckets = route(booking);
  const inserted = await trx
    .insertInto('ledger_entries')
    .values({
      account_id: booking.accountId,
      pool: booking.pool,
      kind: booking.kind,
      debit: buckets[0],
      credit: buckets[1],
      amount,
      job_id: booking.job?.id ?? null,
      attempt: booking.job?.attempt ?? null,
      note: booking.note ?? null,
      reference: booking.reference ?? null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  if (inserted === undefined) return false;
  await trx
    .insertInto('balances')
    .values({ account_id: booking.accountId, pool: booking.pool })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await trx
    .updateTable('balances')
    .set({
      issued: sql<number>`issued + ${delta('issued', buckets, amount)}`,
      available: sql<number>`available + ${delta('available', buckets, amount)}`,
      reserved: sql<number>`reserved + ${delta('reserved', buckets, amount)}`,
      spent: sql<number>`spent + ${delta('spent', buckets, amount)}`,
    })
    .where('account_id', '=', booking.accountId)
    .where('pool', '=', booking.pool)
    .execute();
  return true;
}
