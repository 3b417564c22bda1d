/**
 * The worker as a child process: a crash in native code (decoders, inference) ends the child, never the API; it is started again, after a
 * pause that grows while it keeps dying.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FromWorker, ToWorker } from '@gaitway/service/worker/messages';

export interface SupervisorOptions {
  /** The child's program. */
  readonly entry: string;
  readonly start: Extract<ToWorker, { type: 'start' }>;
  readonly log: (message: string) => void;
}

export interface WorkerSupervisor {
  /** The child of the moment, for tests; undefined between two. */
  readonly pid: () => number | undefined;
  /** Asks the child to hand its jobs back; ends it if it does not. */
  stop(): Promise<void>;
}

const FIRST_PAUSE_MS = 250;
const MAX_PAUSE_MS = 15_000;
/** A child that lived this long was not broken from the start. */
const HEALTHY_MS = 30_000;
const STOP_TIMEOUT_MS = 20_000;

const ended = (child: ChildProcess): Promise<string> =>
  new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ?? `code ${code}`));
  });

/** A child that has just died takes no message; that is not an error of ours. */
function tell(child: ChildProcess, message: ToWorker): void {
  if (child.connected) child.send(message, () => {});
}

function startChild({ entry, start, log }: SupervisorOptions): ChildProcess {
  const child = fork(entry, [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  child.on('message', (message: FromWorker) => {
    if (message.type === 'failed') log(`the worker cannot start: ${message.message}`);
  });
  tell(child, start);
  return child;
}

export function superviseWorker(options: SupervisorOptions): WorkerSupervisor {
  const stopping = new AbortController();
  let child: ChildProcess | undefined;

  async function run(): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    while (!stopping.signal.aborted) {
      const startedMs = performance.now();
      child = startChild(options);
      const how = await ended(child);
      child = undefined;
      if (stopping.signal.aborted) return;
      pauseMs = performance.now() - startedMs > HEALTHY_MS ? FIRST_PAUSE_MS : Math.min(pauseMs * 2, MAX_PAUSE_MS);
      options.log(`the worker ended (${how}); starting it again`);
      await sleep(pauseMs, undefined, { signal: stopping.signal }).catch(() => {});
    }
  }

  const running = run();
  return {
    pid: () => child?.pid,
    async stop() {
      stopping.abort();
      const last = child;
      if (last === undefined) return running;
      tell(last, { type: 'stop' });
      const timer = setTimeout(() => last.kill('SIGKILL'), STOP_TIMEOUT_MS);
      await running;
      clearTimeout(timer);
    },
  };
}
