import { type ChildProcess, fork } from 'node:child_process';

export interface IsolationOptions {
  readonly environment: Readonly<Record<string, string>>;
  readonly maxHeapMiB: number;
}

/** A child in a process group of its own, with a bounded heap and none of our secrets. */
export const forkIsolated = (entry: string, options: IsolationOptions): ChildProcess =>
  fork(entry, [], {
    detached: true,
    execArgv: [`--max-old-space-size=${options.maxHeapMiB}`],
    env: { ...options.environment },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });

/** Ends the child and the tools it started. */
export function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The group is gone already, or this system has none.
    child.kill('SIGKILL');
  }
}
