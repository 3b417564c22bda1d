import { GaitwayError } from '@gaitway/motion/errors';
import { uuidv7 } from 'uuidv7';
import { lockAccount, requirePlan } from '../accounts/accounts.ts';
import type { Caller } from '../accounts/caller.ts';
import type { Plan } from '../config/config.ts';
import { applyTopUps } from '../credits/account-credits.ts';
import { readBalance } from '../credits/balances.ts';
import { price } from '../credits/price.ts';
import type { Trx } from '../database/schema.ts';
import type { JobsContext } from './context.ts';
import { appendEvent } from './events.ts';
import { isFree } from './money.ts';
import { type JobRow, requireJob } from './rows.ts';
import { requireTarget } from './targets.ts';
import { resolveTrim } from './trim.ts';

/** A create request, both generations made one. */
export interface NewJob {
  readonly title: string | null;
  readonly sourceFilename: string;
  readonly targetIds: readonly string[];
  readonly mocapType: 'full_body' | 'upper_body';
  readonly exportFps: number;
  readonly trimStartSec: number;
  readonly trimEndSec: number | null;
  /** Hints: refuse early what cannot succeed; the probed file decides. */
  readonly sourceBytes: number | null;
  readonly sourceDurationSec: number | null;
  readonly sourceSha256: string | null;
  readonly options: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly warnings: readonly string[];
}

export interface CreatedJob {
  readonly job: JobRow;
  readonly uploadUrl: string;
  readonly uploadExpiresAt: Date;
  readonly estimatedVCredits: number | null;
}

/** Milliseconds that will be billed if the hints are true; null if nothing is known. */
function hintedDurationMs(job: NewJob): number | null {
  if (job.sourceDurationSec !== null)
    return atCreate(() => resolveTrim(job.trimStartSec, job.trimEndSec, job.sourceDurationSec ?? 0).durationMs);
  if (job.trimEndSec === null) return null;
  if (job.trimEndSec <= job.trimStartSec) throw new GaitwayError('api_trim_range_invalid', { stage: 'create' });
  return Math.round((job.trimEndSec - job.trimStartSec) * 1000);
}

/** Faults of fields that are known before there is a file. */
export function atCreate<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof GaitwayError ? new GaitwayError(error.code, { stage: 'create', facts: error.facts }) : error;
  }
}

function refuseOversize(job: NewJob, plan: Plan, durationMs: number | null): void {
  if (job.sourceBytes !== null && job.sourceBytes > plan.maxSourceBytes) {
    throw new GaitwayError('api_file_size_limit_exceeded', { stage: 'create', facts: { maxBytes: plan.maxSourceBytes } });
  }
  if (durationMs !== null && durationMs > plan.maxDurationSec * 1000) {
    throw new GaitwayError('api_duration_limit_exceeded', { stage: 'create', facts: { maxDurationSec: plan.maxDurationSec } });
  }
}

async function refuseHopeless(trx: Trx, caller: Caller, plan: Plan, vCredits: number | null): Promise<void> {
  const running = await trx
    .selectFrom('slots')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('account_id', '=', caller.accountId)
    .executeTakeFirstOrThrow();
  if (running.count >= plan.maxConcurrentJobs) {
    throw new GaitwayError('api_concurrency_limit_exceeded', { stage: 'create', facts: { maxConcurrentJobs: plan.maxConcurrentJobs } });
  }
  if (isFree(caller, plan)) return;
  const needed = vCredits ?? 1;
  const { available } = await readBalance(trx, caller.accountId, caller.pool);
  if (available < needed) throw new GaitwayError('insufficient_api_v_credits', { stage: 'create', facts: { needed, available } });
}

const uploadKey = (jobId: string): string => `uploads/${jobId}/${uuidv7()}`;

