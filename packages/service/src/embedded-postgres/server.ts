/** Reaching the server of a folder: attach to a running one or start it, then take ownership. */
import { setTimeout as sleep } from 'node:timers/promises';
import { GaitwayError } from '@gaitway/motion/errors';
import type pg from 'pg';
import { createSecret, type Layout, readSecret, rememberPort, type Secret } from './layout.ts';
import { connectAsOwner, ensureDatabase, ownerProcess, takeOwnerLock } from './owner-lock.ts';
import { choosePort, DATABASE_PORTS, findPostmaster, isAlive, spawnPostmaster } from './postmaster.ts';
import type { PostgresRuntime } from './runtime.ts';
import type { ServerUser } from './server-user.ts';

export interface Server {
  readonly layout: Layout;
  readonly runtime: PostgresRuntime;
  readonly user: ServerUser;
  /** Settings on top of ours. */
  readonly settings: Readonly<Record<string, string>>;
}

export interface Owned {
  readonly owned: true;
  /** The connection that holds the owner's lock. */
  readonly client: pg.Client;
  readonly port: number;
}

export interface OwnedByAnother {
  readonly owned: false;
  /** Their process id, where it could still be read. */
  readonly owner: string | null;
  readonly port: number;
}

/** Crash recovery replays at most a few checkpoints' worth of log; minutes are ample even on a busy disk, a hang must end in a sentence. */
const READY_TIMEOUT_MS = 600_000;
const POLL_MS = 40;
/** How long a lock may outlive the process that held it. */
const DEAD_OWNER_WAIT_MS = 30_000;
/** Starts that may end at once, a minute and a half in all: a killed server's children hold its memory until they notice. */
const MAX_STARTS = 40;
const RESTART_WAIT_MS = 250;
const MAX_RESTART_WAIT_MS = 2_500;

export const requireSecret = async (dataDir: string): Promise<Secret> => (await readSecret(dataDir)) ?? createSecret(dataDir);

interface Connected {
  readonly client: pg.Client;
  readonly port: number;
}

/** Connects to whatever runs on the folder; null if that is nothing, or not ready yet. */
async function tryConnect(server: Server): Promise<Connected | null> {
  const running = await findPostmaster(server.layout);
  if (running === null) return null;
  try {
    return { client: await connectAsOwner(await requireSecret(server.layout.dataDir), running.port), port: running.port };
  } catch {
    return null;
  }
}

/** `fixedPort`: start on this port or wait for it; null: the last one, or any that is free. */
async function portToUse(server: Server, fixedPort: number | null): Promise<number | null> {
  const preferred = fixedPort ?? (await requireSecret(server.layout.dataDir)).port;
  const free = await choosePort(preferred, DATABASE_PORTS);
  return fixedPort === null || free === fixedPort ? free : null;
}

async function connectOrStart(server: Server, fixedPort: number | null): Promise<Connected> {
  let child: { exited: () => boolean } | null = null;
  let starts = 0;
  for (const deadline = Date.now() + READY_TIMEOUT_MS; Date.now() < deadline; await sleep(POLL_MS)) {
    const connected = await tryConnect(server);
    if (connected !== null) return connected;
    const isStarting = child !== null && !child.exited();
    if (isStarting || (await findPostmaster(server.layout)) !== null) continue;
    if (starts === MAX_STARTS) break;
    if (starts > 0) await sleep(Math.min(RESTART_WAIT_MS * starts, MAX_RESTART_WAIT_MS));
    const port = await portToUse(server, fixedPort);
    if (port === null) continue;
    child = await spawnPostmaster(server.layout, server.runtime, server.user, port, server.settings);
    starts++;
  }
  throw new GaitwayError('service_unavailable', {
    message: `The database did not start; see ${server.layout.dataDir}/start.log and ${server.layout.logDir}.`,
  });
}

/** null: the lock is ours. The server may need a moment to notice that a killed owner is gone: a dead process is waited out. */
async function livingOwner(client: pg.Client): Promise<{ readonly owner: string | null } | null> {
  for (const deadline = Date.now() + DEAD_OWNER_WAIT_MS; ; await sleep(POLL_MS)) {
    if (await takeOwnerLock(client)) return null;
    const owner = await ownerProcess(client);
    if ((owner !== null && isAlive(Number(owner))) || Date.now() > deadline) return { owner };
  }
}

/** Reaches the server and takes ownership of it, unless a living process has it. */
export async function claimServer(server: Server, fixedPort: number | null): Promise<Owned | OwnedByAnother> {
  const { client, port } = await connectOrStart(server, fixedPort);
  try {
    const another = await livingOwner(client);
    if (another !== null) {
      await client.end();
      return { owned: false, owner: another.owner, port };
    }
    await ensureDatabase(client);
    await rememberPort(server.layout.dataDir, await requireSecret(server.layout.dataDir), port);
    return { owned: true, client, port };
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
  }
}
