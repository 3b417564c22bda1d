/** What operators and machines ask: alive, ready, metrics. Public; metrics hold counts only. */

import { GaitwayError } from '@gaitway/motion/errors';
import { z } from 'zod';
import { ping } from '../../database/ping.ts';
import type { App, HttpContext } from '../context.ts';

const stateSchema = z.object({ status: z.literal('ok') });
const OK = { status: 'ok' as const };
const READY_TIMEOUT_MS = 5_000;

export function registerOperation(app: App, context: HttpContext): void {
  const schema = { tags: ['operation'], response: { 200: stateSchema } };
  app.get('/health/live', { schema: { ...schema, operationId: 'isLive', summary: 'The process answers' } }, async () => OK);
  app.get('/health/ready', { schema: { ...schema, operationId: 'isReady', summary: 'The database answers' } }, async () => {
    try {
      await ping(context.db, READY_TIMEOUT_MS);
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
