/**
 * complete-upload: from a draft with a file to a queued job, paid for and enqueued in one transaction. Repeating it is safe at any point:
 * whoever finds the job past draft answers with what it is now.
 */
import { randomUUID } from 'node:crypto';
import { GaitwayError, isGaitwayError } from '@gaitway/motion/errors';
import { fromKysely } from 'pg-boss';
import { requirePlan } from '../accounts/accounts.ts';
import type { Caller } from '../accounts/caller.ts';
import type { Plan } from '../config/config.ts';
import { applyTopUps } from '../credits/account-credits.ts';
import { price } from '../credits/price.ts';
import type { Trx } from '../database/schema.ts';
import { SOLVE_QUEUE, type SolveMessage } from '../queue/boss.ts';
import type { JobsContext } from './context.ts';
import { endJob, retainUntil } from './end-job.ts';
import { appendEvent } from './events.ts';
import { reserve } from './money.ts';
import type { SourceFacts } from './probe.ts';
import { type JobRow, requireJob, requireLockedJob } from './rows.ts';
import { sourceKeyOf, takeSource } from './take-source.ts';
import { resolveTrim, type Trim } from './trim.ts';

interface Admission {
  readonly facts: SourceFacts;
  readonly trim: Trim;
  readonly vCredits: number;
}

const sourceFault = (error: unknown): error is GaitwayError =>
  isGaitwayError(error) && !error.retryable && error.stage === 'validation' && error.status < 500;

export async function completeUpload(context: JobsContext, caller: Caller, jobId: string): Promise<JobRow> {
  const job = await requireJob(context.db, caller.accountId, jobId);
  if (job.status !== 'draft') return job;
  const plan = await requirePlan(context.db, caller.accountId, context.config.plans);
  try {
    const admission = await validate(context, job, plan);
    return await enqueue(context, job, admission);
  } catch (error) {
    if (!sourceFault(error)) throw error;
    return failDraft(context, job, error);
  }
}

/** Looks at the file: everything that may take time, outside any transaction. */
async function validate(context: JobsContext, job: JobRow, plan: Plan): Promise<Admission> {
  const facts = await takeSource(context, job, plan.maxSourceBytes);
  const trim = resolveTrim(job.trim_start_sec, job.trim_end_sec, facts.durationSec);
  if (trim.durationMs > plan.maxDurationSec * 1000) {
    throw new GaitwayError('api_duration_limit_exceeded', { facts: { maxDurationSec: plan.maxDurationSec } });
  }
  return { facts, trim, vCredits: price(trim.durationMs) };
}

async function enqueue(context: JobsContext, job: JobRow, admission: Admission): Promise<JobRow> {
  return context.db.transaction().execute(async (trx) => {
    const locked = await requireLockedJob(trx, job.account_id, job.id);
    if (locked.status !== 'draft') return locked;
    const plan = await requirePlan(trx, job.account_id, context.config.plans);
    await applyTopUps(trx, job.account_id, plan, new Date());
    await trx
      .updateTable('jobs')
      .set({
        source: JSON.stringify(admission.facts),
        // Another request may have moved the file and not yet written so.
        source_key: sourceKeyOf(job.id),
        trim_start_sec: admission.trim.startSec,
        trim_end_sec: admission.trim.endSec,
        duration_ms: admission.trim.durationMs,
        v_credits: admission.vCredits,
      })
      .where('id', '=', job.id)
      .execute();
    await takePlace(context, trx, { ...locked, v_credits: admission.vCredits }, plan, locked.attempt);
    return requireJob(trx, job.account_id, job.id);
  });
}

async function requireSlot(trx: Trx, job: JobRow, plan: Plan): Promise<void> {
  const { count } = await trx
    .selectFrom('slots')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('account_id', '=', job.account_id)
    .executeTakeFirstOrThrow();
  if (count >= plan.maxConcurrentJobs) {
    throw new GaitwayError('api_concurrency_limit_exceeded', { facts: { maxConcurrentJobs: plan.maxConcurrentJobs } });
  }
}

async function requireRoom(context: JobsContext, trx: Trx): Promise<void> {
  const { count } = await trx
    .selectFrom('jobs')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('status', '=', 'queued')
    .executeTakeFirstOrThrow();
  if (count >= context.config.limits.queueLength) throw new GaitwayError('queue_full');
}

/** Plans come first; within a plan an account's second waiting job comes after everybody's first. */
const PRIORITY_STEP = 1_000;
const priorityOf = (plan: Plan, waiting: number): number => plan.priority * PRIORITY_STEP - Math.min(waiting, PRIORITY_STEP - 1);

/** Slot, money and message, with the account and the job locked. Also how a retry comes back into the queue. */
export async function takePlace(context: JobsContext, trx: Trx, job: JobRow, plan: Plan, attempt: number): Promise<void> {
  await requireSlot(trx, job, plan);
  await requireRoom(context, trx);
  const isPaid = job.status === 'completed';
  const billing = isPaid ? job.billing : await reserve(trx, job, plan, attempt, job.v_credits);
  const waiting = await trx
    .selectFrom('jobs')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('account_id', '=', job.account_id)
    .where('status', '=', 'queued')
    .executeTakeFirstOrThrow();
  const queueId = randomUUID();
  const priority = priorityOf(plan, waiting.count);
  await trx.insertInto('slots').values({ job_id: job.id, account_id: job.account_id }).execute();
  await trx
    .updateTable('jobs')
    .set({
      status: 'queued',
      phase: 'queued',
      last_stage: 'admission',
      progress: 0,
      attempt,
      runs: 0,
      billing,
      queue_id: queueId,
      queue_priority: priority,
      queued_at: new Date(),
      started_at: null,
      ...(!isPaid && { completed_at: null }),
      error_code: null,
      error_stage: null,
      error_message: null,
      expires_at: retainUntil(plan, new Date()),
    })
    .where('id', '=', job.id)
    .execute();
  await appendEvent(trx, job.id, { type: 'job_queued' });
  const message: SolveMessage = { jobId: job.id, attempt };
  await context.boss.send(SOLVE_QUEUE, message, {
    id: queueId,
    priority,
    expireInSeconds: context.config.worker.jobTimeoutSec,
    db: fromKysely(trx),
  });
}

async function failDraft(context: JobsContext, job: JobRow, error: GaitwayError): Promise<JobRow> {
  return context.db.transaction().execute(async (trx) => {
    const locked = await requireLockedJob(trx, job.account_id, job.id);
    if (locked.status !== 'draft') return locked;
    const { code, stage, message } = error;
    await endJob(trx, locked, { status: 'failed', billing: 'none', error: { code, stage, message } }, locked.expires_at);
    return requireJob(trx, job.account_id, job.id);
  });
}
