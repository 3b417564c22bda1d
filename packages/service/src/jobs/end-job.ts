import { GaitwayError } from '@gaitway/motion/errors';
import type { Plan } from '../config/config.ts';
import type { Billing, Trx } from '../database/schema.ts';
import { appendEvent } from './events.ts';
import type { JobRow } from './rows.ts';
import { mayBecome } from './states.ts';

export interface Ending {
  readonly status: 'completed' | 'failed' | 'canceled';
  readonly billing: Billing;
  readonly error?: { readonly code: string; readonly stage: string; readonly message: string };
}

const DAY_MS = 86_400_000;

/** Where records and objects of a job that ended now are removed. */
export const retainUntil = (plan: Pick<Plan, 'retentionDays'> | undefined, now: Date): Date =>
  new Date(now.getTime() + (plan?.retentionDays ?? 7) * DAY_MS);

/** The only way into a terminal state: gives the slot back, fences the worker off and writes the last event. */
export async function endJob(trx: Trx, job: JobRow, ending: Ending, expiresAt: Date): Promise<void> {
  if (!mayBecome(job.status, ending.status)) throw new GaitwayError('job_state_invalid', { facts: { jobStatus: job.status } });
  const now = new Date();
  await trx
    .updateTable('jobs')
    .set({
      status: ending.status,
      progress: ending.status === 'completed' ? 1 : job.progress,
      billing: ending.billing,
      run_token: null,
      error_code: ending.error?.code ?? null,
      error_stage: ending.error?.stage ?? null,
      error_message: ending.error?.message ?? null,
      completed_at: now,
      expires_at: expiresAt,
    })
    .where('id', '=', job.id)
    .execute();
  await trx.deleteFrom('slots').where('job_id', '=', job.id).execute();
  await appendEvent(trx, job.id, { type: `job_${ending.status}`, code: ending.error?.code, message: ending.error?.message });
}
