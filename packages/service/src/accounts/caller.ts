import { sql } from 'kysely';
import type { Db, KeyMode, Pool } from '../database/schema.ts';
import { hashKey, isKey } from './keys.ts';

/** Who is asking, as far as a handler needs to know. */
export interface Caller {
  readonly accountId: string;
  readonly keyId: string;
  readonly mode: KeyMode;
  /** The pool follows the credential: keys spend API v-credits. */
  readonly pool: Pool;
  readonly scopes: readonly string[];
}

/** `null` for anything that is not a key in force. Last use is written at most once a minute, so polling does not write. */
export async function findCaller(db: Db, key: string): Promise<Caller | null> {
  if (!isKey(key)) return null;
  const row = await db
    .selectFrom('api_keys')
    .select(['id', 'account_id', 'mode', 'scopes', sql<boolean>`coalesce(last_used_at < now() - interval '1 minute', true)`.as('stale')])
    .where('sha256', '=', hashKey(key))
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  if (row === undefined) return null;
  if (row.stale) await db.updateTable('api_keys').set({ last_used_at: new Date() }).where('id', '=', row.id).execute();
  return { accountId: row.account_id, keyId: row.id, mode: row.mode, pool: 'api', scopes: row.scopes };
}
