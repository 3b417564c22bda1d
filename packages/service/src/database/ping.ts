import { sql } from 'kysely';
import type { Db } from './schema.ts';

/** Resolves when the database has answered; rejects when it does not within the time. */
export async function ping(db: Db, timeoutMs: number): Promise<void> {
  const late = AbortSignal.timeout(timeoutMs);
  const timeout = new Promise<never>((_resolve, reject) => {
    late.addEventListener('abort', () => reject(late.reason), { once: true });
  });
  await Promise.race([sql`select 1`.execute(db), timeout]);
}
