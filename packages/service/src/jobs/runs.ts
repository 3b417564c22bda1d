/**
 * What a worker may write. Each run holds a token; beginning another run, canceling or ending the job changes it, and everything a worker
 * thought dead still tries then finds no row: `RunLost`.
 */
import { randomUUID } from 'node:crypto';
import { type ErrorCode, GaitwayError } from '@gaitway/motion/errors';
import { sql } from 'kysely';
import type { Plans } from '../accounts/accounts.ts';
import type { Db, JobPhase, Trx } from '../database/schema.ts';
import type { SolveMessage } from '../queue/boss.ts';
import { endJob, retainUntil } from './end-job.ts';
import { appendEvent } from './events.ts';
import { giveBack, settle } from './money.ts';
import { isRedelivery, keepDelivery, losesTargets } from './redelivery.ts';
import { type JobRow, lockJob, outputsOf } from './rows.ts';

/** The job went on without this run: canceled, ended, deleted or given to another worker. Nothing is to be done. */
export class RunLost extends Error {
  override readonly name = 'RunLost';
}

export interface Run {
  readonly job: JobRow;
  readonly token: string;
}

async function lockRun(trx: Trx, run: Run): Promise<JobRow> {
  const job = await lockJob(trx, run.job.account_id, run.job.id);
  if (job === undefined || job.run_token !== run.token || job.status !== 'processing') throw new RunLost();
  return job;
}

/** `null`: the message is about an attempt that is over. */
export async function beginRun(db: Db, message: SolveMessage): Promise<Run | null> {
  const owner = await db.selectFrom('jobs').select('account_id').where('id', '=', message.jobId).executeTakeFirst();
  if (owner === undefined) return null;
  return db.transaction().execute(async (trx) => {
    const job = await lockJob(trx, owner.account_id, message.jobId);
    if (job === undefined || job.attempt !== message.attempt) return null;
    if (job.status !== 'queued' && job.status !== 'processing') return null;
    const token = randomUUID();
    const begun = await trx
      .updateTable('jobs')
      .set({
        status: 'processing',
        phase: 'preflight',
        progress: 0,
        run_token: token,
        runs: sql<number>`runs + 1`,
        started_at: sql<Date>`coalesce(started_at, now())`,
      })
      .where('id', '=', job.id)
      .returningAll()
      .executeTakeFirstOrThrow();
    await appendEvent(trx, job.id, { type: job.status === 'queued' ? 'run_started' : 'run_restarted' });
    return { job: begun, token };
  });
}

/** Says how far the run is; a new phase is an event, progress is only a field. Throws `RunLost` when there is nothing to report to. */
export async function reportProgress(db: Db, run: Run, phase: JobPhase, progress: number): Promise<void> {
  const written = await db
    .updateTable('jobs')
    .set({ progress: Math.min(0.99, progress), updated_at: new Date() })
    .where('id', '=', run.job.id)
    .where('run_token', '=', run.token)
    .where('phase', '=', phase)
    .executeTakeFirst();
  if (written.numUpdatedRows > 0n) return;
  await db.transaction().execute(async (trx) => {
    const job = await lockRun(trx, run);
    await trx
      .updateTable('jobs')
      .set({ phase, progress: Math.min(0.99, progress), last_stage: STAGE_BEFORE[phase] ?? job.last_stage })
      .where('id', '=', job.id)
      .execute();
    await appendEvent(trx, job.id, { type: 'phase_started' });
  });
}

/** The stage (vocabulary of errors) that has ended well once a phase begins. */
const STAGE_BEFORE: Partial<Record<JobPhase, string>> = {
  capturing: 'preflight',
  solving: 'preflight',
  retargeting: 'preflight',
  packaging: 'processing',
};

export async function settleRun(db: Db, run: Run): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const job = await lockRun(trx, run);
    const billing = await settle(trx, job);
    await trx.updateTable('jobs').set({ billing, last_stage: 'preflight' }).where('id', '=', job.id).execute();
  });
}

/** The motion is solved: a later attempt starts from it. */
export async function recordClip(db: Db, run: Run, key: string): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const job = await lockRun(trx, run);
    await trx.updateTable('jobs').set({ clip_key: key }).where('id', '=', job.id).execute();
  });
}

