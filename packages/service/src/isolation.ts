import { type ChildProcess, fork } from 'node:child_process';
import { getPriority, setPriority } from 'node:os';

export interface IsolationOptions {
  readonly environment: Readonly<Record<string, string>>;
  readonly maxHeapMiB: number;
  /** How far the child and its tools stand back behind the others on a busy machine: 0 (default) to 19. */
  readonly niceness?: number;
}

function standBack(child: ChildProcess, niceness: number): void {
  if (child.pid === undefined || niceness === 0) return;
  try {
    setPriority(child.pid, Math.max(getPriority(), niceness));
  } catch {
    // It has ended already, or this system has other ideas of priorities: it runs like the others.
  }
}

/** A child in a process group of its own, with a bounded heap and none of our secrets. */
export function forkIsolated(entry: string, options: IsolationOptions): ChildProcess {
  const child = fork(entry, [], {
    detached: true,
    execArgv: [`--max-old-space-size=${options.maxHeapMiB}`],
    env: { ...options.environment },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  standBack(child, options.niceness ?? 0);
  return child;
}

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
