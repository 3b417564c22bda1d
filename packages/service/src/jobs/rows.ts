import { GaitwayError } from '@gaitway/motion/errors';
import type { Selectable } from 'kysely';
import { lockAccount } from '../accounts/accounts.ts';
import type { ArtifactsTable, Db, JobOutputsTable, JobsTable, Trx } from '../database/schema.ts';

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
