import { z } from 'zod';
import { readCredits } from '../../credits/account-credits.ts';
import type { App, HttpContext } from '../context.ts';
import { callerOf } from '../plugins/auth.ts';
import { inData } from '../schemas.ts';

const balanceSchema = z.object({ available: z.int(), reserved: z.int(), spent: z.int() });

export function registerCredits(app: App, context: HttpContext): void {
  app.get(
    '/api/v1/credits',
    {
      config: { scope: 'credits:read' },
      schema: {
        operationId: 'getCredits',
        summary: 'Both balances and the plan',
        tags: ['credits'],
        response: { 200: inData(z.object({ api: balanceSchema, web: balanceSchema, plan: z.string(), unlimited: z.boolean() })) },
      },
    },
    async (request) => {
      const { api, web, planId, unlimited } = await readCredits(context.db, callerOf(request).accountId, context.config.plans);
      return { data: { api, web, plan: planId, unlimited } };
    },
  );
}
