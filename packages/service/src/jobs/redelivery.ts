/**
 * A completed job of which targets failed alone can be retried: all of it is made again from the kept motion, free, because it has been paid
 * for. What was delivered stays delivered meanwhile, and is only ever replaced by more.
 */
import type { GaitwayError } from '@gaitway/motion/errors';
import type { Trx } from '../database/schema.ts';
import { endJob } from './end-job.ts';
import { type JobRow, outputsOf } from './rows.ts';
import { isTerminal } from './states.ts';

/** Each costs us work and nobody else anything. */
const MAX_ATTEMPTS = 10;

/** A job that was completed before and waits or runs again. */
export const isRedelivery = (job: Pick<JobRow, 'status' | 'completed_at'>): boolean => job.completed_at !== null && !isTerminal(job.status);

/** Something can be downloaded: the job is completed, or was before it was retried. */
export const isDelivered = (job: Pick<JobRow, 'status' | 'completed_at'>): boolean => job.status === 'completed' || isRedelivery(job);

/** Failed targets wait again; false where none failed by a fault that may pass. They keep their error until they are made. */
export async function reopenTargets(trx: Trx, job: JobRow, mayPass: (code: string | null) => boolean): Promise<boolean> {
  if (job.attempt >= MAX_ATTEMPTS) return false;
  const failed = (await outputsOf(trx, job.id)).filter((output) => output.status === 'failed' && mayPass(output.error_code));
  if (failed.length === 0) return false;
  await trx
    .updateTable('job_outputs')
    .set({ status: 'pending' })
    .where('job_id', '=', job.id)
    .where(
      'target_id',
      'in',
      failed.map((output) => output.target_id),
    )
    .execute();
  return true;
}

/** Whether a run lost a target that had been delivered: then the earlier delivery is the better one. */
export async function losesTargets(trx: Trx, job: JobRow, failedTargets: readonly string[]): Promise<boolean> {
  if (!isRedelivery(job)) return false;
  return (await outputsOf(trx, job.id)).some((output) => output.status === 'completed' && failedTargets.includes(output.target_id));
}

/** Ends without a new delivery: the job is completed as it was. `error`: why; null when it was canceled. */
export async function keepDelivery(trx: Trx, job: JobRow, error: GaitwayError | null): Promise<void> {
  await trx
    .updateTable('job_outputs')
    .set({ status: 'failed', ...(error !== null && { error_code: error.code, error_message: error.message }) })
    .where('job_id', '=', job.id)
    .where('status', '=', 'pending')
    .execute();
  await endJob(trx, job, { status: 'completed', billing: job.billing }, job.expires_at);
}
