import { GaitwayError } from '@gaitway/motion/errors';
import type { Db } from '../database/schema.ts';

/** A source takes uploads while its job is a draft whose file has not been admitted. */
export const uploadGuard =
  (db: Db) =>
  async (key: string): Promise<void> => {
    const jobId = key.split('/')[1] ?? '';
    const job = await db.selectFrom('jobs').select(['status', 'source_key', 'upload_key']).where('id', '=', jobId).executeTakeFirst();
    if (job === undefined || job.upload_key !== key) throw new GaitwayError('job_not_found', { stage: 'upload' });
    if (job.status !== 'draft' || job.source_key !== null) throw new GaitwayError('source_replaced');
  };

/** The file is whole and on disk. */
export const uploadArrived =
  (db: Db) =>
  async ({ key }: { readonly key: string }): Promise<void> => {
    await db
      .updateTable('jobs')
      .set({ phase: 'uploaded', last_stage: 'upload', updated_at: new Date() })
      .where('upload_key', '=', key)
      .where('id', '=', key.split('/')[1] ?? '')
      .where('status', '=', 'draft')
      .execute();
  };
