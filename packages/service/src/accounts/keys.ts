/** API keys: shown once, kept as SHA-256 (they are 192 random bits: no slow hash is needed), told apart by their first characters. */
import { createHash, randomBytes } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import type { Db, KeyMode, Trx } from '../database/schema.ts';

export const SCOPES = ['jobs:read', 'jobs:write', 'credits:read'] as const;
export type Scope = (typeof SCOPES)[number];

const KEY = /^sk-(test-)?[A-Za-z0-9_-]{32}$/;

export const hashKey = (key: string): string => createHash('sha256').update(key).digest('hex');
export const isKey = (text: string): boolean => KEY.test(text);

export interface NewKey {
  readonly id: string;
  /** The only time it is seen. */
  readonly key: string;
}

export interface KeyOptions {
  readonly accountId: string;
  readonly name: string;
  readonly mode?: KeyMode;
  readonly scopes?: readonly Scope[];
}

export async function createKey(db: Db | Trx, options: KeyOptions): Promise<NewKey> {
  const mode = options.mode ?? 'live';
  const key = `sk-${mode === 'test' ? 'test-' : ''}${randomBytes(24).toString('base64url')}`;
  const id = `key_${uuidv7()}`;
  await db
    .insertInto('api_keys')
    .values({
      id,
      account_id: options.accountId,
      name: options.name,
      sha256: hashKey(key),
      prefix: key.slice(0, mode === 'test' ? 12 : 7),
      mode,
      scopes: [...(options.scopes ?? SCOPES)],
    })
    .execute();
  return { id, key };
}

export async function revokeKey(db: Db, keyId: string): Promise<boolean> {
  const result = await db
    .updateTable('api_keys')
    .set({ revoked_at: new Date() })
    .where('id', '=', keyId)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}
