import { z } from 'zod';
import { reviewJob } from '../../jobs/commands.ts';
import type { App, HttpContext } from '../context.ts';
import { callerOf } from '../plugins/auth.ts';
import { acceptedSchema, inData, jobParams } from '../schemas.ts';
import { stateView } from '../views/state-view.ts';

const reviewBody = z.object({
  reviews: z
    .array(
      z.object({
        targetId: z.string().max(100),
        verdict: z.enum(['approved', 'rejected']),
        reason: z.string().max(2_000).optional(),
        cleanupNotes: z.string().max(10_000).optional(),
      }),
    )
    .min(1)
    .max(8),
});

export function registerReviewJob(app: App, context: HttpContext): void {
  app.put(
    '/api/v1/mocap/jobs/:jobId/review',
    {
      config: { scope: 'jobs:write' },
      schema: {
        operationId: 'reviewJob',
        summary: 'Store your verdict on the outputs of a completed job',
        tags: ['jobs'],
        params: jobParams,
        body: reviewBody,
        response: { 200: inData(acceptedSchema) },
      },
    },
    async (request) => ({
      data: stateView(await reviewJob(context, callerOf(request), request.params.jobId, request.body.reviews)),
    }),
  );
}
