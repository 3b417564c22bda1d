import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { GaitwayError } from '@gaitway/motion/errors';

/** A file as it lies in the output folder. */
export interface StoredFile {
  readonly name: string;
  readonly path: string;
  readonly mediaType: string;
  readonly bytes: number;
  readonly sha256: string;
}

export const CLIP_NAME = 'motion.clip';
export const CLIP_MEDIA_TYPE = 'application/vnd.gaitway.clip';

const STAGING = /^\.gaitway-(\d+)-[0-9a-f-]{36}$/;
const STALE_AFTER_MS = 24 * 3600 * 1000;
/** What the operating system says when a folder is not ours, not a folder, not there, or full. */
const UNWRITABLE = new Set([
  'EACCES',
  'EPERM',
  'EROFS',
  'ENOSPC',
  'EDQUOT',
  'ENOTDIR',
  'EEXIST',
  'ENOENT',
  'EISDIR',
  'ENAMETOOLONG',
  'EFBIG',
]);

const isUnwritable = (error: unknown): boolean => UNWRITABLE.has(codeOf(error));

/** Runs a write; the system's refusals become `output_unwritable`. */
async function writing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw isUnwritable(error) ? new GaitwayError('output_unwritable', { cause: error }) : error;
  }
}

/**
 * The folder that a run delivers into. Everything is written to a hidden folder inside it, flushed to the disk, and renamed into
 * place when the run has succeeded: a run that is killed at any time leaves whole files or none. Hidden folders that killed runs
 * left behind are swept by the next run.
 */
export class OutputFolder {
  readonly #directory: string;
  readonly #staging: string;
  readonly #wasMade: boolean;
  readonly #files: StoredFile[] = [];

  private constructor(directory: string, staging: string, wasMade: boolean) {
    this.#directory = directory;
    this.#staging = staging;
    this.#wasMade = wasMade;
  }

  /** Makes the folder if it is missing and proves that it can be written. */
  static open(directory: string): Promise<OutputFolder> {
    return writing(async () => {
      const absolute = path.resolve(directory);
      const wasMade = await makeFolder(absolute);
      await sweepStale(absolute);
      const staging = path.join(absolute, `.gaitway-${process.pid}-${randomUUID()}`);
      await mkdir(staging);
      return new OutputFolder(absolute, staging, wasMade);
    });
  }

  /** Opens the folder for `work`, and leaves nothing of it behind if that fails. */
  static async use<T>(directory: string, work: (output: OutputFolder) => Promise<T>): Promise<T> {
    const output = await OutputFolder.open(directory);
    try {
      return await work(output);
    } catch (error) {
      await output.discard();
      throw error;
    }
  }

  /** Where a file may be written by someone else (an encoder) before `adopt` takes it. */
  pathFor(name: string): string {
    return path.join(this.#staging, safeName(name));
  }

  write(name: string, mediaType: string, bytes: Uint8Array): Promise<StoredFile> {
    return writing(async () => {
      const handle = await open(this.pathFor(name), 'w');
      try {
        await handle.writeFile(bytes);
        await handle.sync();
      } finally {
        await handle.close();
      }
      return this.#add(name, mediaType, bytes.length, createHash('sha256').update(bytes).digest('hex'));
    });
  }

  /** Takes a file that was written to `pathFor(name)`. */
  adopt(name: string, mediaType: string): Promise<StoredFile> {
    return writing(async () => {
      const file = this.pathFor(name);
      await flush(file);
      const hash = createHash('sha256');
      await pipeline(createReadStream(file), hash);
      return this.#add(name, mediaType, (await stat(file)).size, hash.digest('hex'));
    });
  }

  /** Renames every file into place, in the order in which they came; the manifest comes last and so vouches for the rest. */
  async commit(): Promise<void> {
    await writing(async () => {
      for (const file of this.#files) await rename(this.pathFor(file.name), file.path);
      await flush(this.#directory);
    });
    await rm(this.#staging, { recursive: true, force: true });
  }

  /** Removes what was written, and the folder itself if this run made it. */
  async discard(): Promise<void> {
    await rm(this.#staging, { recursive: true, force: true });
    if (this.#wasMade) await rmdir(this.#directory).catch(() => undefined);
  }

  #add(name: string, mediaType: string, bytes: number, sha256: string): StoredFile {
    const file = { name, path: path.join(this.#directory, name), mediaType, bytes, sha256 };
    this.#files.push(file);
    return file;
  }
}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');

/**
 * Makes a folder and those above it; false if it is there already. Not `mkdir` with `recursive`: that never returns on file
 * systems which answer "not found" although the parent exists, such as /proc.
 */
async function makeFolder(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST' && (await stat(folder)).isDirectory()) return false;
    const parent = path.dirname(folder);
    if (codeOf(error) !== 'ENOENT' || parent === folder) throw error;
    await makeFolder(parent);
    await mkdir(folder);
    return true;
  }
}

function safeName(name: string): string {
  if (name === '' || name !== path.basename(name) || name.startsWith('.')) throw new RangeError(`not a file name: ${name}`);
  return name;
}

/** Forces a file or folder to the disk. Folders cannot be opened on Windows, where renames are durable by themselves. */
async function flush(target: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(target, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Removes the hidden folders of runs that no longer live. */
async function sweepStale(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const pid = STAGING.exec(name)?.[1];
    if (pid === undefined) continue;
    const folder = path.join(directory, name);
    if (!isAlive(Number(pid)) || (await ageMs(folder)) > STALE_AFTER_MS) await rm(folder, { recursive: true, force: true });
  }
}

const ageMs = async (folder: string): Promise<number> => {
  const facts = await stat(folder).catch(() => undefined);
  return facts ? Date.now() - facts.mtimeMs : 0;
};

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
