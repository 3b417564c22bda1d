import { ERRORS, type ErrorCode, GaitwayError, type Stage } from '@gaitway/motion/errors';
import { completeUpload } from '../../jobs/admit.ts';
import type { App, HttpContext } from '../context.ts';
import { callerOf } from '../plugins/auth.ts';
import { acceptedSchema, emptyBody, inData, jobParams } from '../schemas.ts';
import { stateView } from '../views/state-view.ts';

/** A source that was refused at admission: repeated as often as the caller asks. */
const refusal = (code: string, stage: string | null, message: string | null, jobId: string): GaitwayError =>
  new GaitwayError(code in ERRORS ? (code as ErrorCode) : 'source_unreadable', {
    ...(stage !== null && { stage: stage as Stage }),
    ...(message !== null && { message }),
    facts: { jobId, jobStatus: 'failed' },
  });

export function registerCompleteUpload(app: App, context: HttpContext): void {
  app.post(
    '/api/v1/mocap/jobs/:jobId/complete-upload',
    {
      config: { scope: 'jobs:write' },
      schema: {
        operationId: 'completeUpload',
        summary: 'Admit the uploaded source: checked, paid for and queued; repeating it is safe',
        tags: ['jobs'],
        params: jobParams,
        body: emptyBody,
        response: { 200: inData(acceptedSchema) },
      },
    },
    async (request) => {
      const job = await completeUpload(context, callerOf(request), request.params.jobId);
      const refused = job.status === 'failed' && job.queued_at === null && job.error_code !== null;
      if (refused) throw refusal(job.error_code ?? '', job.error_stage, job.error_message, job.id);
      return { data: stateView(job) };
    },
  );
}
