import { parseArgs } from 'node:util';
import { GaitwayError } from '@gaitway/motion/errors';
import { createService, type Service } from '@gaitway/service/composition';
import type { Config } from '@gaitway/service/config/config';
import type { RunningDatabase } from '@gaitway/service/embedded-postgres/start-database';
import { superviseWorker, type WorkerSupervisor } from '@gaitway/service/worker/supervisor';
import { type Command, printLine, type Terminal, UsageError } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { aborted, openDatabase, readServiceConfig } from './service-config.ts';

const HELP = `Usage: gaitway serve [--port N] [--data DIR] [--no-worker]

Runs the job API with its database and a worker on this machine. On the first start it prints the owner's key: keep it.
Ctrl-C ends it in order: running requests are answered, running jobs go back to the queue.

Options:
  --port N        port to listen on; 0 for any free one       (PORT, 8080)
  --data DIR      database, files and secrets                 (GAITWAY_DATA_DIR, ./data)
  --no-worker     only the API; run gaitway worker elsewhere

DATABASE_URL uses a PostgreSQL of yours instead of the one that comes along. All variables: docs/operations.md.`;

const OPTIONS = {
  port: { type: 'string' },
  data: { type: 'string' },
  'no-worker': { type: 'boolean', default: false },
} as const;

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535)) throw new UsageError(`--port takes a number from 0 to 65535, not "${text}".`);
  return port;
}

async function listen(service: Service, { host, port }: Config): Promise<void> {
  try {
    await service.app.listen({ host, port });
  } catch (cause) {
    const inUse = (cause as NodeJS.ErrnoException).code === 'EADDRINUSE';
    const reason = inUse ? `Port ${port} is taken; choose another with --port.` : `${host}:${port} cannot be listened on.`;
    throw new GaitwayError('service_unavailable', { message: reason, cause });
  }
}

function announce({ stdout }: Terminal, service: Service, config: Config): void {
  printLine(stdout, `Gaitway listens on ${config.publicUrl} (documentation: ${config.publicUrl}/docs)`);
  if (service.ownerKey !== null) printLine(stdout, `Key of the owner, shown this once: ${service.ownerKey}`);
}

async function stopAll(service: Service, worker: WorkerSupervisor | null): Promise<void> {
  await Promise.all([service.close(), worker?.stop()]);
}

async function serveUntilStopped(
  config: Config,
  database: RunningDatabase,
  withWorker: boolean,
  terminal: Terminal,
  ends: AbortSignal,
): Promise<void> {
  const { connectionString } = database;
  const service = await createService({ config, connectionString });
  let worker: WorkerSupervisor | null = null;
  try {
    await listen(service, config);
    announce(terminal, service, config);
    if (withWorker) worker = superviseWorker({ config, connectionString });
    await aborted(ends);
    printLine(terminal.stderr, 'Stopping: requests are answered, jobs handed back.');
  } finally {
    await stopAll(service, worker);
  }
}

async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: OPTIONS, strict: true });
  const config = await readServiceConfig({ ...(values.port !== undefined && { port: portOf(values.port) }), dataDir: values.data });
  const lost = new AbortController();
  const log = (message: string): void => printLine(terminal.stderr, message);
  const database = await openDatabase(config, { log, onLost: (error) => lost.abort(error) });
  try {
    const withWorker = config.worker.enabled && !values['no-worker'];
    await serveUntilStopped(config, database, withWorker, terminal, AbortSignal.any([terminal.signal, lost.signal]));
  } finally {
    await database.stop();
  }
  if (lost.signal.aborted) throw lost.signal.reason;
  return EXIT.done;
}

export const serveCommand: Command = { help: HELP, run };
