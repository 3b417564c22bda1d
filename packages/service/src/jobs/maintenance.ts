/** Chores that any API node may do at any time, each safe to repeat and to be cut off: expiry, retention, lost jobs, orphaned objects. */

import { GaitwayError } from '@gaitway/motion/errors';
import { sql } from 'kysely';
import { removeObjects } from './commands.ts';
import type { JobsContext } from './context.ts';
import { endJob } from './end-job.ts';
import { lockJob } from './rows.ts';
import { endAsFailed } from './runs.ts';
import { isTerminal } from './states.ts';

const BATCH = 200;
/** Younger objects may belong to a job whose row is being written. */
const ORPHAN_AGE_MS = 3_600_000;

export interface MaintenanceReport {
  readonly expiredDrafts: number;
  readonly removedJobs: number;
  readonly failedLost: number;
}

/** Drafts whose time is over end as canceled; their record goes with the next retention pass. */
async function expireDrafts(context: JobsContext): Promise<number> {
  const due = await context.db
    .selectFrom('jobs')
    .select(['id', 'account_id'])
    .where('status', '=', 'draft')
    .where('expires_at', '<', new Date())
    .limit(BATCH)
    .execute();
  for (const { id, account_id } of due) {
    await context.db.transaction().execute(async (trx) => {
      const job = await lockJob(trx, account_id, id);
      if (job?.status !== 'draft') return;
      const keepADay = new Date(Date.now() + 86_400_000);
      await endJob(trx, job, { status: 'canceled', billing: job.billing }, keepADay);
    });
    await removeObjects(context, id);
  }
  return due.length;
}

/** Records and objects both go; the ledger stays. */
async function removeExpired(context: JobsContext): Promise<number> {
  const due = await context.db
    .selectFrom('jobs')
    .select('id')
    .where('status', 'in', ['completed', 'failed', 'canceled'])
    .where('expires_at', '<', new Date())
    .limit(BATCH)
    .execute();
  for (const { id } of due) {
    await context.db.deleteFrom('jobs').where('id', '=', id).execute();
    await removeObjects(context, id);
  }
  return due.length;
}

/** Jobs that wait for a message the queue no longer has, because every delivery of it died. */
async function failLost(context: JobsContext): Promise<number> {
  const lost = await sql<{ id: string; account_id: string; queue_id: string }>`
    select j.id, j.account_id, j.queue_id from jobs j
    where j.status in ('queued', 'processing') and j.queued_at < now() - interval '5 seconds' and not exists (
      select 1 from pgboss.job b where b.name = 'solve' and b.id = j.queue_id and b.state in ('created', 'retry', 'active'))
    limit ${BATCH}`.execute(context.db);
  for (const { id, account_id, queue_id } of lost.rows) {
    await context.db.transaction().execute(async (trx) => {
      const job = await lockJob(trx, account_id, id);
      if (job === undefined || isTerminal(job.status) || job.queue_id !== queue_id) return;
      await endAsFailed(trx, job, new GaitwayError('processing_failed'), context.config.plans);
    });
  }
  return lost.rows.length;
}

export async function maintain(context: JobsContext): Promise<MaintenanceReport> {
  const failedLost = await failLost(context);
  const expiredDrafts = await expireDrafts(context);
  const removedJobs = await removeExpired(context);
  const keysOlderThan = new Date(Date.now() - context.config.limits.idempotencyKeySec * 1000);
  await context.db.deleteFrom('idempotency_keys').where('created_at', '<', keysOlderThan).execute();
  return { failedLost, expiredDrafts, removedJobs };
}

/** The job that an object belongs to, from its key. */
const jobOf = (key: string): string | undefined => /^(?:sources|uploads|artifacts)\/(mocap_[0-9a-f-]{36})(?:\/|$)/.exec(key)?.[1];

async function isWanted(context: JobsContext, key: string): Promise<boolean> {
  const jobId = jobOf(key);
  if (jobId === undefined) return true;
  const job = await context.db.selectFrom('jobs').select(['status', 'clip_key', 'run_token']).where('id', '=', jobId).executeTakeFirst();
  if (job === undefined) return false;
  if (key.startsWith('uploads/')) return job.status === 'draft';
  if (key.startsWith('sources/') || job.run_token !== null || job.clip_key === key) return true;
  return (await context.db.selectFrom('artifacts').select('key').where('key', '=', key).executeTakeFirst()) !== undefined;
}

/** Removes objects that no row speaks of: left by a delete that was cut off, a lost run, an upload that came too late. */
export async function sweepOrphans(context: JobsContext, olderThanMs: number = ORPHAN_AGE_MS): Promise<number> {
  const before = new Date(Date.now() - olderThanMs);
  let removed = await context.objects.sweepUnfinished(before);
  for (const prefix of ['uploads/', 'sources/', 'artifacts/']) {
    for await (const object of context.objects.list(prefix)) {
      if (object.storedAt >= before || (await isWanted(context, object.key))) continue;
      await context.objects.remove(object.key);
      removed++;
    }
  }
  return removed;
}
