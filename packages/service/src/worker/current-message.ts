import type { Db } from '../database/schema.ts';
import type { SolveMessage } from '../queue/boss.ts';

/** False once the job was canceled, ended, deleted or begun anew. */
export async function isCurrentMessage(db: Db, message: SolveMessage, queueId: string): Promise<boolean> {
  const job = await db.selectFrom('jobs').select(['status', 'attempt', 'queue_id']).where('id', '=', message.jobId).executeTakeFirst();
  if (job === undefined || job.attempt !== message.attempt || job.queue_id !== queueId) return false;
  return job.status === 'queued' || job.status === 'processing';
}