export interface StoredArtifact {
  readonly key: string;
  readonly targetId: string | null;
  readonly role: 'file' | 'preview' | 'manifest' | 'clip';
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly mediaType: string;
}

export interface RunResult {
  readonly artifacts: readonly StoredArtifact[];
  readonly failedTargets: readonly { readonly targetId: string; readonly code: string; readonly message: string }[];
}

async function writeArtifacts(trx: Trx, jobId: string, artifacts: readonly StoredArtifact[]): Promise<void> {
  await trx.deleteFrom('artifacts').where('job_id', '=', jobId).execute();
  if (artifacts.length === 0) return;
  await trx
    .insertInto('artifacts')
    .values(
      artifacts.map(({ targetId, mediaType, ...artifact }, position) => ({
        ...artifact,
        job_id: jobId,
        target_id: targetId,
        position,
        media_type: mediaType,
      })),
    )
    .execute();
}

async function writeOutputs(trx: Trx, jobId: string, result: RunResult): Promise<void> {
  for (const output of await outputsOf(trx, jobId)) {
    const failure = result.failedTargets.find((failed) => failed.targetId === output.target_id);
    const status = failure === undefined ? ('completed' as const) : ('failed' as const);
    await trx
      .updateTable('job_outputs')
      .set({ status, error_code: failure?.code ?? null, error_message: failure?.message ?? null })
      .where('job_id', '=', jobId)
      .where('target_id', '=', output.target_id)
      .execute();
    await appendEvent(trx, jobId, { type: `target_${status}`, targetId: output.target_id, code: failure?.code, message: failure?.message });
  }
}

/** The files are stored: list them, charge, end. `finish` also completes the queue's message in the same transaction. */
export async function completeRun(db: Db, run: Run, result: RunResult, plans: Plans, finish: (trx: Trx) => Promise<void>): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const job = await lockRun(trx, run);
    const failed = result.failedTargets.map(({ targetId }) => targetId);
    if (await losesTargets(trx, job, failed)) {
      await keepDelivery(trx, job, new GaitwayError('target_failed'));
      return finish(trx);
    }
    await writeArtifacts(trx, job.id, result.artifacts);
    await writeOutputs(trx, job.id, result);
    const clip = result.artifacts.find((artifact) => artifact.role === 'clip');
    await trx
      .updateTable('jobs')
      .set({ last_stage: 'packaging', clip_key: clip?.key ?? null })
      .where('id', '=', job.id)
      .execute();
    const billing = await settle(trx, job);
    await endJob(trx, job, { status: 'completed', billing }, await retention(trx, job, plans));
    await finish(trx);
  });
}

/** The attempt is over without a result: whatever was taken for it goes back. */
export async function failRun(db: Db, run: Run, error: GaitwayError, plans: Plans, finish: (trx: Trx) => Promise<void>): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const job = await lockRun(trx, run);
    await endAsFailed(trx, job, error, plans);
    await finish(trx);
  });
}

export async function endAsFailed(trx: Trx, job: JobRow, error: GaitwayError, plans: Plans): Promise<void> {
  if (isRedelivery(job)) return keepDelivery(trx, job, error);
  const billing = await giveBack(trx, job);
  const { code, stage, message } = error;
  await endJob(trx, job, { status: 'failed', billing, error: { code, stage, message } }, await retention(trx, job, plans));
}

/** Back to the queue, for another run of the same attempt; one that a worker's orderly stop cut off does not count. */
export async function handBack(db: Db, run: Run, reason: 'worker_stopped' | ErrorCode, finish: (trx: Trx) => Promise<void>): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const job = await lockRun(trx, run);
    await trx
      .updateTable('jobs')
      .set({ status: 'queued', phase: 'queued', progress: 0, run_token: null, ...(reason === 'worker_stopped' && { runs: job.runs - 1 }) })
      .where('id', '=', job.id)
      .execute();
    await appendEvent(trx, job.id, { type: 'run_handed_back', code: reason });
    await finish(trx);
  });
}

async function retention(trx: Trx, job: JobRow, plans: Plans): Promise<Date> {
  const account = await trx.selectFrom('accounts').select('plan_id').where('id', '=', job.account_id).executeTakeFirstOrThrow();
  return retainUntil(Object.hasOwn(plans, account.plan_id) ? plans[account.plan_id] : undefined, new Date());
}
