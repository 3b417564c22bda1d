/** The worker child under fire: `worker.ts DATA_DIR PORT DATABASE`. Ends when its parent does. */
import { startWorker } from '../src/worker/start-worker.ts';
import { laneConfig } from './lane-config.ts';
import { slowSolver } from './slow-solver.ts';

const [dataDir, port, connectionString] = process.argv.slice(2);
// The parent may have been killed while our modules were loaded, before anybody listened.
if (!process.connected) process.exit(0);
const worker = laneConfig(dataDir, Number(port)).then((config) => startWorker({ config, connectionString, solver: slowSolver }));

const STOP_LIMIT_MS = 10_000;

/** Listening from the first moment: a parent killed while we start must not leave us behind. */
const stop = async (): Promise<void> => {
  setTimeout(() => process.exit(1), STOP_LIMIT_MS).unref();
  await (await worker).stop();
  process.exit(0);
};
process.once('message', stop);
process.once('disconnect', stop);
await worker;
