import type { Db, JobStatus } from '../database/schema.ts';
import type { JobRow } from './rows.ts';

export interface JobQuery {
  readonly accountId: string;
  readonly status?: JobStatus;
  /** Only jobs older than this id: ids are UUIDv7, so they sort by time. */
  readonly before?: string;
  readonly limit: number;
}

/** Newest first. */
export function listJobs(db: Db, query: JobQuery): Promise<JobRow[]> {
  let select = db.selectFrom('jobs').selectAll().where('account_id', '=', query.accountId);
  if (query.status !== undefined) select = select.where('status', '=', query.status);
  if (query.before !== undefined) select = select.where('id', '<', query.before);
  return select.orderBy('id', 'desc').limit(query.limit).execute();
}
