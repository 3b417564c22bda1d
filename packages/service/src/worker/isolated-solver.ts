/** The pipeline as a worker's solver, each job in a process of its own; whoever stops the job ends that process at once. */
import type { ChildProcess } from 'node:child_process';
import { throwIfAborted } from '@gaitway/motion/abort';
import { GaitwayError } from '@gaitway/motion/errors';
import { childEntry } from '../child-entry.ts';
import type { Config } from '../config/config.ts';
import { forkIsolated, killGroup } from '../isolation.ts';
import type { FromSolve, ToSolve } from './solve-messages.ts';
import type { Solved, SolveRunning, Solver } from './solver.ts';

const MAX_HEAP_MIB = 4_096;
/** Solving takes every core for minutes: answers, heartbeats and the database come first. */
const NICENESS = 10;

const errorOf = ({ code, stage, message, facts, cause }: Extract<FromSolve, { type: 'failed' }>): GaitwayError =>
  new GaitwayError(code, { stage, message, facts, cause });

function converse(child: ChildProcess, question: ToSolve, running: SolveRunning): Promise<Solved> {
  return new Promise((resolve, reject) => {
    const failed = (cause: unknown): void => reject(new GaitwayError('processing_failed', { cause }));
    let keeping: Promise<void> | undefined;
    const onMessage = (message: FromSolve): void => {
      if (message.type === 'progress') running.onProgress(message.phase, message.fraction);
      else if (message.type === 'clip') keeping = running.onClip?.(message.path);
      else if (message.type === 'failed') Promise.resolve(keeping).then(() => reject(errorOf(message)), reject);
      else Promise.resolve(keeping).then(() => resolve(message.solved), reject);
    };
    child.on('message', onMessage);
    child.once('error', failed);
    child.once('exit', (code, signal) => {
      // A last message may still be on its way.
      setImmediate(() =>
        Promise.resolve(keeping)
          .finally(() => failed(new Error(`the solver ended with ${signal ?? code}`)))
          .catch(() => {}),
      );
    });
    running.signal.addEventListener('abort', () => reject(new GaitwayError('canceled')), { once: true });
    child.send(question);
  });
}

export const createIsolatedSolver = (config: Pick<Config, 'childEnvironment'>, cacheDir: string): Solver => ({
  async solve(request, running) {
    throwIfAborted(running.signal);
    const child = forkIsolated(childEntry(import.meta.url, 'solve-child'), {
      environment: config.childEnvironment,
      maxHeapMiB: MAX_HEAP_MIB,
      niceness: NICENESS,
    });
    try {
      return await converse(child, { request, cacheDir }, running);
    } finally {
      killGroup(child);
    }
  },
});
