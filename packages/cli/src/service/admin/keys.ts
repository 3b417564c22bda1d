import { createKey, revokeKey, SCOPES } from '@gaitway/service/accounts/keys';
import { UsageError } from '../../command.ts';
import { type Action, oneOf, parseAction, requireAccount } from './action.ts';

const list: Action = {
  usage: 'keys list ACCOUNT',
  summary: 'the keys of an account: never the keys themselves, only how they begin',
  async run({ db }, args) {
    const [accountId] = parseAction(args, ['ACCOUNT'], {}).positionals;
    await requireAccount(db, accountId);
    const rows = await db
      .selectFrom('api_keys')
      .select(['id', 'name', 'prefix', 'mode', 'scopes', 'created_at as created', 'last_used_at as lastUsed', 'revoked_at as revoked'])
      .where('account_id', '=', accountId)
      .orderBy('id')
      .execute();
    return { rows };
  },
};

const create: Action = {
  usage: 'keys create ACCOUNT [--name TEXT] [--test] [--scopes LIST]',
  summary: 'a new key; it is shown this once. --test: runs a fixture and costs nothing',
  async run({ db }, args) {
    const { values, positionals } = parseAction(args, ['ACCOUNT'], {
      name: { type: 'string', default: 'Made by the administrator' },
      test: { type: 'boolean', default: false },
      scopes: { type: 'string' },
    });
    await requireAccount(db, positionals[0]);
    const scopes = values.scopes?.split(',').map((scope) => oneOf('--scopes', scope.trim(), SCOPES));
    const mode = values.test ? ('test' as const) : ('live' as const);
    const made = await createKey(db, { accountId: positionals[0], name: values.name, mode, ...(scopes && { scopes }) });
    return { text: `${made.id}\n${made.key}` };
  },
};

const revoke: Action = {
  usage: 'keys revoke KEY_ID',
  summary: 'a key stops working at once',
  async run({ db }, args) {
    const [keyId] = parseAction(args, ['KEY_ID'], {}).positionals;
    if (!(await revokeKey(db, keyId))) throw new UsageError(`There is no key "${keyId}" in force.`);
    return { text: `${keyId} is revoked.` };
  },
};

export const keyActions: readonly Action[] = [list, create, revoke];
