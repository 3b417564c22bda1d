/** Keeps one worker child alive, so that a crash in native code never takes the API down. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Logger } from 'pino';
import { childEntry } from '../child-entry.ts';
import type { Config } from '../config/config.ts';
import { createLogger } from '../logger.ts';
import type { FromWorker, ToWorker } from './messages.ts';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** A child that lived this long did not die of its start. */
const HEALTHY_MS = 60_000;
const STOP_GRACE_MS = 15_000;

export interface WorkerSupervisor {
  /** Of the child that runs now; undefined between two. */
  pid(): number | undefined;
  stop(): Promise<void>;
}

export interface SupervisorOptions {
  readonly config: Config;
  readonly connectionString: string;
}

class Supervisor implements WorkerSupervisor {
  readonly #options: SupervisorOptions;
  readonly #log: Logger;
  #child: ChildProcess | undefined;
  #restart: NodeJS.Timeout | undefined;
  #pauseMs = FIRST_PAUSE_MS;
  #stopped = false;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#log = createLogger(options.config, 'supervisor');
    this.#start();
  }

  pid(): number | undefined {
    return this.#child?.pid;
  }

  #start(): void {
    const startedAtMs = Date.now();
    const child = fork(childEntry(import.meta.url, 'worker-main'), [], { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.#child = child;
    child.on('error', (error) => this.#log.error({ err: error }, 'the worker could not be started'));
    child.on('message', (message: FromWorker) => {
      if (message.type === 'failed') this.#log.error({ reason: message.message }, 'the worker could not start');
    });
    child.once('exit', (code, signal) => this.#ended(startedAtMs, signal ?? code));
    child.send({ type: 'start', ...this.#options } satisfies ToWorker);
  }

  #ended(startedAtMs: number, how: number | string | null): void {
    this.#child = undefined;
    if (this.#stopped) return;
    this.#pauseMs = Date.now() - startedAtMs > HEALTHY_MS ? FIRST_PAUSE_MS : Math.min(LONGEST_PAUSE_MS, this.#pauseMs * 2);
    this.#log.error({ how, pauseMs: this.#pauseMs }, 'the worker ended and is started again');
    this.#restart = setTimeout(() => this.#start(), this.#pauseMs);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#restart);
    const child = this.#child;
    if (child === undefined) return;
    const ended = once(child, 'exit');
    if (child.connected) child.send({ type: 'stop' } satisfies ToWorker);
    const killer = setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS);
    await ended;
    clearTimeout(killer);
  }
}

export const superviseWorker = (options: SupervisorOptions): WorkerSupervisor => new Supervisor(options);
