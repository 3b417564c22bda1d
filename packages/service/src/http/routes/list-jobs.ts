import { z } from 'zod';
import { listJobs } from '../../jobs/list-jobs.ts';
import type { App, HttpContext } from '../context.ts';
import { callerOf } from '../plugins/auth.ts';
import { pageQuery, unlessEmpty } from '../schemas.ts';
import { jobSchema, jobView, statusSchema } from '../views/job-view.ts';

/** A list does not ask the queue about every job. */
const NO_FORECAST = { queuePosition: null, etaSec: null, pollAfterSec: 5 };

export function registerListJobs(app: App, context: HttpContext): void {
  app.get(
    '/api/v1/mocap/jobs',
    {
      config: { scope: 'jobs:read' },
      schema: {
        operationId: 'listJobs',
        summary: 'Jobs, newest first',
        tags: ['jobs'],
        querystring: z.object({ ...pageQuery, status: unlessEmpty(statusSchema.optional()) }),
        response: { 200: z.object({ data: z.array(jobSchema), nextCursor: z.string().nullable() }) },
      },
    },
    async (request) => {
      const { status, cursor, limit } = request.query;
      const { accountId } = callerOf(request);
      const jobs = await listJobs(context.db, { accountId, status, before: cursor, limit: limit + 1 });
      const page = jobs.slice(0, limit);
      return {
        data: page.map((job) => jobView(job, NO_FORECAST)),
        nextCursor: jobs.length > limit ? (page.at(-1)?.id ?? null) : null,
      };
    },
  );
}
