/**
 * Where the database keeps its things.
 *
 * ```
 * <dataDir>/secret.json            password and last port, 0600, ours alone
 * <dataDir>/location               where the rest is, when <dataDir> lies in a home that the database's user cannot enter
 * <base>/cluster/                  PostgreSQL's own folder (0700, the database's user)
 * <base>/postgresql-<version>/     the programs
 * <base>/log/                      a week of logs
 * ```
 * `base` is `dataDir` wherever possible.
 */
import { createHash, randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GaitwayError } from '@gaitway/motion/errors';
import { giveTo, isReachable, type ServerUser } from './server-user.ts';

export interface Layout {
  readonly dataDir: string;
  readonly baseDir: string;
  readonly clusterDir: string;
  readonly logDir: string;
}

export interface Secret {
  readonly password: string;
  /** The port of the last start: kept, so that pools elsewhere find the server again after a crash. 0 = none yet. */
  readonly port: number;
}

const SYSTEM_DIR = '/var/lib/gaitway';

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

async function chooseBase(dataDir: string, user: ServerUser): Promise<string> {
  const pointer = join(dataDir, 'location');
  const recorded = (await readIfThere(pointer))?.trim();
  if (recorded) return recorded;
  if (user === null || (await isReachable(dataDir))) return dataDir;
  const elsewhere = join(SYSTEM_DIR, createHash('sha256').update(dataDir).digest('hex').slice(0, 16));
  await mkdir(elsewhere, { recursive: true, mode: 0o755 });
  if (!(await isReachable(elsewhere))) {
    throw new GaitwayError('service_unavailable', {
      message:
        'PostgreSQL runs as "nobody", who can enter neither the data folder nor /var/lib/gaitway; choose a data folder others may enter.',
    });
  }
  await writeFile(pointer, `${elsewhere}\n`);
  return elsewhere;
}

/** Makes the folders (and only the folders) and says where they are. */
export async function prepareLayout(dataDir: string, user: ServerUser): Promise<Layout> {
  await mkdir(dataDir, { recursive: true, mode: 0o755 });
  const realDataDir = await realpath(dataDir);
  const baseDir = await chooseBase(realDataDir, user);
  await mkdir(baseDir, { recursive: true });
  // Not recursive: the log folder belongs to the server, this folder to us.
  const logDir = join(baseDir, 'log');
  await mkdir(logDir, { recursive: true, mode: 0o700 });
  await giveTo(user, logDir);
  return { dataDir: realDataDir, baseDir, clusterDir: join(baseDir, 'cluster'), logDir };
}

const secretPath = (dataDir: string): string => join(dataDir, 'secret.json');

/** null: none yet. */
export async function readSecret(dataDir: string): Promise<Secret | null> {
  const text = await readIfThere(secretPath(dataDir));
  if (text === null) return null;
  const parsed: Partial<Secret> = JSON.parse(text);
  if (typeof parsed.password !== 'string') return null;
  return { password: parsed.password, port: typeof parsed.port === 'number' ? parsed.port : 0 };
}

async function writeTemporary(dataDir: string, secret: Secret): Promise<string> {
  const temporary = `${secretPath(dataDir)}.${process.pid}-${randomBytes(4).toString('hex')}`;
  const file = await open(temporary, 'wx', 0o600);
  try {
    await file.writeFile(JSON.stringify(secret));
    await file.sync();
  } finally {
    await file.close();
  }
  return temporary;
}

/** Makes the secret, unless another process was faster: then that one is everybody's. */
export async function createSecret(dataDir: string): Promise<Secret> {
  const temporary = await writeTemporary(dataDir, { password: randomBytes(32).toString('hex'), port: 0 });
  try {
    await link(temporary, secretPath(dataDir));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(temporary, { force: true });
  }
  const secret = await readSecret(dataDir);
  if (secret === null) throw new Error('the database secret could not be read back');
  return secret;
}

/** Remembers the port of this start; the file is replaced as a whole. */
export async function rememberPort(dataDir: string, secret: Secret, port: number): Promise<void> {
  if (secret.port === port) return;
  await rename(await writeTemporary(dataDir, { ...secret, port }), secretPath(dataDir));
}
