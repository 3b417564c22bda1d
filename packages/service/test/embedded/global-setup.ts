/**
 * One PostgreSQL for a whole test run: this only names its folder and takes it away at the end. The first test that asks for a database
 * starts the server (see test-database.ts), so runs that need none pay nothing.
 */
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDatabase } from '../../src/embedded-postgres/start-database.ts';
import { TEST_SERVER_DIR } from './test-server-dir.ts';

async function stopServer(dataDir: string): Promise<void> {
  if ((await readdir(dataDir)).length === 0) return;
  const server = await startDatabase({ dataDir });
  await server.stop();
}

export async function setup(): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'gaitway-test-postgres-'));
  // The server may run as another user than the tests do.
  await chmod(dataDir, 0o755);
  process.env[TEST_SERVER_DIR] = dataDir;
  return async () => {
    await stopServer(dataDir);
    await rm(dataDir, { recursive: true, force: true });
  };
}
