/** Starts the bench's server as a process of its own, so that its memory is its own. */
import { fork } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { choosePort } from '@gaitway/service/embedded-postgres/postmaster';

export interface BenchServer {
  readonly pid: number;
  readonly baseUrl: string;
  readonly keys: readonly string[];
  stop(): Promise<void>;
}

const ENTRY = fileURLToPath(new URL('stub-server.ts', import.meta.url));

export async function startBenchServer(clients: number): Promise<BenchServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'gaitway-bench-'));
  // The database may run as another user.
  await chmod(dataDir, 0o755);
  const port = await choosePort(0);
  // The built packages, as they run in production: not this process's condition.
  const child = fork(ENTRY, [dataDir, String(port), String(clients)], { execArgv: ['--import', 'tsx'] });
  const keys = await new Promise<readonly string[]>((resolve, reject) => {
    child.once('message', (message: { readonly keys: readonly string[] }) => resolve(message.keys));
    child.once('exit', (code) => reject(new Error(`the server of the bench ended with ${code}`)));
  });
  return {
    pid: child.pid ?? 0,
    baseUrl: `http://127.0.0.1:${port}`,
    keys,
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.send('stop');
      await ended;
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
