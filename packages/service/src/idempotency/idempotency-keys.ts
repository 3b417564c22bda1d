/**
 * Idempotency-Key: the first request with a key claims it; its success is kept and given again to whoever repeats the same request. A claim
 * whose process died lapses; a create finds the job it had made by `job_id`, written in the transaction that made it.
 */

import { GaitwayError } from '@gaitway/motion/errors';
import { sql } from 'kysely';
import type { Db } from '../database/schema.ts';

export interface KeyedRequest {
  readonly accountId: string;
  readonly key: string;
  /** Over method, path and body. */
  readonly requestSha256: string;
}

export type Claim =
  | { readonly kind: 'new' }
  | { readonly kind: 'resumed'; readonly jobId: string | null }
  | { readonly kind: 'answered'; readonly status: number; readonly body: unknown };

const CLAIM_SEC = 60;

/** Throws `idempotency_key_conflict` for another request and `idempotency_key_in_use` while the first one runs. */
export async function claimKey(db: Db, request: KeyedRequest): Promise<Claim> {
  const claimedUntil = new Date(Date.now() + CLAIM_SEC * 1000);
  const inserted = await db
    .insertInto('idempotency_keys')
    .values({
      account_id: request.accountId,
      key: request.key,
      request_sha256: request.requestSha256,
      job_id: null,
      status: null,
      claimed_until: claimedUntil,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('key')
    .executeTakeFirst();
  return inserted === undefined ? claimExisting(db, request, claimedUntil) : { kind: 'new' };
}

async function claimExisting(db: Db, request: KeyedRequest, claimedUntil: Date): Promise<Claim> {
  const row = await db
    .selectFrom('idempotency_keys')
    .selectAll()
    .where('account_id', '=', request.accountId)
    .where('key', '=', request.key)
    .executeTakeFirst();
  if (row === undefined) throw new GaitwayError('idempotency_key_in_use');
  if (row.request_sha256 !== request.requestSha256) throw new GaitwayError('idempotency_key_conflict');
  if (row.status !== null) return { kind: 'answered', status: row.status, body: row.body };
  const taken = await db
    .updateTable('idempotency_keys')
    .set({ claimed_until: claimedUntil })
    .where('account_id', '=', request.accountId)
    .where('key', '=', request.key)
    .where('status', 'is', null)
    .where('claimed_until', '<', sql<Date>`now()`)
    .executeTakeFirst();
  if (taken.numUpdatedRows === 0n) throw new GaitwayError('idempotency_key_in_use');
  return { kind: 'resumed', jobId: row.job_id };
}

export async function keepAnswer(db: Db, request: KeyedRequest, status: number, body: string): Promise<void> {
  await db
    .updateTable('idempotency_keys')
    .set({ status, body })
    .where('account_id', '=', request.accountId)
    .where('key', '=', request.key)
    .execute();
}

/** The request failed: the same key may be tried again. A job that was made stays tied to it. */
export async function releaseKey(db: Db, request: KeyedRequest): Promise<void> {
  const mine = db.deleteFrom('idempotency_keys').where('account_id', '=', request.accountId).where('key', '=', request.key);
  await mine.where('status', 'is', null).where('job_id', 'is', null).execute();
}
