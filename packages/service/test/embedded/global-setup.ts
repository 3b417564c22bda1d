/**
 * One PostgreSQL for a whole test run: this only names its folder and takes it away at the end. The first test that asks for a database
 * starts the server (see test-database.ts), so runs that need none pay nothing.
 */
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startDatabase } from '../../src/embedded-postgres/start-database.ts';
import { TEST_SERVER_DIR } from './test-server-dir.ts';

const OWNER_EXIT_MS = 150_000;
const RETRY_MS = 200;

/** The test process that started the server owns it until it has exited, which may take a moment longer than its last test. */
async function untilFree<T>(attempt: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + OWNER_EXIT_MS;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(RETRY_MS);
    }
  }
}

async function stopServer(dataDir: string): Promise<void> {
  if ((await readdir(dataDir)).length === 0) return;
  const server = await untilFree(() => startDatabase({ dataDir }));
  await server.stop();
}

export async function setup(): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'gaitway-test-postgres-'));
  // The server may run as another user than the tests do.
  await chmod(dataDir, 0o755);
  process.env[TEST_SERVER_DIR] = dataDir;
  return async () => {
    await stopServer(dataDir);
    await rm(dataDir, { recursive: true, force: true, maxRetries: 10 });
  };
}
