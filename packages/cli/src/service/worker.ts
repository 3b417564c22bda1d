import { parseArgs } from 'node:util';
import { startWorker } from '@gaitway/service/worker/start-worker';
import { type Command, printLine, type Terminal } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { aborted, openDatabase, readServiceConfig } from './service-config.ts';

const HELP = `Usage: gaitway worker [--data DIR]

Runs jobs of a Gaitway server: of the one whose PostgreSQL DATABASE_URL names, or of a gaitway serve on the same data folder.
Ctrl-C hands the running jobs back to the queue.

Options:
  --data DIR      database, files and secrets of the server     (GAITWAY_DATA_DIR, ./data)

GAITWAY_WORKER_CONCURRENCY jobs run at once (1). All variables: docs/operations.md.`;

async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { data: { type: 'string' } }, strict: true });
  const config = await readServiceConfig({ dataDir: values.data });
  const database = await openDatabase(config, { share: true });
  try {
    const worker = await startWorker({ config, connectionString: database.connectionString });
    printLine(terminal.stdout, 'The worker is ready.');
    await aborted(terminal.signal);
    await worker.stop();
  } finally {
    await database.stop();
  }
  return EXIT.done;
}

export const workerCommand: Command = { help: HELP, run };
