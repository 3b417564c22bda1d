/** Real servers on real folders: what happens at a start, beside another start, and after each kind of death. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningDatabase, startDatabase } from '../../src/embedded-postgres/start-database.ts';

let root: string;
let dataDir: string;
const leftRunning = new Set<RunningDatabase>();

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'gaitway-embedded-'));
  await chmod(root, 0o755);
  dataDir = join(root, 'database');
});

afterAll(async () => {
  for (const database of leftRunning) await database.stop();
  await rm(root, { recursive: true, force: true, maxRetries: 10 });
});

async function start(options: Partial<Parameters<typeof startDatabase>[0]> = {}): Promise<RunningDatabase> {
  const database = await startDatabase({ dataDir, ...options });
  leftRunning.add(database);
  return database;
}

async function stop(database: RunningDatabase): Promise<void> {
  await database.stop();
  leftRunning.delete(database);
}

async function query<Row extends pg.QueryResultRow>(url: string, sql: string, values: unknown[] = []): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 30_000 });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query<Row>(sql, values)).rows;
  } finally {
    await client.end().catch(() => {});
  }
}

async function eventually<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === 3_000) throw error;
      await sleep(50);
    }
  }
}

const postmasterPid = async (): Promise<number> => Number((await readFile(join(dataDir, 'cluster/postmaster.pid'), 'utf8')).split('\n')[0]);

function runServer(): ChildProcess {
  const entry = fileURLToPath(new URL('run-server.ts', import.meta.url));
  return spawn(process.execPath, ['--conditions=gaitway-source', '--import', 'tsx', entry, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

test('a first start makes a durable cluster that only its password opens, on this machine only', async () => {
  const database = await start();
  expect(database.role).toBe('owner');
  const url = new URL(database.connectionString);
  expect(url.hostname).toBe('127.0.0.1');
  const settings = await query<{ name: string; setting: string }>(
    database.connectionString,
    `select name, setting from pg_settings where name in ('fsync', 'full_page_writes', 'synchronous_commit', 'listen_addresses', 'unix_socket_directories')`,
  );
  expect(Object.fromEntries(settings.map((row) => [row.name, row.setting]))).toEqual({
    fsync: 'on',
    full_page_writes: 'on',
    synchronous_commit: 'on',
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
  });
  url.password = 'guess';
  await expect(query(url.href, 'select 1')).rejects.toThrow(/password authentication failed/);
  expect((await stat(join(dataDir, 'secret.json'))).mode & 0o777).toBe(0o600);
  expect((await stat(join(dataDir, 'cluster'))).mode & 0o777).toBe(0o700);
  await stop(database);
  await expect(query(database.connectionString, 'select 1')).rejects.toThrow(/ECONNREFUSED/);
});

test('data written before a stop are there after a start, at the same address', async () => {
  const first = await start();
  await query(first.connectionString, 'create table kept (id int primary key)');
  await query(first.connectionString, 'insert into kept values (7)');
  await stop(first);
  const second = await start();
  expect(second.connectionString).toBe(first.connectionString);
  expect(await query(second.connectionString, 'select id from kept')).toEqual([{ id: 7 }]);
  await stop(second);
});

test('a second start on the same folder is refused with a sentence that names the first; sharing it is allowed', async () => {
  const owner = await start();
  await expect(startDatabase({ dataDir })).rejects.toThrow(new RegExp(`process ${process.pid}\\) already runs on .*stop it first`));
  const guest = await startDatabase({ dataDir, share: true });
  expect(guest.role).toBe('guest');
  await guest.stop();
  expect(await query(owner.connectionString, 'select 1 as alive')).toEqual([{ alive: 1 }]);
  await stop(owner);
});

test('two first starts at once make one cluster with one owner', async () => {
  const shared = join(root, 'twice');
  const both = await Promise.all([startDatabase({ dataDir: shared, share: true }), startDatabase({ dataDir: shared, share: true })]);
  expect(both.map((database) => database.role).sort()).toEqual(['guest', 'owner']);
  expect(both[0].connectionString).toBe(both[1].connectionString);
  for (const database of both) await database.stop();
});

test('kill -9 of the server: it comes back at the same address and every acknowledged row with it', async () => {
  const sentences: string[] = [];
  const database = await start({ log: (message) => sentences.push(message) });
  await query(database.connectionString, 'create table written (id int primary key)');
  const acknowledged: number[] = [];
  let isDone = false;
  const writer = (async () => {
    for (let id = 0; !isDone; id++) {
      await query(database.connectionString, 'insert into written values ($1)', [id]).then(
        () => acknowledged.push(id),
        () => sleep(10),
      );
    }
  })();
  for (let kill = 0; kill < 2; kill++) {
    const before = acknowledged.length;
    while (acknowledged.length < before + 20) await sleep(5);
    process.kill(await postmasterPid(), 'SIGKILL');
    await eventually(() => query(database.connectionString, 'select 1'));
  }
  isDone = true;
  await writer;
  const rows = await query<{ id: number }>(database.connectionString, 'select id from written');
  const stored = new Set(rows.map((row) => row.id));
  expect(acknowledged.filter((id) => !stored.has(id))).toEqual([]);
  expect(sentences).toContain('the database runs again');
  await stop(database);
});

test('a server that outlived its killed parent is taken over, not started twice', async () => {
  const parent = runServer();
  const [line] = await once(parent.stdout ?? parent, 'data');
  const pid = await postmasterPid();
  parent.kill('SIGKILL');
  await once(parent, 'exit');
  const database = await start();
  expect(database.connectionString).toBe(String(line).trim());
  expect(await postmasterPid()).toBe(pid);
  await stop(database);
});

test('a pid file of a crash whose number now belongs to somebody else does not stop the start', async () => {
  const pidFile = join(dataDir, 'cluster/postmaster.pid');
  await writeFile(pidFile, `${process.pid}\n${join(dataDir, 'cluster')}\n1700000000\n5999\n\n127.0.0.1\n  1234  5\nready   \n`);
  const database = await start();
  expect(await query(database.connectionString, 'select id from kept')).toEqual([{ id: 7 }]);
  await stop(database);
});

test('a first start cut short is not taken for a database', async () => {
  const cut = join(root, 'cut-short');
  await mkdir(join(cut, 'initdb-aborted/cluster'), { recursive: true });
  const database = await startDatabase({ dataDir: cut });
  expect(await query(database.connectionString, 'select 1 as alive')).toEqual([{ alive: 1 }]);
  await database.stop();
});

test('database files that have gone missing are never replaced by an empty database', async () => {
  await rename(join(dataDir, 'cluster'), join(dataDir, 'moved-away'));
  await expect(startDatabase({ dataDir })).rejects.toThrow(/files are missing.*backup/);
  await rename(join(dataDir, 'moved-away'), join(dataDir, 'cluster'));
});

test('a folder that cannot be one is a sentence', async () => {
  const file = join(root, 'file');
  await writeFile(file, '');
  await expect(startDatabase({ dataDir: join(file, 'database') })).rejects.toThrow(/database folder .* is not a folder/);
});

test("an operator's database is used as it is", async () => {
  const database = await startDatabase({ url: 'postgresql://example/db' });
  expect(database).toMatchObject({ connectionString: 'postgresql://example/db', role: 'external' });
  await database.stop();
});
