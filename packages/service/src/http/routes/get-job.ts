import { z } from 'zod';
import { newestEvents } from '../../jobs/events.ts';
import { forecast } from '../../jobs/forecast.ts';
import { isDelivered } from '../../jobs/redelivery.ts';
import { requireJob } from '../../jobs/rows.ts';
import type { App, HttpContext } from '../context.ts';
import { callerOf } from '../plugins/auth.ts';
import { inData, jobParams } from '../schemas.ts';
import { eventSchema, eventView, jobSchema, jobView } from '../views/job-view.ts';
import { resultSchema, resultView } from '../views/result-view.ts';

const EVENTS_IN_POLL = 50;

export function registerGetJob(app: App, context: HttpContext): void {
  app.get(
    '/api/v1/mocap/jobs/:jobId',
    {
      config: { scope: 'jobs:read' },
      schema: {
        operationId: 'getJob',
        summary: 'Poll a job',
        tags: ['jobs'],
        params: jobParams,
        response: { 200: inData(z.object({ job: jobSchema, events: z.array(eventSchema), result: resultSchema.nullable() })) },
      },
    },
    async (request, reply) => {
      const job = await requireJob(context.db, callerOf(request).accountId, request.params.jobId);
      const prediction = await forecast(context.db, job, context.config.worker.concurrency, await context.pace());
      const events = await newestEvents(context.db, job.id, EVENTS_IN_POLL);
      if (prediction.pollAfterSec > 0) reply.header('retry-after', String(prediction.pollAfterSec));
      const result = isDelivered(job) ? await resultView(context, job) : null;
      return { data: { job: jobView(job, prediction), events: events.map(eventView), result } };
    },
  );
}
