/**
 * How an object lies on disk: its bytes in a file nobody refers to yet, and a small pointer file that names it, with size and sha256.
 * The pointer appears by a rename, after the bytes are on disk: so facts and bytes change together or not at all.
 *
 * ```
 * <root>/jobs/mocap_1/source~                 pointer: {"blob":"source~4f2a…","bytes":12,"sha256":"…","storedAt":"…"}
 * <root>/jobs/mocap_1/source~4f2a…            bytes, written once
 * ```
 * A key never holds "~", so neither name can be a key.
 */
import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, link, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { requireObjectKey } from './object-key.ts';
import type { ObjectInfo } from './object-store.ts';

export const MARK = '~';

export interface Pointer {
  /** File name, in the pointer's folder. */
  readonly blob: string;
  readonly info: ObjectInfo;
}

export const hasErrorCode = (error: unknown, code: string): boolean => (error as NodeJS.ErrnoException | null)?.code === code;

export const pointerPath = (root: string, key: string): string => join(root, `${requireObjectKey(key)}${MARK}`);

export const blobPath = (root: string, pointer: Pointer): string => join(dirname(pointerPath(root, pointer.info.key)), pointer.blob);

/** A new file name for bytes of this key. */
export const newBlobName = (key: string): string => `${basename(requireObjectKey(key))}${MARK}${randomUUID()}`;

/** Without this a rename may not survive a power cut. Not every system lets a folder be opened: there it is not needed or not possible. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a folder and sees to it that its name is on disk. */
export async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (first !== undefined) await syncFolder(dirname(first));
}

function parsePointer(key: string, text: string): Pointer {
  const { blob, bytes, sha256, storedAt } = JSON.parse(text);
  const isOurs = typeof blob === 'string' && blob === basename(blob) && Number.isSafeInteger(bytes) && /^[0-9a-f]{64}$/.test(sha256);
  if (!isOurs) throw new Error(`the pointer of ${key} is damaged`);
  return { blob, info: { key, bytes, sha256, storedAt: new Date(storedAt) } };
}

export async function readPointer(root: string, key: string): Promise<Pointer | null> {
  try {
    return parsePointer(key, await readFile(pointerPath(root, key), 'utf8'));
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT') || hasErrorCode(error, 'ENOTDIR')) return null;
    throw error;
  }
}

/** Publishes bytes that are on disk already. On return the object survives a power cut. */
export async function writePointer(root: string, pointer: Pointer): Promise<void> {
  const path = pointerPath(root, pointer.info.key);
  const { key: _, ...facts } = pointer.info;
  const temporary = join(dirname(path), newBlobName(pointer.info.key));
  const handle = await open(temporary, 'wx', 0o600);
  try {
    await handle.writeFile(JSON.stringify({ blob: pointer.blob, ...facts }));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, path);
  await syncFolder(dirname(path));
}

/** A second name for the same bytes; copies where the disk has no links. */
export async function linkOrCopy(from: string, to: string, copy: () => Promise<void>): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    const isUnsupported = ['EXDEV', 'EPERM', 'ENOTSUP', 'EMLINK', 'ENOSYS'].some((code) => hasErrorCode(error, code));
    if (!isUnsupported) throw error;
    await copy();
  }
}

export async function copyDurably(from: string, to: string): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  const handle = await open(to, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export const removeFile = (path: string): Promise<void> => rm(path, { force: true });
