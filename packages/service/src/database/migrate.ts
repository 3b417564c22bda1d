import { Migrator } from 'kysely';
import { prepareQueue, startBoss } from '../queue/boss.ts';
import { connect } from './connect.ts';
import * as initial from './migrations/0001-initial.ts';
import * as queuePriority from './migrations/0002-queue-priority.ts';
import { type Patience, patiently } from './patience.ts';

/** In order of their names. */
const MIGRATIONS = { '0001-initial': initial, '0002-queue-priority': queuePriority };

/**
 * Brings the database up to date; safe to run from several processes at once (the migrator holds an advisory lock) and again. A database
 * that is still starting, or recovering from a crash, is waited for.
 */
export const migrate = (connectionString: string, onWait?: Patience['onWait']): Promise<void> =>
  patiently(() => migrateNow(connectionString), onWait && { onWait });

async function migrateNow(connectionString: string): Promise<void> {
  const connection = connect({ connectionString, poolSize: 2, applicationName: 'gaitway-migrate', onError: () => {} });
  try {
    const migrator = new Migrator({ db: connection.db, provider: { getMigrations: async () => MIGRATIONS } });
    const { error } = await migrator.migrateToLatest();
    if (error !== undefined) throw error;
  } finally {
    await connection.close();
  }
  const boss = await startBoss(connectionString, { supervise: false, migrate: true, onError: () => {} });
  try {
    await prepareQueue(boss);
  } finally {
    await boss.stop({ graceful: false });
  }
}
