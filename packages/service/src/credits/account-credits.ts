import { lockAccount, membershipOf, type Plans } from '../accounts/accounts.ts';
import type { Plan } from '../config/config.ts';
import type { Db, Trx } from '../database/schema.ts';
import { type Balance, readBalance, topUp } from './balances.ts';

export interface AccountCredits {
  readonly api: Balance;
  readonly web: Balance;
  readonly planId: string;
  readonly unlimited: boolean;
}

const monthOf = (now: Date): string => now.toISOString().slice(0, 7);

/** The month's top-up happens when money is needed or looked at, with the account locked. */
export async function applyTopUps(trx: Trx, accountId: string, plan: Plan, now: Date): Promise<void> {
  await topUp(trx, accountId, 'web', plan.monthlyWebCredits, monthOf(now));
  await topUp(trx, accountId, 'api', plan.monthlyApiCredits, monthOf(now));
}

/** Both balances, this month's top-up included; also of an account whose plan is not in force, which gets none. */
export async function readCredits(db: Db, accountId: string, plans: Plans): Promise<AccountCredits> {
  const { planId, plan } = await membershipOf(db, accountId, plans);
  return db.transaction().execute(async (trx) => {
    await lockAccount(trx, accountId);
    if (plan !== null) await applyTopUps(trx, accountId, plan, new Date());
    const [api, web] = [await readBalance(trx, accountId, 'api'), await readBalance(trx, accountId, 'web')];
    return { api, web, planId, unlimited: plan?.unlimitedCredits ?? false };
  });
}
