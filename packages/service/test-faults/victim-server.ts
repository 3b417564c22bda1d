/** The server under fire as a child process of the lane: started again whenever it was killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export type Victim = 'api' | 'worker' | 'postgres';

/** What the server says of itself whenever it starts a worker. */
export interface ToLane {
  readonly type: 'worker';
  readonly pid: number;
  readonly connectionString: string;
}

export interface ServerFacts {
  readonly dataDir: string;
  readonly port: number;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

export interface VictimServer {
  /** Of the database, once the first start has come so far. */
  readonly connectionString: Promise<string>;
  /** Kills one of the three processes; false if it was not running just then. */
  kill(victim: Victim): Promise<boolean>;
  /** Stops in order and waits. */
  stop(): Promise<void>;
}

const ENTRY = fileURLToPath(new URL('server.ts', import.meta.url));
const RESTART_PAUSE_MS = 100;

function killProcess(pid: number | undefined): boolean {
  if (pid === undefined) return false;
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}

async function postmasterPid(dataDir: string): Promise<number | undefined> {
  const text = await readFile(join(dataDir, 'postgres/cluster/postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number(text.split('\n')[0]);
  return pid > 1 ? pid : undefined;
}

/** Runs, and is started again, until `signal` aborts. */
export function startVictimServer({ dataDir, port, signal, log }: ServerFacts): VictimServer {
  let child: ChildProcess | undefined;
  let workerPid: number | undefined;
  let tellConnection: (connectionString: string) => void = () => {};
  const connectionString = new Promise<string>((resolve) => {
    tellConnection = resolve;
  });

  async function run(): Promise<void> {
    while (!signal.aborted) {
      child = spawn(process.execPath, ['--conditions=gaitway-source', '--import', 'tsx', ENTRY, dataDir, String(port)], {
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      });
      child.on('message', (message: ToLane) => {
        workerPid = message.pid;
        tellConnection(message.connectionString);
      });
      const ending = await new Promise<string>((resolve) => child?.once('exit', (code, by) => resolve(by ?? `code ${code}`)));
      child = undefined;
      workerPid = undefined;
      if (!signal.aborted) log(`the server ended (${ending}); starting it again`);
      await sleep(RESTART_PAUSE_MS);
    }
  }

  const running = run();
  return {
    connectionString,
    async kill(victim) {
      if (victim === 'api') return killProcess(child?.pid);
      if (victim === 'worker') return killProcess(workerPid);
      return killProcess(await postmasterPid(dataDir));
    },
    async stop() {
      child?.kill('SIGTERM');
      await running;
    },
  };
}
