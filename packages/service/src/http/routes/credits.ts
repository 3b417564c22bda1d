import { z } from 'zod';
import { lockAccount, requirePlan } from '../../accounts/accounts.ts';
import { readBalance } from '../../credits/balances.ts';
import { applyTopUps } from '../../jobs/money.ts';
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
      const { accountId } = callerOf(request);
      const plan = await requirePlan(context.db, accountId, context.config.plans);
      return context.db.transaction().execute(async (trx) => {
        await lockAccount(trx, accountId);
        await applyTopUps(trx, accountId, plan, new Date());
        const [api, web] = [await readBalance(trx, accountId, 'api'), await readBalance(trx, accountId, 'web')];
        return { data: { api, web, plan: plan.id, unlimited: plan.unlimitedCredits } };
      });
    },
  );
}
