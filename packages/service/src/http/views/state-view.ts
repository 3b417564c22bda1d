import type { z } from 'zod';
import type { JobRow } from '../../jobs/rows.ts';
import type { acceptedSchema } from '../schemas.ts';

/** The short answer of operations that change a job. */
export const stateView = (job: JobRow): z.infer<typeof acceptedSchema> => ({
  jobId: job.id,
  status: job.status,
  attempt: job.attempt,
  vCredits: job.v_credits === 0 ? null : job.v_credits,
  errorCode: job.error_code,
  warnings: job.warnings,
});
