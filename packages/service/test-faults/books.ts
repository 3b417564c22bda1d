/** The lane's own view of the database and the store, and the account whose money is at stake. */
import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { createAccount } from '../src/accounts/accounts.ts';
import { createKey } from '../src/accounts/keys.ts';
import type { Config } from '../src/config/config.ts';
import { book } from '../src/credits/ledger.ts';
import { connect } from '../src/database/connect.ts';
import type { Db } from '../src/database/schema.ts';
import type { JobsContext } from '../src/jobs/context.ts';
import { openObjects } from '../src/objects/open-objects.ts';
import { createBoss } from '../src/queue/boss.ts';

export interface Books {
  readonly apiKey: string;
  readonly context: JobsContext;
  readonly runningJobs: () => Promise<readonly string[]>;
  /** Of these jobs, those that no worker has taken up again since (nor ended). */
  readonly notYetRunAgain: (jobIds: readonly string[], since: Date) => Promise<readonly string[]>;
  close(): Promise<void>;
}

const CREDITS = 10_000_000;

async function openAccount(db: Db): Promise<string> {
  return db.transaction().execute(async (trx) => {
    const accountId = await createAccount(trx, 'Under fire', 'premium');
    await book(trx, { accountId, pool: 'api', kind: 'grant', amount: CREDITS, reference: randomUUID() });
    return (await createKey(trx, { accountId, name: 'lane' })).key;
  });
}

async function notYetRunAgain(db: Db, jobIds: readonly string[], since: Date): Promise<readonly string[]> {
  const again = await db
    .selectFrom('job_events')
    .select('job_id')
    .where('job_id', 'in', [...jobIds])
    .where('at', '>', since)
    .where('type', 'in', ['run_started', 'run_restarted', 'job_completed', 'job_failed', 'job_canceled'])
    .execute();
  const ids = new Set(again.map((row) => row.job_id));
  return jobIds.filter((id) => !ids.has(id));
}

export async function openBooks(config: Config, connectionString: string): Promise<Books> {
  const { db, close } = connect({ connectionString, poolSize: 3, applicationName: 'faults', onError: () => {} });
  const context: JobsContext = {
    db,
    boss: createBoss(connectionString, { supervise: false, migrate: false, onError: () => {} }),
    objects: (await openObjects(config)).objects,
    config,
    probe: () => Promise.reject(new Error('the lane measures nothing itself')),
    log: pino({ level: 'silent' }),
  };
  return {
    apiKey: await openAccount(db),
    context,
    async runningJobs() {
      const rows = await db.selectFrom('jobs').select('id').where('status', '=', 'processing').execute();
      return rows.map((row) => row.id);
    },
    notYetRunAgain: (jobIds, since) => notYetRunAgain(db, jobIds, since),
    close,
  };
}
