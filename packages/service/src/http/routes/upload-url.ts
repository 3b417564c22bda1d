import { z } from 'zod';
import { renewUpload } from '../../jobs/create-job.ts';
import type { App, HttpContext } from '../context.ts';
import { callerOf } from '../plugins/auth.ts';
import { emptyBody, inData, jobParams } from '../schemas.ts';

export function registerUploadUrl(app: App, context: HttpContext): void {
  app.post(
    '/api/v1/mocap/jobs/:jobId/upload-url',
    {
      config: { scope: 'jobs:write' },
      schema: {
        operationId: 'renewUploadUrl',
        summary: 'A fresh upload URL for a job whose source has not been admitted',
        tags: ['jobs'],
        params: jobParams,
        body: emptyBody,
        response: {
          200: inData(z.object({ jobId: z.string(), uploadUrl: z.string(), sourceKey: z.string(), uploadExpiresAt: z.iso.datetime() })),
        },
      },
    },
    async (request) => {
      const { job, url, expiresAt } = await renewUpload(context, callerOf(request), request.params.jobId);
      return { data: { jobId: job.id, uploadUrl: url, sourceKey: job.upload_key, uploadExpiresAt: expiresAt.toISOString() } };
    },
  );
}
