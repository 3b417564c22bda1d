import { createAccount } from '@gaitway/service/accounts/accounts';
import { createKey } from '@gaitway/service/accounts/keys';
import type { Db } from '@gaitway/service/database/schema';

/** One account and one key a client; the owner's plan, so that no limit but the server's own is met. */
export async function openAccounts(db: Db, count: number): Promise<string[]> {
  const keys: string[] = [];
  for (let index = 0; index < count; index++) {
    const accountId = await createAccount(db, `Client ${index}`, 'owner');
    keys.push((await createKey(db, { accountId, name: 'bench' })).key);
  }
  return keys;
}
