/** The first start: an empty cluster. It appears by a rename, so that one cut short is never taken for a database. */
import { type SpawnOptions, spawn } from 'node:child_process';
import { mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GaitwayError } from '@gaitway/motion/errors';
import type { Layout, Secret } from './layout.ts';
import type { PostgresRuntime } from './runtime.ts';
import { giveTo, type ServerUser } from './server-user.ts';

export const DATABASE_USER = 'gaitway';
export const DATABASE_NAME = 'gaitway';

const INITDB_TIMEOUT_MS = 600_000;
const MAX_OUTPUT_CHARACTERS = 16_384;

/** How every program of the database is started: as its user, from a folder that user can stand in, with nothing of our environment. */
export const programOptions = (user: ServerUser): SpawnOptions => ({
  cwd: '/',
  env: { PATH: process.env.PATH ?? '', LC_ALL: 'C', TZ: 'UTC', ...(process.env.SystemRoot ? { SystemRoot: process.env.SystemRoot } : {}) },
  ...(user ?? {}),
});

/** Runs a program to its end; its output only reaches the log. */
export function runProgram(program: string, args: readonly string[], user: ServerUser, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...programOptions(user), stdio: ['ignore', 'pipe', 'pipe'], timeout: timeoutMs });
    let output = '';
    const collect = (chunk: Buffer): void => {
      output = (output + chunk.toString('utf8')).slice(-MAX_OUTPUT_CHARACTERS);
    };
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`${program} ended with ${code}: ${output}`))));
  });
}

export async function hasCluster(layout: Layout): Promise<boolean> {
  try {
    await stat(join(layout.clusterDir, 'PG_VERSION'));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

const initdbArguments = (folder: string, passwordFile: string): string[] => [
  `--pgdata=${folder}`,
  `--username=${DATABASE_USER}`,
  `--pwfile=${passwordFile}`,
  '--auth=scram-sha-256',
  '--encoding=UTF8',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--locale=C',
  '--data-checksums',
];

/** The reasons a user can do something about. */
function explainInitdb(cause: unknown): string {
  if (!String(cause).includes('could not look up effective user ID'))
    return 'The database could not be created; is the disk full or read-only?';
  return 'PostgreSQL needs a user with a name, and this user id has no entry in /etc/passwd; run Gaitway as a named user, or set DATABASE_URL.';
}

/** Does nothing where a cluster is already. */
export async function ensureCluster(layout: Layout, runtime: PostgresRuntime, secret: Secret, user: ServerUser): Promise<void> {
  if (await hasCluster(layout)) return;
  if (secret.port !== 0) {
    throw new GaitwayError('service_unavailable', {
      message: `The database files are missing from ${layout.clusterDir}, although a database has run there; restore them from a backup.`,
    });
  }
  const workDir = await mkdtemp(join(layout.baseDir, 'initdb-'));
  try {
    const passwordFile = join(workDir, 'password');
    await writeFile(passwordFile, secret.password, { mode: 0o600 });
    await giveTo(user, workDir);
    const fresh = join(workDir, 'cluster');
    await runProgram(runtime.initdb, initdbArguments(fresh, passwordFile), user, INITDB_TIMEOUT_MS);
    await rename(fresh, layout.clusterDir);
  } catch (cause) {
    // Two first starts at once: the other's cluster carries the same password.
    if (await hasCluster(layout)) return;
    throw new GaitwayError('service_unavailable', { message: explainInitdb(cause), cause });
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}
