import { z } from 'zod';
import { requirePlan } from '../../accounts/accounts.ts';
import { price } from '../../credits/price.ts';
import { createJob, signSource } from '../../jobs/create-job.ts';
import { type JobRow, requireJob } from '../../jobs/rows.ts';
import type { App, HttpContext } from '../context.ts';
import { callerOf } from '../plugins/auth.ts';
import { idempotencyKeyOf } from '../plugins/idempotency.ts';
import { inData } from '../schemas.ts';
import { createJobBody, newJobOf } from './create-job-body.ts';

const answerSchema = inData(
  z.object({
    jobId: z.string(),
    status: z.literal('draft'),
    mocapType: z.enum(['full_body', 'upper_body']),
    targetIds: z.array(z.string()),
    uploadUrl: z.string(),
    sourceKey: z.string(),
    uploadExpiresAt: z.iso.datetime(),
    estimate: z.object({ vCredits: z.int().nullable() }),
    warnings: z.array(z.string()),
  }),
);

async function answer(context: HttpContext, job: JobRow, estimatedMs: number | null) {
  const plan = await requirePlan(context.db, job.account_id, context.config.plans);
  const { url, expiresAt } = await signSource(context, job, plan);
  return {
    data: {
      jobId: job.id,
      status: 'draft' as const,
      mocapType: job.mocap_type,
      targetIds: job.target_ids,
      uploadUrl: url,
      sourceKey: job.upload_key,
      uploadExpiresAt: expiresAt.toISOString(),
      estimate: { vCredits: estimatedMs === null ? null : price(estimatedMs) },
      warnings: job.warnings,
    },
  };
}

/** What the hints say will be billed; null if they say too little. */
function estimateMs(startSec: number, endSec: number | null, sourceSec: number | null): number | null {
  const end = sourceSec === null ? endSec : Math.min(endSec ?? sourceSec, sourceSec);
  return end === null ? null : Math.round((end - startSec) * 1000);
}

export function registerCreateJob(app: App, context: HttpContext): void {
  app.post(
    '/api/v1/mocap/jobs',
    {
      config: { scope: 'jobs:write' },
      schema: {
        operationId: 'createJob',
        summary: 'Create a job; free',
        tags: ['jobs'],
        body: createJobBody,
        response: { 200: answerSchema },
      },
    },
    async (request) => {
      const wanted = await newJobOf(request.body);
      const caller = callerOf(request);
      const earlier = request.earlierJobId;
      const job =
        earlier === null
          ? await createJob(context, caller, wanted, idempotencyKeyOf(request))
          : await requireJob(context.db, caller.accountId, earlier);
      return answer(context, job, estimateMs(wanted.trimStartSec, wanted.trimEndSec, wanted.sourceDurationSec));
    },
  );
}
