/**
 * Who owns the server: the process that holds an advisory lock on a connection of its own. The lock goes with the process, however that
 * ends, so a server left behind by a killed owner can be taken over at once, while a second start beside a living owner is refused.
 */
import pg from 'pg';
import { DATABASE_NAME, DATABASE_USER } from './cluster.ts';
import type { Secret } from './layout.ts';

/** Any fixed number: the lock lives in the maintenance database, where nothing else takes locks. */
const OWNER_LOCK_KEY = 7_305_021;
const OWNER_NAME = 'gaitway owner ';

export const connectionUrl = (secret: Secret, port: number, database = DATABASE_NAME): string =>
  `postgresql://${DATABASE_USER}:${secret.password}@127.0.0.1:${port}/${database}`;

/** A connection to the maintenance database, named after this process. */
export async function connectAsOwner(secret: Secret, port: number): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: connectionUrl(secret, port, 'postgres'),
    application_name: `${OWNER_NAME}${process.pid}`,
    connectionTimeoutMillis: 20_000,
    keepAlive: true,
  });
  // A connection lost while idle is told by 'end' as well; without a listener the error would end the process.
  client.on('error', () => {});
  await client.connect();
  return client;
}

export async function takeOwnerLock(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [OWNER_LOCK_KEY]);
  return rows[0].taken;
}

/** The process id of the owner, for the sentence that refuses a second one. */
export async function ownerProcess(client: pg.Client): Promise<string | null> {
  const { rows } = await client.query<{ name: string }>(
    `select application_name as name from pg_stat_activity join pg_locks using (pid) where locktype = 'advisory' and objid = $1 and granted`,
    [OWNER_LOCK_KEY],
  );
  return rows.length === 0 ? null : rows[0].name.slice(OWNER_NAME.length);
}

export async function ensureDatabase(client: pg.Client): Promise<void> {
  const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [DATABASE_NAME]);
  if (rowCount === 0) await client.query(`create database ${DATABASE_NAME}`);
}
