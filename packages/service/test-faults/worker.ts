/** The worker child under fire: `worker.ts DATA_DIR PORT DATABASE`. Ends when its parent does. */
import { startWorker } from '../src/worker/start-worker.ts';
import { laneConfig } from './lane-config.ts';
import { slowSolver } from './slow-solver.ts';

const [dataDir, port, connectionString] = process.argv.slice(2);
const worker = await startWorker({ config: await laneConfig(dataDir, Number(port)), connectionString, solver: slowSolver });

const stop = async (): Promise<void> => {
  await worker.stop();
  process.exit(0);
};
process.once('message', stop);
process.once('disconnect', stop);
