/** Server-sent events of one job, from `Last-Event-ID` on; the stream ends with the job. */
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { GaitwayError } from '@gaitway/motion/errors';
import { eventsAfter, type JobEvent } from '../../jobs/events.ts';
import { jobHasEnded, requireJob } from '../../jobs/rows.ts';
import type { App, HttpContext } from '../context.ts';
import { callerOf } from '../plugins/auth.ts';
import { jobParams } from '../schemas.ts';
import { eventView } from '../views/job-view.ts';

const POLL_MS = 1_000;
const QUIET_POLLS_BEFORE_COMMENT = 15;
const MAX_STREAM_MS = 15 * 60_000;
const MAX_STREAMS = 200;
const BATCH = 200;
/** The column is an int4. */
const MAX_SEQ = 2 ** 31 - 1;

const frame = (event: JobEvent): string => `id: ${event.seq}\nevent: ${event.type}\ndata: ${JSON.stringify(eventView(event))}\n\n`;

function lastSeq(header: string | string[] | undefined): number {
  const seq = Number(header ?? 0);
  return Number.isInteger(seq) && seq > 0 ? Math.min(seq, MAX_SEQ) : 0;
}

/** True when the client can take no more right now: the next poll waits for it. */
function write(response: ServerResponse, text: string): Promise<void> | undefined {
  if (response.write(text)) return undefined;
  return new Promise((resolve) => {
    response.once('drain', resolve);
    response.once('close', resolve);
  });
}

async function stream(context: HttpContext, jobId: string, from: number, response: ServerResponse, ended: AbortSignal): Promise<void> {
  let seq = from;
  let quiet = 0;
  while (!ended.aborted) {
    // Asked first: the last event is written together with the end, so that a reading after the end has it.
    const isOver = await jobHasEnded(context.db, jobId);
    const events = await eventsAfter(context.db, jobId, seq, BATCH);
    for (const event of events) await write(response, frame(event));
    seq = events.at(-1)?.seq ?? seq;
    if (events.length === BATCH) continue;
    if (isOver) return;
    quiet = events.length > 0 ? 0 : quiet + 1;
    if (quiet % QUIET_POLLS_BEFORE_COMMENT === 1) await write(response, ': waiting\n\n');
    await sleep(POLL_MS, undefined, { signal: ended }).catch(() => {});
  }
}

export function registerJobEvents(app: App, context: HttpContext): void {
  let open = 0;
  app.get(
    '/api/v1/mocap/jobs/:jobId/events',
    {
      config: { scope: 'jobs:read' },
      schema: { operationId: 'streamJobEvents', summary: 'Events as they happen (text/event-stream)', tags: ['jobs'], params: jobParams },
    },
    async (request, reply) => {
      const job = await requireJob(context.db, callerOf(request).accountId, request.params.jobId);
      if (open >= MAX_STREAMS) throw new GaitwayError('service_unavailable', { message: 'Too many event streams are open; poll the job.' });
      const gone = new AbortController();
      reply.raw.on('close', () => gone.abort());
      const ended = AbortSignal.any([gone.signal, context.closing, AbortSignal.timeout(MAX_STREAM_MS)]);
      reply.hijack();
      reply.raw.writeHead(200, {
        ...(reply.getHeaders() as OutgoingHttpHeaders),
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-request-id': request.id,
      });
      open++;
      try {
        await stream(context, job.id, lastSeq(request.headers['last-event-id']), reply.raw, ended);
      } catch (error) {
        request.log.warn({ err: error }, 'the event stream broke off');
      } finally {
        open--;
        reply.raw.end();
      }
    },
  );
}