async function insertJob(trx: Trx, context: JobsContext, caller: Caller, wanted: NewJob): Promise<string> {
  const id = `mocap_${uuidv7()}`;
  await trx
    .insertInto('jobs')
    .values({
      id,
      account_id: caller.accountId,
      mode: caller.mode,
      pool: caller.pool,
      status: 'draft',
      phase: 'uploading',
      title: wanted.title ?? wanted.sourceFilename,
      source_filename: wanted.sourceFilename,
      mocap_type: wanted.mocapType,
      export_fps: wanted.exportFps,
      target_ids: [...wanted.targetIds],
      options: JSON.stringify(wanted.options),
      metadata: JSON.stringify(wanted.metadata),
      warnings: [...wanted.warnings],
      upload_key: uploadKey(id),
      source_sha256_wanted: wanted.sourceSha256,
      trim_start_sec: wanted.trimStartSec,
      trim_end_sec: wanted.trimEndSec,
      expires_at: new Date(Date.now() + context.config.limits.draftExpirySec * 1000),
    })
    .execute();
  await trx
    .insertInto('job_outputs')
    .values(
      wanted.targetIds.map((targetId, position) => {
        const target = requireTarget(targetId);
        return {
          job_id: id,
          target_id: targetId,
          position,
          result_type: target.resultType,
          target_version: target.version,
          status: 'pending' as const,
          error_code: null,
          error_message: null,
        };
      }),
    )
    .execute();
  await appendEvent(trx, id, { type: 'job_created' });
  return id;
}

/** A new job in draft; free. The Idempotency-Key, if any, is tied to the job in the same transaction. */
export async function createJob(context: JobsContext, caller: Caller, wanted: NewJob, idempotencyKey: string | null): Promise<JobRow> {
  for (const targetId of wanted.targetIds) requireTarget(targetId);
  const durationMs = hintedDurationMs(wanted);
  const plan = await requirePlan(context.db, caller.accountId, context.config.plans);
  refuseOversize(wanted, plan, durationMs);
  const id = await context.db.transaction().execute(async (trx) => {
    await lockAccount(trx, caller.accountId);
    await applyTopUps(trx, caller.accountId, plan, new Date());
    await refuseHopeless(trx, caller, plan, durationMs === null ? null : price(durationMs));
    const jobId = await insertJob(trx, context, caller, wanted);
    if (idempotencyKey !== null) await tieKey(trx, caller.accountId, idempotencyKey, jobId);
    return jobId;
  });
  return requireJob(context.db, caller.accountId, id);
}

async function tieKey(trx: Trx, accountId: string, key: string, jobId: string): Promise<void> {
  await trx.updateTable('idempotency_keys').set({ job_id: jobId }).where('account_id', '=', accountId).where('key', '=', key).execute();
}

export interface Upload {
  readonly url: string;
  readonly expiresAt: Date;
}

/** Signs a URL for the source of a draft. `fresh` moves to a new key, so that a URL given out earlier leads nowhere. */
export async function signSource(context: JobsContext, job: JobRow, plan: Plan): Promise<Upload> {
  const expiresAt = new Date(Math.min(Date.now() + context.config.limits.uploadUrlSec * 1000, job.expires_at.getTime()));
  const url = await context.objects.signUpload({ key: job.upload_key, expiresAt, maxBytes: plan.maxSourceBytes });
  return { url, expiresAt };
}

/** A new upload URL for a draft whose source has not been admitted. */
export async function renewUpload(context: JobsContext, caller: Caller, jobId: string): Promise<Upload & { readonly job: JobRow }> {
  const job = await requireJob(context.db, caller.accountId, jobId);
  const isOver = job.status === 'canceled' || (job.status === 'failed' && job.queued_at === null);
  if (isOver) throw new GaitwayError('job_state_invalid', { facts: { jobStatus: job.status } });
  if (job.status !== 'draft' || job.source_key !== null) throw new GaitwayError('source_replaced');
  const plan = await requirePlan(context.db, caller.accountId, context.config.plans);
  return { ...(await signSource(context, job, plan)), job };
}

export interface Quote {
  readonly vCredits: number;
  /** 0 for who pays nothing. */
  readonly charged: number;
  readonly available: number;
  readonly sufficient: boolean;
}

/** What a clip of this length would cost this account. */
export async function quote(context: JobsContext, caller: Caller, durationMs: number): Promise<Quote> {
  const plan = await requirePlan(context.db, caller.accountId, context.config.plans);
  if (durationMs > plan.maxDurationSec * 1000) {
    throw new GaitwayError('api_duration_limit_exceeded', { stage: 'create', facts: { maxDurationSec: plan.maxDurationSec } });
  }
  const balance = await readBalance(context.db, caller.accountId, caller.pool);
  const free = isFree(caller, plan);
  return {
    vCredits: price(durationMs),
    charged: free ? 0 : price(durationMs),
    available: balance.available,
    sufficient: free || balance.available >= price(durationMs),
  };
}
