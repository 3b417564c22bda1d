/** The worker child of `serve`: told what to do over the IPC channel, ends when its parent is gone. */
import type { Worker } from './create-worker.ts';
import type { FromWorker, ToWorker } from './messages.ts';
import { startWorker } from './start-worker.ts';

const tell = (message: FromWorker): void => {
  if (process.connected) process.send?.(message);
};

let worker: Promise<Worker> | undefined;
let isStopping = false;
/** A database that is gone must not keep a worker whose parent is gone. */
const STOP_LIMIT_MS = 14_000;

async function stopOnce(): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  setTimeout(() => process.exit(1), STOP_LIMIT_MS).unref();
  await (await worker)?.stop();
  process.exit(0);
}

async function start(message: Extract<ToWorker, { type: 'start' }>): Promise<void> {
  try {
    worker = startWorker(message);
    await worker;
    tell({ type: 'ready' });
  } catch (error) {
    tell({ type: 'failed', message: error instanceof Error ? error.message : 'unknown' });
    process.exit(1);
  }
}

process.on('message', (message: ToWorker) => {
  if (message.type === 'stop') void stopOnce();
  else if (worker === undefined) void start(message);
});
process.on('disconnect', stopOnce);
// Ctrl-C reaches the whole group: the parent decides when we stop.
process.on('SIGINT', () => {});
process.on('SIGTERM', stopOnce);
