/**
 * The worker: an own fetch loop on pg-boss (its `work()` waits out the poll interval after each job). `concurrency` loops, each with one job
 * at a time; while a job runs its message is touched (heartbeat) and its row asked whether it still counts.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Job as Message } from 'pg-boss';
import { SOLVE_QUEUE, type SolveMessage } from '../queue/boss.ts';
import { isCurrentMessage } from './current-message.ts';
import { runJob, type StopReason, type WorkerContext } from './run-job.ts';
import { sweepTemp } from './sweep-temp.ts';

const IDLE_POLL_MS = 500;
const ERROR_PAUSE_MS = 2_000;
const WATCH_MS = 1_000;
const TOUCH_EVERY = 3;

export interface Worker {
  /** Hands running jobs back and ends. */
  stop(): Promise<void>;
}

/** Touches the message and stops the run when it is canceled, given to another worker or too old. Returns how to end the watch. */
function watch(context: WorkerContext, message: Message<SolveMessage>, stop: AbortController): () => void {
  let ticks = 0;
  const abort = (reason: StopReason): void => stop.abort(reason);
  const tick = async (): Promise<void> => {
    if (!(await isCurrentMessage(context.db, message.data, message.id))) abort('lost');
    else if (ticks++ % TOUCH_EVERY === 0) await context.boss.touch(SOLVE_QUEUE, { id: message.id, retryCount: message.retryCount });
  };
  const interval = setInterval(() => {
    tick().catch((error: unknown) => context.log.warn({ err: error }, 'the heartbeat failed'));
  }, WATCH_MS);
  const limit = setTimeout(() => abort('timeout'), context.config.worker.jobTimeoutSec * 1000 * 0.95);
  return () => {
    clearInterval(interval);
    clearTimeout(limit);
  };
}

export async function createWorker(context: WorkerContext): Promise<Worker> {
  await sweepTemp(context.config.worker.tempDir);
  const stopping = new AbortController();
  const running = new Set<AbortController>();

  async function runOne(message: Message<SolveMessage>): Promise<void> {
    const stop = new AbortController();
    running.add(stop);
    if (stopping.signal.aborted) stop.abort('shutdown' satisfies StopReason);
    const unwatch = watch(context, message, stop);
    try {
      await runJob(context, message, stop);
    } finally {
      unwatch();
      running.delete(stop);
    }
  }

  async function step(): Promise<void> {
    const [message] = await context.boss.fetch<SolveMessage>(SOLVE_QUEUE, { batchSize: 1 });
    if (message === undefined) await sleep(IDLE_POLL_MS, undefined, { signal: stopping.signal });
    else await runOne(message);
  }

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await step();
      } catch (error) {
        if (stopping.signal.aborted) return;
        context.log.error({ err: error }, 'the worker could not go on; it tries again');
        await sleep(ERROR_PAUSE_MS, undefined, { signal: stopping.signal }).catch(() => {});
      }
    }
  }

  const loops = Array.from({ length: context.config.worker.concurrency }, loop);
  return {
    async stop() {
      stopping.abort();
      for (const stop of running) stop.abort('shutdown' satisfies StopReason);
      await Promise.all(loops);
    },
  };
}
