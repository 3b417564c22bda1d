import { GaitwayError } from '@gaitway/motion/errors';
import { isDelivered } from '../../jobs/redelivery.ts';
import { requireJob } from '../../jobs/rows.ts';
import { isTerminal } from '../../jobs/states.ts';
import type { App, HttpContext } from '../context.ts';
import { callerOf } from '../plugins/auth.ts';
import { inData, jobParams } from '../schemas.ts';
import { resultSchema, resultView } from '../views/result-view.ts';

export function registerGetResult(app: App, context: HttpContext): void {
  app.get(
    '/api/v1/mocap/jobs/:jobId/result',
    {
      config: { scope: 'jobs:read' },
      schema: {
        operationId: 'getResult',
        summary: 'The outputs of a job that ended, with freshly signed URLs',
        tags: ['jobs'],
        params: jobParams,
        response: { 200: inData(resultSchema) },
      },
    },
    async (request) => {
      const job = await requireJob(context.db, callerOf(request).accountId, request.params.jobId);
      if (!isTerminal(job.status) && !isDelivered(job)) throw new GaitwayError('result_not_ready', { facts: { jobStatus: job.status } });
      return { data: await resultView(context, job) };
    },
  );
}
