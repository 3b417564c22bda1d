/**
 * A fresh, real database for a test file: copied from a template that is migrated once per test run.
 *
 * ```ts
 * const database = await createTestDatabase('service', migrate); // migrate(connectionString) runs once
 * …; await database.drop();
 * ```
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { startDatabase } from '../../src/embedded-postgres/start-database.ts';
import { TEST_SERVER_DIR } from './test-server-dir.ts';

export interface TestDatabase {
  readonly connectionString: string;
  /** Ends the connections that are still open and removes the database. */
  drop(): Promise<void>;
}

/** Durability is what other tests are about; these want speed. */
const FAST_SETTINGS = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
const TEMPLATE_LOCK_KEY = 7_305_022;

let server: Promise<string> | undefined;

async function startTestServer(): Promise<string> {
  const dataDir = process.env[TEST_SERVER_DIR];
  if (dataDir === undefined) throw new Error(`${TEST_SERVER_DIR} is not set: vitest must run test/embedded/global-setup.ts`);
  const { connectionString } = await startDatabase({ dataDir, share: true, settings: FAST_SETTINGS });
  return connectionString;
}

async function withClient<T>(connectionString: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const OBJECT_IN_USE = '55006';
const IN_USE_WAIT_MS = 60_000;

/** A connection that was closed a moment ago may still be a backend: PostgreSQL waits five seconds for it, a busy machine takes longer. */
async function onceUnused(client: pg.Client, sql: string): Promise<void> {
  for (const deadline = Date.now() + IN_USE_WAIT_MS; ; await sleep(100)) {
    try {
      await client.query(sql);
      return;
    } catch (error) {
      if ((error as { code?: string }).code !== OBJECT_IN_USE || Date.now() > deadline) throw error;
    }
  }
}

const databaseUrl = (serverUrl: string, name: string): string => serverUrl.replace(/\/[^/]*$/, `/${name}`);

/** Makes the template unless a test file before this one did; the lock keeps parallel files from doing it twice. */
async function ensureTemplate(
  client: pg.Client,
  serverUrl: string,
  template: string,
  migrate: (url: string) => Promise<void>,
): Promise<void> {
  await client.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK_KEY]);
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [template]);
    if (rowCount !== 0) return;
    const unfinished = `${template}_unfinished`;
    await onceUnused(client, `drop database if exists ${unfinished} with (force)`);
    await client.query(`create database ${unfinished}`);
    await migrate(databaseUrl(serverUrl, unfinished));
    await onceUnused(client, `alter database ${unfinished} rename to ${template}`);
  } finally {
    await client.query('select pg_advisory_unlock($1)', [TEMPLATE_LOCK_KEY]);
  }
}

/** `templateName` stands for what `migrate` makes: two different migrations need two names (lower-case letters). */
export async function createTestDatabase(
  templateName: string,
  migrate: (connectionString: string) => Promise<void> = async () => {},
): Promise<TestDatabase> {
  if (!/^[a-z]{1,30}$/.test(templateName)) throw new Error('a template name is lower-case letters');
  server ??= startTestServer();
  const serverUrl = await server;
  const name = `test_${randomBytes(8).toString('hex')}`;
  await withClient(databaseUrl(serverUrl, 'postgres'), async (client) => {
    await ensureTemplate(client, serverUrl, `template_${templateName}`, migrate);
    await onceUnused(client, `create database ${name} template template_${templateName} strategy file_copy`);
  });
  const drop = (): Promise<void> =>
    withClient(databaseUrl(serverUrl, 'postgres'), (client) => onceUnused(client, `drop database if exists ${name} with (force)`));
  return { connectionString: databaseUrl(serverUrl, name), drop };
}
