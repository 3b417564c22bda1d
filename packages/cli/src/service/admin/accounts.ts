import { createAccount } from '@gaitway/service/accounts/accounts';
import type { Config } from '@gaitway/service/config/config';
import { UsageError } from '../../command.ts';
import { type Action, parseAction, requireAccount } from './action.ts';

function requirePlanName(config: Config, plan: string): string {
  if (!Object.hasOwn(config.plans, plan))
    throw new UsageError(`There is no plan "${plan}"; there are ${Object.keys(config.plans).join(', ')}.`);
  return plan;
}

const list: Action = {
  usage: 'accounts list',
  summary: 'accounts, their plans and API v-credits',
  async run({ db }) {
    const rows = await db
      .selectFrom('accounts')
      .leftJoin('balances', (join) => join.onRef('balances.account_id', '=', 'accounts.id').on('balances.pool', '=', 'api'))
      .select([
        'accounts.id',
        'name',
        'plan_id as plan',
        'plan_active as active',
        'available',
        'reserved',
        'spent',
        'created_at as created',
      ])
      .orderBy('accounts.id')
      .limit(10_000)
      .execute();
    return { rows };
  },
};

const create: Action = {
  usage: 'accounts create NAME [--plan PLAN]',
  summary: 'a new account (plan: free)',
  async run({ db, config }, args) {
    const { values, positionals } = parseAction(args, ['NAME'], { plan: { type: 'string', default: 'free' } });
    return { text: await createAccount(db, positionals[0], requirePlanName(config, values.plan)) };
  },
};

const plan: Action = {
  usage: 'accounts plan ACCOUNT PLAN',
  summary: 'put an account on a plan, active from now',
  async run({ db, config }, args) {
    const [accountId, planName] = parseAction(args, ['ACCOUNT', 'PLAN'], {}).positionals;
    await requireAccount(db, accountId);
    const changes = { plan_id: requirePlanName(config, planName), plan_active: true };
    await db.updateTable('accounts').set(changes).where('id', '=', accountId).execute();
    return { text: `${accountId} is on ${planName}.` };
  },
};

const suspend: Action = {
  usage: 'accounts suspend ACCOUNT',
  summary: 'no new jobs for an account until it is put on a plan again',
  async run({ db }, args) {
    const [accountId] = parseAction(args, ['ACCOUNT'], {}).positionals;
    await requireAccount(db, accountId);
    await db.updateTable('accounts').set({ plan_active: false }).where('id', '=', accountId).execute();
    return { text: `${accountId} is suspended.` };
  },
};

const plans: Action = {
  usage: 'plans',
  summary: 'the plans of this installation',
  run: async ({ config }) => ({ rows: Object.values(config.plans).map((entry) => ({ ...entry })) }),
};

export const accountActions: readonly Action[] = [list, create, plan, suspend, plans];
