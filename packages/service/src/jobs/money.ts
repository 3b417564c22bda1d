/** What happens to the credits of a job's attempt. Each step is idempotent and runs with the account locked. */

import { GaitwayError } from '@gaitway/motion/errors';
import type { Plan } from '../config/config.ts';
import { readBalance } from '../credits/balances.ts';
import { book } from '../credits/ledger.ts';
import type { Billing, EntryKind, Trx } from '../database/schema.ts';
import type { JobRow } from './rows.ts';

type Payer = Pick<JobRow, 'id' | 'account_id' | 'pool' | 'mode'>;

/** Test keys and unlimited plans pay nothing. */
export const isFree = (job: Pick<JobRow, 'mode'>, plan: Plan): boolean => job.mode === 'test' || plan.unlimitedCredits;

export async function requireCredits(trx: Trx, job: Payer, plan: Plan, needed: number): Promise<void> {
  if (isFree(job, plan)) return;
  const { available } = await readBalance(trx, job.account_id, job.pool);
  if (available < needed) throw new GaitwayError('insufficient_api_v_credits', { facts: { needed, available } });
}

/** Reserves for an attempt and says what to write into `billing`. */
export async function reserve(trx: Trx, job: Payer, plan: Plan, attempt: number, needed: number): Promise<Billing> {
  if (isFree(job, plan)) return 'none';
  await requireCredits(trx, job, plan, needed);
  await book(trx, { accountId: job.account_id, pool: job.pool, kind: 'reserve', amount: needed, job: { id: job.id, attempt } });
  return 'reserved';
}

const STEP: Readonly<Partial<Record<EntryKind, Billing>>> = { settle: 'settled', release: 'released', refund: 'refunded' };

async function step(trx: Trx, job: JobRow, kind: 'settle' | 'release' | 'refund'): Promise<Billing> {
  await book(trx, {
    accountId: job.account_id,
    pool: job.pool,
    kind,
    amount: job.v_credits,
    job: { id: job.id, attempt: job.attempt },
  });
  return STEP[kind] ?? job.billing;
}

/** Preflight has passed: the reservation becomes the price. */
export const settle = async (trx: Trx, job: JobRow): Promise<Billing> =>
  job.billing === 'reserved' ? step(trx, job, 'settle') : job.billing;

/** Nothing was delivered and it is not the caller's doing to pay for it. */
export async function giveBack(trx: Trx, job: JobRow): Promise<Billing> {
  if (job.billing === 'reserved') return step(trx, job, 'release');
  return job.billing === 'settled' ? step(trx, job, 'refund') : job.billing;
}

/** A cancel: free before preflight has passed, paid after. */
export const releaseUnsettled = async (trx: Trx, job: JobRow): Promise<Billing> =>
  job.billing === 'reserved' ? step(trx, job, 'release') : job.billing;
