/** One message of the queue, from begin to end. Every outcome ends in exactly one transaction that moves the job and the message together. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { throwIfAborted } from '@gaitway/motion/abort';
import { GaitwayError, isGaitwayError } from '@gaitway/motion/errors';
import type { Job as Message, PgBoss } from 'pg-boss';
import { fromKysely } from 'pg-boss';
import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import type { Db, Trx } from '../database/schema.ts';
import type { Probe } from '../jobs/probe.ts';
import { beginRun, completeRun, failRun, handBack, type Run, RunLost, settleRun } from '../jobs/runs.ts';
import { SOLVE_QUEUE, type SolveMessage } from '../queue/boss.ts';
import type { ObjectStore } from '../storage/object-store.ts';
import { ProgressWriter } from './progress-writer.ts';
import { solveRequestOf } from './solve-request.ts';
import type { Solver } from './solver.ts';
import { storeFiles } from './store-files.ts';
import { keepClip, storedClip } from './stored-clip.ts';

export interface WorkerContext {
  readonly db: Db;
  readonly boss: PgBoss;
  readonly objects: ObjectStore;
  readonly config: Config;
  readonly log: Logger;
  readonly probe: Probe;
  readonly solver: Solver;
  /** For jobs of test keys. */
  readonly fixture: Solver;
}

/** Why a run is stopped from outside. */
export type StopReason = 'lost' | 'shutdown' | 'timeout';

export async function runJob(context: WorkerContext, message: Message<SolveMessage>, stop: AbortController): Promise<void> {
  const run = await beginRun(context.db, message.data);
  const acknowledge = async (trx?: Trx): Promise<void> => {
    const attempt = { id: message.id, retryCount: message.retryCount };
    await context.boss.complete(SOLVE_QUEUE, attempt, null, trx === undefined ? {} : { db: fromKysely(trx) });
  };
  if (run === null) return acknowledge();
  const log = context.log.child({ jobId: run.job.id, attempt: run.job.attempt, run: run.job.runs });
  try {
    refusePoison(context, run);
    await work(context, run, stop.signal, acknowledge);
    log.info('job completed');
  } catch (error) {
    await conclude({ ...context, log }, run, message, stop.signal, error, acknowledge);
  }
}

/** Runs beyond the repeated ones that a job may lose to workers that died under it. */
const DEATHS_ALLOWED = 5;

function refusePoison(context: WorkerContext, run: Run): void {
  if (run.job.runs > context.config.worker.maxAttempts + DEATHS_ALLOWED) throw new GaitwayError('processing_failed');
}

async function work(context: WorkerContext, run: Run, signal: AbortSignal, acknowledge: (trx: Trx) => Promise<void>): Promise<void> {
  await mkdir(context.config.worker.tempDir, { recursive: true });
  const folder = await mkdtemp(join(context.config.worker.tempDir, 'job-'));
  try {
    const sourcePath = join(folder, 'source');
    await context.objects.copyToFile(requireSource(run), sourcePath);
    await context.probe(sourcePath, signal);
    await settleRun(context.db, run);
    const outDir = join(folder, 'out');
    const progress = new ProgressWriter(context.db, run);
    const solver = run.job.mode === 'test' ? context.fixture : context.solver;
    const request = { ...solveRequestOf(run.job, sourcePath, outDir), ...(await storedClip(context, run, folder)) };
    const onClip = (path: string): Promise<void> => keepClip(context, run, path);
    const solved = await solver.solve(request, { signal, onProgress: progress.report, onClip });
    await progress.flush();
    throwIfAborted(signal);
    const artifacts = await storeFiles(context.objects, `artifacts/${run.job.id}/${run.token}`, outDir, solved.files);
    await completeRun(context.db, run, { artifacts, failedTargets: solved.failedTargets }, context.config.plans, acknowledge);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function requireSource(run: Run): string {
  if (run.job.source_key === null) throw new GaitwayError('runner_preflight_failed');
  return run.job.source_key;
}

/** A fault of the machine is tried again; a fault of the clip is not. */
const isSystemFault = (error: GaitwayError): boolean => error.status >= 500 && error.retryable;

function catalogued(error: unknown): GaitwayError {
  return isGaitwayError(error) ? error : new GaitwayError('processing_failed', { cause: error });
}

async function conclude(
  context: WorkerContext,
  run: Run,
  message: Message<SolveMessage>,
  signal: AbortSignal,
  raw: unknown,
  acknowledge: (trx: Trx) => Promise<void>,
): Promise<void> {
  const reason = signal.aborted ? (signal.reason as StopReason) : null;
  if (raw instanceof RunLost || reason === 'lost') return context.log.info('the job went on without this run');
  const again = (trx: Trx) => requeue(context, message, trx);
  try {
    if (reason === 'shutdown') return await handBack(context.db, run, 'worker_stopped', again);
    const error =
      reason === 'timeout' ? new GaitwayError('processing_failed', { message: 'The job took longer than allowed.' }) : catalogued(raw);
    context.log.warn({ code: error.code, err: raw }, 'the run failed');
    const mayRepeat = isSystemFault(error) && reason === null && run.job.runs < context.config.worker.maxAttempts;
    if (mayRepeat) return await handBack(context.db, run, error.code, again);
    await failRun(context.db, run, error, context.config.plans, acknowledge);
  } catch (error) {
    if (!(error instanceof RunLost)) throw error;
  }
}

/** `fail` with deliveries left means: deliver again. */
async function requeue(context: WorkerContext, message: Message<SolveMessage>, trx: Trx): Promise<void> {
  await context.boss.fail(SOLVE_QUEUE, { id: message.id, retryCount: message.retryCount }, null, { db: fromKysely(trx) });
}
