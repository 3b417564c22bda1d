/** What an installation has is still there after a newer version has started on it. */
import { Migrator } from 'kysely';
import { expect, test } from 'vitest';
import { createAccount } from '../../src/accounts/accounts.ts';
import { type Connection, connect } from '../../src/database/connect.ts';
import { migrate } from '../../src/database/migrate.ts';
import * as initial from '../../src/database/migrations/0001-initial.ts';
import { createTestDatabase } from './test-database.ts';

/** The first version's tables, with an account in them. */
async function firstVersion({ db }: Connection): Promise<string> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ '0001-initial': initial }) } });
  const { error } = await migrator.migrateToLatest();
  expect(error).toBeUndefined();
  return createAccount(db, 'Since the beginning', 'owner');
}

test('an older installation is brought up to date, by several starts at once, and keeps what it has', async () => {
  const { connectionString, drop } = await createTestDatabase('empty');
  const connection = connect({ connectionString, poolSize: 2, applicationName: 'test', onError: () => {} });
  const accountId = await firstVersion(connection);
  await Promise.all([migrate(connectionString), migrate(connectionString), migrate(connectionString)]);
  const accounts = await connection.db.selectFrom('accounts').select(['id', 'name']).execute();
  expect(accounts).toEqual([{ id: accountId, name: 'Since the beginning' }]);
  expect(await connection.db.selectFrom('jobs').select(['id', 'queue_priority']).execute()).toEqual([]);
  await connection.close();
  await drop();
});
