/** What operators and machines ask: alive, ready, metrics. Public; metrics hold counts only. */

import { GaitwayError } from '@gaitway/motion/errors';
import { sql } from 'kysely';
import { z } from 'zod';
import type { App, HttpContext } from '../context.ts';

const stateSchema = z.object({ status: z.literal('ok') });
const OK = { status: 'ok' as const };
const READY_TIMEOUT_MS = 2_000;

async function askDatabase(context: HttpContext): Promise<void> {
  const late = AbortSignal.timeout(READY_TIMEOUT_MS);
  const timeout = new Promise<never>((_resolve, reject) => {
    late.addEventListener('abort', () => reject(late.reason), { once: true });
  });
  await Promise.race([sql`select 1`.execute(context.db), timeout]);
}

export function registerOperation(app: App, context: HttpContext): void {
  const schema = { tags: ['operation'], response: { 200: stateSchema } };
  app.get('/health/live', { schema: { ...schema, operationId: 'isLive', summary: 'The process answers' } }, async () => OK);
  app.get('/health/ready', { schema: { ...schema, operationId: 'isReady', summary: 'The database answers' } }, async () => {
    try {
      await askDatabase(context);
    } catch (cause) {
      throw new GaitwayError('service_unavailable', { cause });
    }
    return OK;
  });
  app.get('/metrics', { schema: { hide: true } }, async (_request, reply) => {
    const text = await context.metrics.registry.metrics();
    return reply.type(context.metrics.registry.contentType).send(text);
  });
}
