import { z } from 'zod';
import { atCreate, quote } from '../../jobs/create-job.ts';
import { resolveTrim } from '../../jobs/trim.ts';
import type { App, HttpContext } from '../context.ts';
import { callerOf } from '../plugins/auth.ts';
import { inData } from '../schemas.ts';

export function registerQuote(app: App, context: HttpContext): void {
  app.post(
    '/api/v1/mocap/quotes',
    {
      config: { scope: 'jobs:read' },
      schema: {
        operationId: 'createQuote',
        summary: 'What a clip would cost',
        tags: ['credits'],
        body: z.looseObject({
          sourceDurationSec: z.number().positive().max(86_400),
          trimStartSec: z.number().min(0).max(86_400).default(0),
          trimEndSec: z.number().min(0).max(86_400).nullish(),
        }),
        response: {
          200: inData(
            z.object({
              vCredits: z.int(),
              charged: z.int().meta({ description: '0 for test keys and unlimited plans.' }),
              available: z.int(),
              sufficient: z.boolean(),
            }),
          ),
        },
      },
    },
    async (request) => {
      const { sourceDurationSec, trimStartSec, trimEndSec } = request.body;
      const { durationMs } = atCreate(() => resolveTrim(trimStartSec, trimEndSec ?? null, sourceDurationSec));
      return { data: await quote(context, callerOf(request), durationMs) };
    },
  );
}
