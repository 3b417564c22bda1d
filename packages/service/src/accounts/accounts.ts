import { GaitwayError } from '@gaitway/motion/errors';
import { sql } from 'kysely';
import { uuidv7 } from 'uuidv7';
import type { Plan } from '../config/config.ts';
import type { Db, Trx } from '../database/schema.ts';
import { createKey } from './keys.ts';

const OWNER_LOCK = 7_305_021;

export type Plans = Readonly<Record<string, Plan>>;

export async function createAccount(db: Db | Trx, name: string, planId: string): Promise<string> {
  const id = `account_${uuidv7()}`;
  await db.insertInto('accounts').values({ id, name, plan_id: planId }).execute();
  return id;
}

/** The first start of an installation makes its owner, with an unlimited plan; later starts return null. */
export async function createOwnerOnce(db: Db): Promise<string | null> {
  return db.transaction().execute(async (trx) => {
    // Two nodes may start at once.
    await sql`select pg_advisory_xact_lock(${OWNER_LOCK})`.execute(trx);
    const existing = await trx.selectFrom('accounts').select('id').limit(1).executeTakeFirst();
    if (existing !== undefined) return null;
    const accountId = await createAccount(trx, 'Owner', 'owner');
    const { key } = await createKey(trx, { accountId, name: 'First key' });
    return key;
  });
}

export interface Membership {
  readonly planId: string;
  /** null: the account or its plan is switched off, or the plan is no longer configured. */
  readonly plan: Plan | null;
}

export async function membershipOf(db: Db | Trx, accountId: string, plans: Plans): Promise<Membership> {
  const row = await db.selectFrom('accounts').select(['plan_id', 'plan_active']).where('id', '=', accountId).executeTakeFirstOrThrow();
  const plan = Object.hasOwn(plans, row.plan_id) ? plans[row.plan_id] : null;
  return { planId: row.plan_id, plan: plan?.active && row.plan_active ? plan : null };
}

/** The plan an account is on. `api_plan_inactive` where there is none in force. */
export async function requirePlan(db: Db | Trx, accountId: string, plans: Plans): Promise<Plan> {
  const { plan } = await membershipOf(db, accountId, plans);
  if (plan === null) throw new GaitwayError('api_plan_inactive');
  return plan;
}

/** Serialises what changes an account's slots and money; taken first and alone in its statement, so that no two orders of locks meet. */
export async function lockAccount(trx: Trx, accountId: string): Promise<void> {
  await trx.selectFrom('accounts').select('id').where('id', '=', accountId).forUpdate().executeTakeFirstOrThrow();
}
