/** The server process: finding a running one, starting one, stopping it. */
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { programOptions, runProgram } from './cluster.ts';
import type { Layout } from './layout.ts';
import type { PostgresRuntime } from './runtime.ts';
import type { ServerUser } from './server-user.ts';

export interface Postmaster {
  readonly pid: number;
  readonly port: number;
}

const FAST_STOP_MS = 30_000;
const PID_LINE = 0;
const PORT_LINE = 3;

const pidFile = (layout: Layout): string => join(layout.clusterDir, 'postmaster.pid');

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** A process id is given again after a restart of the machine or container: only Linux lets us look whose it is now. */
async function isPostgres(pid: number): Promise<boolean> {
  if (!isAlive(pid)) return false;
  if (process.platform !== 'linux') return true;
  try {
    const state = await readFile(`/proc/${pid}/stat`, 'utf8');
    return /^\d+ \(postgres\) [^Z]/.test(state);
  } catch {
    return false;
  }
}

/** The server that runs on this folder, or null. A pid file left by a crash is not a server; one that misleads PostgreSQL is removed. */
export async function findPostmaster(layout: Layout): Promise<Postmaster | null> {
  let text: string;
  try {
    text = await readFile(pidFile(layout), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  const lines = text.split('\n');
  const pid = Number(lines[PID_LINE]);
  const port = Number(lines[PORT_LINE]);
  if (!Number.isInteger(pid) || pid <= 0) return null;
  if (await isPostgres(pid)) return Number.isInteger(port) && port > 0 ? { pid, port } : null;
  // Alive, but somebody else: PostgreSQL would take it for a running server and refuse to start.
  if (isAlive(pid)) await rm(pidFile(layout), { force: true });
  return null;
}

/**
 * Ports below the range that any system takes for outgoing connections: one from that range may be gone, for as long as somebody's
 * connection lasts, between the moment it was found free and the moment (or the restart) when it is listened on. And above 10080, the last
 * port that browsers (and `fetch`) refuse to speak to.
 */
export const OTHER_PORTS = { first: 10_100, last: 20_000 };
/** Apart from the others, so that a port that was found for something else and is not yet listened on is not taken by the database. */
export const DATABASE_PORTS = { first: 20_000, last: 32_000 };
const PORT_TRIES = 50;

const tryListen = (port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = probe.address();
      probe.close(() => (typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no address'))));
    });
  });

/** A port nobody listens on now: `preferred` where it is free (0: none is preferred), else one of the range. */
export async function choosePort(preferred: number, range: typeof OTHER_PORTS = OTHER_PORTS): Promise<number> {
  for (let port = preferred, tries = 0; tries < PORT_TRIES; port = randomInt(range.first, range.last), tries++) {
    const free = port === 0 ? null : await tryListen(port).catch(() => null);
    if (free !== null) return free;
  }
  return tryListen(0);
}

const serverSettings = (layout: Layout, port: number): Record<string, string> => ({
  port: String(port),
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  max_connections: '200',
  logging_collector: 'on',
  log_directory: layout.logDir,
  // One file a weekday, begun anew each week: the log cannot fill the disk with age.
  log_filename: 'postgresql-%a.log',
  log_truncate_on_rotation: 'on',
  log_rotation_size: '0',
  log_file_mode: '0600',
});

/**
 * Starts the server in a session of its own: a Ctrl-C in our terminal must reach us alone, so that requests can end before the database
 * does. It therefore outlives us if we are killed, and the next start finds it.
 */
export function spawnPostmaster(
  layout: Layout,
  runtime: PostgresRuntime,
  user: ServerUser,
  port: number,
  settings: Readonly<Record<string, string>>,
): Promise<{ exited: () => boolean }> {
  const all = { ...serverSettings(layout, port), ...settings };
  const args = ['-D', layout.clusterDir, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  const output = openSync(join(layout.dataDir, 'start.log'), 'w', 0o600);
  return new Promise((resolve, reject) => {
    const child = spawn(runtime.postgres, args, {
      ...programOptions(user),
      detached: true,
      windowsHide: true,
      stdio: ['ignore', output, output],
    });
    closeSync(output);
    let ended = false;
    child.once('exit', () => {
      ended = true;
    });
    child.once('error', reject);
    child.once('spawn', () => {
      child.unref();
      resolve({ exited: () => ended });
    });
  });
}

async function waitForEnd(pid: number, timeoutMs: number): Promise<boolean> {
  for (const deadline = Date.now() + timeoutMs; Date.now() < deadline; await sleep(20)) {
    if (!(await isPostgres(pid))) return true;
  }
  return false;
}

/** Stops in order: open transactions are rolled back, everything is flushed. If that hangs, at once: the next start recovers. */
export async function stopPostmaster(layout: Layout, runtime: PostgresRuntime, user: ServerUser): Promise<void> {
  const running = await findPostmaster(layout);
  if (running === null) return;
  if (process.platform === 'win32') {
    await runProgram(runtime.pgCtl, ['stop', '-D', layout.clusterDir, '-m', 'fast', '-t', '30'], user, FAST_STOP_MS * 2);
    return;
  }
  process.kill(running.pid, 'SIGINT');
  if (await waitForEnd(running.pid, FAST_STOP_MS)) return;
  process.kill(running.pid, 'SIGQUIT');
  await waitForEnd(running.pid, FAST_STOP_MS);
}
