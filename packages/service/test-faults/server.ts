/** The server under fire: what `gaitway serve` starts, with the lane's solver in its worker child. `server.ts DATA_DIR PORT` */
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createService } from '../src/composition.ts';
import { startDatabase } from '../src/embedded-postgres/start-database.ts';
import { laneConfig } from './lane-config.ts';
import type { ToLane } from './victim-server.ts';

const [dataDir, portText] = process.argv.slice(2);
const WORKER = fileURLToPath(new URL('worker.ts', import.meta.url));
const RESTART_PAUSE_MS = 300;

const tell = (message: ToLane): void => {
  if (process.connected) process.send?.(message);
};

const config = await laneConfig(dataDir, Number(portText));
const database = await startDatabase({ dataDir: join(dataDir, 'postgres'), onLost: (error) => fail(error) });
const { connectionString } = database;
const service = await createService({ config, connectionString });
await service.app.listen({ host: '127.0.0.1', port: config.port });
let isStopping = false;

function fail(error: Error): never {
  console.error(error);
  process.exit(1);
}

async function keepWorker(): Promise<void> {
  while (!isStopping) {
    const worker = fork(WORKER, [dataDir, portText, connectionString], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    tell({ type: 'worker', pid: worker.pid ?? 0, connectionString });
    process.once('SIGTERM', () => worker.send({ type: 'stop' }, () => {}));
    await new Promise((resolve) => worker.once('exit', resolve));
    await sleep(RESTART_PAUSE_MS);
  }
}

const working = keepWorker();
process.once('SIGTERM', async () => {
  isStopping = true;
  await Promise.all([service.close(), working]);
  await database.stop();
  process.exit(0);
});
