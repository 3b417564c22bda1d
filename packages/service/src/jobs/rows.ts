import { GaitwayError } from '@gaitway/motion/errors';
import type { Selectable } from 'kysely';
import { lockAccount } from '../accounts/accounts.ts';
import type { ArtifactsTable, Db, JobOutputsTable, JobStatus, JobsTable, Trx } from '../database/schema.ts';
import { isTerminal } from './states.ts';

export type JobRow = Selectable<JobsTable>;
export type OutputRow = Selectable<JobOutputsTable>;
export type ArtifactRow = Selectable<ArtifactsTable>;

/** Another account's job does not exist for this one. */
export async function requireJob(db: Db | Trx, accountId: string, jobId: string): Promise<JobRow> {
  const job = await db.selectFrom('jobs').selectAll().where('id', '=', jobId).where('account_id', '=', accountId).executeTakeFirst();
  if (job === undefined) throw new GaitwayError('job_not_found');
  return job;
}

/** Locks the account, then the job: always in this order. `undefined` if the job is gone. */
export async function lockJob(trx: Trx, accountId: string, jobId: string): Promise<JobRow | undefined> {
  await lockAccount(trx, accountId);
  return trx.selectFrom('jobs').selectAll().where('id', '=', jobId).where('account_id', '=', accountId).forUpdate().executeTakeFirst();
}

export async function requireLockedJob(trx: Trx, accountId: string, jobId: string): Promise<JobRow> {
  const job = await lockJob(trx, accountId, jobId);
  if (job === undefined) throw new GaitwayError('job_not_found');
  return job;
}

export const outputsOf = (db: Db | Trx, jobId: string): Promise<OutputRow[]> =>
  db.selectFrom('job_outputs').selectAll().where('job_id', '=', jobId).orderBy('position').execute();

export const artifactsOf = (db: Db | Trx, jobId: string): Promise<ArtifactRow[]> =>
  db.selectFrom('artifacts').selectAll().where('job_id', '=', jobId).orderBy('position').orderBy('key').execute();

/** Also true of a job that is gone. */
export async function jobHasEnded(db: Db, jobId: string): Promise<boolean> {
  const job = await db.selectFrom('jobs').select('status').where('id', '=', jobId).executeTakeFirst();
  return job === undefined || isTerminal(job.status);
}

/** Drafts, waiting and running jobs. */
export const UNFINISHED = ['draft', 'queued', 'processing'] as const;

/** How many jobs are drafts, wait or run. */
export async function countUnfinished(db: Db): Promise<ReadonlyMap<JobStatus, number>> {
  const rows = await db
    .selectFrom('jobs')
    .select((eb) => ['status', eb.fn.countAll<number>().as('count')] as const)
    .where('status', 'in', UNFINISHED)
    .groupBy('status')
    .execute();
  return new Map(rows.map(({ status, count }) => [status, count]));
}
