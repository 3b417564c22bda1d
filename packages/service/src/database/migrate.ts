import { Migrator } from 'kysely';
import { createBoss, prepareQueue } from '../queue/boss.ts';
import { connect } from './connect.ts';
import * as initial from './migrations/0001-initial.ts';

/** Brings the database up to date; safe to run from several processes at once (the migrator holds an advisory lock). */
export async function migrate(connectionString: string): Promise<void> {
  const connection = connect({ connectionString, poolSize: 2, applicationName: 'gaitway-migrate', onError: () => {} });
  try {
    const migrator = new Migrator({ db: connection.db, provider: { getMigrations: async () => ({ '0001-initial': initial }) } });
    const { error } = await migrator.migrateToLatest();
    if (error !== undefined) throw error;
  } finally {
    await connection.close();
  }
  const boss = createBoss(connectionString, { supervise: false, migrate: true, onError: () => {} });
  await boss.start();
  try {
    await prepareQueue(boss);
  } finally {
    await boss.stop({ graceful: false });
  }
}
