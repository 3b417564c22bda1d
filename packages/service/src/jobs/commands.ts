/** What a caller may do to a job that exists: cancel, retry, review, delete. */

import { ERRORS, GaitwayError } from '@gaitway/motion/errors';
import { fromKysely } from 'pg-boss';
import { requirePlan } from '../accounts/accounts.ts';
import type { Caller } from '../accounts/caller.ts';
import { applyTopUps } from '../credits/account-credits.ts';
import type { Trx } from '../database/schema.ts';
import { SOLVE_QUEUE } from '../queue/boss.ts';
import { takePlace } from './admit.ts';
import type { JobsContext } from './context.ts';
import { endJob } from './end-job.ts';
import { appendEvent } from './events.ts';
import { releaseUnsettled } from './money.ts';
import { isRedelivery, keepDelivery, reopenTargets } from './redelivery.ts';
import { type JobRow, requireJob, requireLockedJob } from './rows.ts';
import { isTerminal } from './states.ts';

const wrongState = (job: JobRow): GaitwayError => new GaitwayError('job_state_invalid', { facts: { jobStatus: job.status } });

/** Canceling what is canceled already is not an error. */
export async function cancelJob(context: JobsContext, caller: Caller, jobId: string): Promise<JobRow> {
  return context.db.transaction().execute(async (trx) => {
    const job = await requireLockedJob(trx, caller.accountId, jobId);
    if (job.status === 'canceled') return job;
    if (isTerminal(job.status)) throw wrongState(job);
    if (isRedelivery(job)) await keepDelivery(trx, job, null);
    else await endJob(trx, job, { status: 'canceled', billing: await releaseUnsettled(trx, job) }, job.expires_at);
    if (job.queue_id !== null) await context.boss.cancel(SOLVE_QUEUE, job.queue_id, { db: fromKysely(trx) });
    return requireJob(trx, caller.accountId, jobId);
  });
}

const isRetryable = (code: string | null): boolean => code !== null && code in ERRORS && ERRORS[code as keyof typeof ERRORS].retryable;

/** Makes the outputs of a failed job, or the failed ones of a completed job, wait again; false where there is nothing to retry. */
async function reopen(trx: Trx, job: JobRow, mayPass: (code: string | null) => boolean): Promise<boolean> {
  if (job.status === 'completed') return reopenTargets(trx, job, mayPass);
  if (job.status !== 'failed' || !mayPass(job.error_code) || job.source === null) return false;
  await trx
    .updateTable('job_outputs')
    .set({ status: 'pending', error_code: null, error_message: null })
    .where('job_id', '=', job.id)
    .execute();
  return true;
}

export interface RetryOptions {
  /** Which errors are worth it: the caller's choice is those that may pass by themselves, an operator's whatever was mended meanwhile. */
  readonly mayPass?: (code: string | null) => boolean;
}

/**
 * The next attempt of the same job, from what is stored of it: with a reservation of its own where the last one was given back, free where
 * only some targets had failed.
 */
export async function retryJob(context: JobsContext, caller: Caller, jobId: string, options: RetryOptions = {}): Promise<JobRow> {
  return context.db.transaction().execute(async (trx) => {
    const job = await requireLockedJob(trx, caller.accountId, jobId);
    if (job.status === 'queued' || job.status === 'processing') return job;
    const plan = await requirePlan(trx, caller.accountId, context.config.plans);
    if (!(await reopen(trx, job, options.mayPass ?? isRetryable))) throw wrongState(job);
    await applyTopUps(trx, caller.accountId, plan, new Date());
    await takePlace(context, trx, job, plan, job.attempt + 1);
    return requireJob(trx, caller.accountId, jobId);
  });
}

export interface Review {
  readonly targetId: string;
  readonly verdict: 'approved' | 'rejected';
  readonly reason?: string;
  readonly cleanupNotes?: string;
}

export async function reviewJob(context: JobsContext, caller: Caller, jobId: string, reviews: readonly Review[]): Promise<JobRow> {
  return context.db.transaction().execute(async (trx) => {
    const job = await requireLockedJob(trx, caller.accountId, jobId);
    if (job.status !== 'completed') throw wrongState(job);
    for (const { targetId, ...review } of reviews) {
      const result = await trx
        .updateTable('job_outputs')
        .set({ review: JSON.stringify({ ...review, at: new Date().toISOString() }) })
        .where('job_id', '=', jobId)
        .where('target_id', '=', targetId)
        .executeTakeFirst();
      if (result.numUpdatedRows === 0n) throw new GaitwayError('api_target_unsupported', { facts: { targetId } });
      await appendEvent(trx, jobId, { type: `target_${review.verdict}`, targetId });
    }
    return job;
  });
}

const keyPrefixes = (jobId: string): readonly string[] => [`uploads/${jobId}/`, `artifacts/${jobId}/`];

/** Objects last: if this stops in between, the sweeper finds objects whose job is gone. */
export async function removeObjects(context: Pick<JobsContext, 'objects'>, jobId: string): Promise<void> {
  for (const prefix of keyPrefixes(jobId)) {
    for await (const object of context.objects.list(prefix)) await context.objects.remove(object.key);
  }
  await context.objects.remove(`sources/${jobId}`);
}

/** Record and objects go, the ledger stays. A running job is canceled first. */
export async function deleteJob(context: JobsContext, caller: Caller, jobId: string): Promise<void> {
  const job = await requireJob(context.db, caller.accountId, jobId);
  if (!isTerminal(job.status)) await cancelJob(context, caller, jobId);
  await context.db.deleteFrom('jobs').where('id', '=', jobId).where('account_id', '=', caller.accountId).execute();
  await removeObjects(context, jobId);
}
