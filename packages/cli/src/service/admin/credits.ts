import { lockAccount } from '@gaitway/service/accounts/accounts';
import { readBalance } from '@gaitway/service/credits/balances';
import { book } from '@gaitway/service/credits/ledger';
import type { EntryKind } from '@gaitway/service/database/schema';
import { UsageError } from '../../command.ts';
import { type Action, type AdminContext, type Outcome, oneOf, parseAction, requireAccount, wholeNumber } from './action.ts';

const POOLS = ['api', 'web'] as const;
const MAX_AMOUNT = 1_000_000_000;

const OPTIONS = {
  pool: { type: 'string', default: 'api' },
  note: { type: 'string' },
  reference: { type: 'string' },
} as const;

/** One entry; with a reference it is booked once, however often the command is run. */
async function bookEntry({ db }: AdminContext, args: readonly string[], kind: EntryKind, min: number): Promise<Outcome> {
  const { values, positionals } = parseAction(args, ['ACCOUNT', 'AMOUNT'], OPTIONS);
  const accountId = positionals[0];
  const pool = oneOf('--pool', values.pool, POOLS);
  const amount = wholeNumber('AMOUNT', positionals[1], min, MAX_AMOUNT);
  await requireAccount(db, accountId);
  const booked = await db.transaction().execute(async (trx) => {
    await lockAccount(trx, accountId);
    const { available } = await readBalance(trx, accountId, pool);
    if (available + amount < 0) throw new UsageError(`${accountId} has only ${available} ${pool} credits.`);
    return book(trx, { accountId, pool, kind, amount, note: values.note ?? 'By the administrator', reference: values.reference });
  });
  const { available } = await readBalance(db, accountId, pool);
  const done = booked ? 'Booked' : 'This reference has been booked before, nothing changed';
  return { text: `${done}; ${accountId} has ${available} ${pool} credits.` };
}

const grant: Action = {
  usage: 'credits grant ACCOUNT AMOUNT [--pool api|web] [--note TEXT] [--reference TEXT]',
  summary: 'give credits; the same reference is booked once',
  run: (context, args) => bookEntry(context, args, 'grant', 1),
};

const adjust: Action = {
  usage: 'credits adjust ACCOUNT AMOUNT [--pool api|web] [--note TEXT] [--reference TEXT]',
  summary: 'correct a balance up or down (write a negative amount after "--")',
  run: (context, args) => bookEntry(context, args, 'adjust', -MAX_AMOUNT),
};

const entries: Action = {
  usage: 'credits entries ACCOUNT',
  summary: 'the newest 200 entries of the ledger',
  async run({ db }, args) {
    const [accountId] = parseAction(args, ['ACCOUNT'], {}).positionals;
    await requireAccount(db, accountId);
    const rows = await db
      .selectFrom('ledger_entries')
      .select(['id', 'at', 'pool', 'kind', 'amount', 'job_id as job', 'attempt', 'note', 'reference'])
      .where('account_id', '=', accountId)
      .orderBy('id', 'desc')
      .limit(200)
      .execute();
    return { rows };
  },
};

export const creditActions: readonly Action[] = [grant, adjust, entries];
