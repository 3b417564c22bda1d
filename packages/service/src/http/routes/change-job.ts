/** Cancel and retry: POSTs without a body that answer with the state of the job. */
import type { Caller } from '../../accounts/caller.ts';
import { cancelJob, retryJob } from '../../jobs/commands.ts';
import type { JobRow } from '../../jobs/rows.ts';
import type { App, HttpContext } from '../context.ts';
import { callerOf } from '../plugins/auth.ts';
import { acceptedSchema, emptyBody, inData, jobParams } from '../schemas.ts';
import { stateView } from '../views/state-view.ts';

type Change = (context: HttpContext, caller: Caller, jobId: string) => Promise<JobRow>;

function registerChange(app: App, context: HttpContext, verb: string, summary: string, change: Change): void {
  app.post(
    `/api/v1/mocap/jobs/:jobId/${verb}`,
    {
      config: { scope: 'jobs:write' },
      schema: {
        operationId: `${verb}Job`,
        summary,
        tags: ['jobs'],
        params: jobParams,
        body: emptyBody,
        response: { 200: inData(acceptedSchema) },
      },
    },
    async (request) => ({ data: stateView(await change(context, callerOf(request), request.params.jobId)) }),
  );
}

export function registerChangeJob(app: App, context: HttpContext): void {
  registerChange(app, context, 'cancel', 'Stop a job; free before preflight has passed', cancelJob);
  registerChange(
    app,
    context,
    'retry',
    'The next attempt of a job that failed by no fault of its source; free where only some of its targets had failed',
    retryJob,
  );
}
