/**
 * The server of the bench: the real service with the real worker loop, and a solver that writes one small file. It is the only place where
 * the solver is stubbed, so that the load measures the service and not the cameraman. `stub-server.ts DATA_DIR PORT`
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createService } from '@gaitway/service/composition';
import { loadConfig } from '@gaitway/service/config/load-config';
import { startDatabase } from '@gaitway/service/embedded-postgres/start-database';
import type { Solver } from '@gaitway/service/worker/solver';
import { startWorker } from '@gaitway/service/worker/start-worker';
import { openAccounts } from './accounts.ts';

const stub: Solver = {
  async solve(request) {
    await mkdir(request.outDir, { recursive: true });
    await writeFile(join(request.outDir, 'manifest.json'), '{}');
    return { files: [{ targetId: null, role: 'manifest', name: 'manifest.json', mediaType: 'application/json' }], failedTargets: [] };
  },
};

const [dataDir, port, clients] = process.argv.slice(2);
const config = await loadConfig({
  PATH: process.env.PATH,
  PORT: port,
  GAITWAY_DATA_DIR: dataDir,
  GAITWAY_PUBLIC_URL: `http://127.0.0.1:${port}`,
  GAITWAY_LOG_LEVEL: 'silent',
  GAITWAY_REQUESTS_PER_MINUTE: '1000000',
});
const database = await startDatabase({ dataDir: join(dataDir, 'postgres') });
const { connectionString } = database;
const service = await createService({ config, connectionString });
const worker = await startWorker({ config, connectionString, solver: stub });
await service.app.listen({ host: '127.0.0.1', port: config.port });
process.send?.({ keys: await openAccounts(service.context.db, Number(clients)) });

const stop = async (): Promise<void> => {
  await Promise.all([service.close(), worker.stop()]);
  await database.stop();
  process.exit(0);
};
process.once('message', stop);
process.once('disconnect', stop);
