import type { Selectable } from 'kysely';
import { sql } from 'kysely';
import type { Db, JobEventsTable, Trx } from '../database/schema.ts';

export type JobEvent = Selectable<JobEventsTable>;

export interface NewEvent {
  readonly type: string;
  readonly targetId?: string;
  readonly code?: string;
  readonly message?: string;
}

/** Appends with the next number, taking phase and status from the job's row as it is now in this transaction. */
export async function appendEvent(trx: Trx, jobId: string, event: NewEvent): Promise<void> {
  const job = await trx
    .updateTable('jobs')
    .set({ event_seq: sql<number>`event_seq + 1`, updated_at: new Date() })
    .where('id', '=', jobId)
    .returning(['event_seq', 'phase', 'status'])
    .executeTakeFirstOrThrow();
  await trx
    .insertInto('job_events')
    .values({
      job_id: jobId,
      seq: job.event_seq,
      type: event.type,
      phase: job.phase,
      status: job.status,
      target_id: event.targetId ?? null,
      code: event.code ?? null,
      message: event.message ?? null,
    })
    .execute();
}

/** The newest `limit`, oldest of them first. */
export async function newestEvents(db: Db, jobId: string, limit: number): Promise<readonly JobEvent[]> {
  const rows = await db.selectFrom('job_events').selectAll().where('job_id', '=', jobId).orderBy('seq', 'desc').limit(limit).execute();
  return rows.reverse();
}

export function eventsAfter(db: Db, jobId: string, seq: number, limit: number): Promise<JobEvent[]> {
  return db.selectFrom('job_events').selectAll().where('job_id', '=', jobId).where('seq', '>', seq).orderBy('seq').limit(limit).execute();
}
