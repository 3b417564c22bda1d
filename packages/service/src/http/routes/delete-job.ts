import { z } from 'zod';
import { deleteJob } from '../../jobs/commands.ts';
import type { App, HttpContext } from '../context.ts';
import { callerOf } from '../plugins/auth.ts';
import { inData, jobParams } from '../schemas.ts';

export function registerDeleteJob(app: App, context: HttpContext): void {
  app.delete(
    '/api/v1/mocap/jobs/:jobId',
    {
      config: { scope: 'jobs:write' },
      schema: {
        operationId: 'deleteJob',
        summary: 'Remove a job with its source and files; the ledger stays',
        tags: ['jobs'],
        params: jobParams,
        response: { 200: inData(z.object({ jobId: z.string(), deleted: z.literal(true) })) },
      },
    },
    async (request) => {
      const { jobId } = request.params;
      await deleteJob(context, callerOf(request), jobId);
      return { data: { jobId, deleted: true as const } };
    },
  );
}
