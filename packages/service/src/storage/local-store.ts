/** Objects on this machine's disk. Layout and durability: local-pointer.ts. */
import { constants } from 'node:fs';
import { copyFile, open, readdir, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { GaitwayError } from '@gaitway/motion/errors';
import {
  blobPath,
  copyDurably,
  hasErrorCode,
  linkOrCopy,
  MARK,
  makeFolder,
  newBlobName,
  type Pointer,
  pointerPath,
  readPointer,
  removeFile,
  syncFolder,
  writePointer,
} from './local-pointer.ts';
import { sweepFolder } from './local-sweep.ts';
import { requireKeyPrefix } from './object-key.ts';
import type { ByteRange, DownloadGrant, ObjectInfo, ObjectReading, ObjectStore, PutOptions, UploadGrant } from './object-store.ts';
import { receiveBlob } from './receive-blob.ts';
import type { UrlSigner } from './signed-url.ts';

export interface LocalStoreOptions {
  /** Absolute; made if missing. */
  readonly root: string;
  /** Scheme and host of signed URLs, no closing slash: `http://127.0.0.1:8080`. */
  readonly publicUrl: string;
  readonly signer: UrlSigner;
}

/** A replacement may remove the bytes between our look at the pointer and our opening them: look again. */
const READ_ATTEMPTS = 5;
const MOVE_ATTEMPTS = 5;

class LocalStore implements ObjectStore {
  readonly #root: string;
  readonly #options: LocalStoreOptions;

  constructor(options: LocalStoreOptions) {
    this.#root = options.root;
    this.#options = options;
  }

  async put(key: string, body: AsyncIterable<Uint8Array>, options: PutOptions): Promise<ObjectInfo> {
    const blob = newBlobName(key);
    const path = join(dirname(pointerPath(this.#root, key)), blob);
    await makeFolder(dirname(path));
    const received = await receiveBlob(path, body, options);
    return this.#publish({ blob, info: { key, ...received, storedAt: new Date() } });
  }

  async stat(key: string): Promise<ObjectInfo | null> {
    return (await readPointer(this.#root, key))?.info ?? null;
  }

  async read(key: string, range?: ByteRange): Promise<ObjectReading> {
    return this.#withBlob(key, async (path, info) => {
      const handle = await open(path, 'r');
      // An empty object has no byte to start at; the whole is asked for without a range.
      return { info, body: handle.createReadStream(range === undefined ? {} : { start: range.start, end: range.end }) };
    });
  }

  async copyToFile(key: string, path: string): Promise<ObjectInfo> {
    return this.#withBlob(key, async (blob, info) => {
      await linkOrCopy(blob, path, () => copyFile(blob, path, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE));
      return info;
    });
  }

  async move(from: string, to: string, sha256: string): Promise<ObjectInfo> {
    for (let attempt = 1; ; attempt++) {
      const source = await readPointer(this.#root, from);
      // Looked at after the source: whoever moves it at the same time publishes there before they remove it here.
      const moved = await this.stat(to);
      if (moved?.sha256 === sha256) {
        await this.remove(from);
        return moved;
      }
      if (source === null || source.info.sha256 !== sha256) throw new GaitwayError('source_replaced');
      try {
        return await this.#moveBlob(source, to);
      } catch (cause) {
        // The bytes, or an empty folder, went away between two steps: look again.
        if (!hasErrorCode(cause, 'ENOENT')) throw cause;
        if (attempt === MOVE_ATTEMPTS) throw new GaitwayError('source_replaced', { cause });
      }
    }
  }

  async #moveBlob(source: Pointer, to: string): Promise<ObjectInfo> {
    const [from, blob] = [blobPath(this.#root, source), newBlobName(to)];
    const target = join(dirname(pointerPath(this.#root, to)), blob);
    await makeFolder(dirname(target));
    await linkOrCopy(from, target, () => copyDurably(from, target));
    const info = await this.#publish({ blob, info: { ...source.info, key: to } });
    await this.remove(source.info.key);
    return info;
  }

  async remove(key: string): Promise<void> {
    const pointer = await readPointer(this.#root, key);
    if (pointer === null) return;
    const path = pointerPath(this.#root, key);
    await removeFile(path);
    await removeFile(blobPath(this.#root, pointer));
    await syncFolder(dirname(path)).catch(() => {});
    // A folder that many objects share stays: somebody may be about to put one there.
    if (key.split('/').length > 2) await rmdir(dirname(path)).catch(() => {});
  }

  async *list(prefix: string): AsyncIterable<ObjectInfo> {
    yield* this.#listFolder(requireKeyPrefix(prefix));
  }

  sweepUnfinished(before: Date): Promise<number> {
    return sweepFolder(this.#root, '', before);
  }

  async signUpload(grant: UploadGrant): Promise<string> {
    return this.#options.publicUrl + this.#options.signer.upload(grant);
  }

  async signDownload(grant: DownloadGrant): Promise<string> {
    return this.#options.publicUrl + this.#options.signer.download(grant);
  }

  async #publish(pointer: Pointer): Promise<ObjectInfo> {
    const replaced = await readPointer(this.#root, pointer.info.key);
    await writePointer(this.#root, pointer);
    if (replaced !== null) await removeFile(blobPath(this.#root, replaced));
    return pointer.info;
  }

  async #withBlob<T>(key: string, use: (path: string, info: ObjectInfo) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const pointer = await readPointer(this.#root, key);
      if (pointer === null) throw new GaitwayError('artifact_not_found');
      try {
        return await use(blobPath(this.#root, pointer), pointer.info);
      } catch (error) {
        if (!hasErrorCode(error, 'ENOENT') || attempt === READ_ATTEMPTS) throw error;
      }
    }
  }

  async *#listFolder(prefix: string): AsyncIterable<ObjectInfo> {
    const entries = await readdir(join(this.#root, prefix), { withFileTypes: true }).catch((error: unknown) => {
      if (hasErrorCode(error, 'ENOENT')) return [];
      throw error;
    });
    for (const entry of entries) {
      if (entry.isDirectory()) yield* this.#listFolder(`${prefix}${entry.name}/`);
      else if (entry.name.endsWith(MARK)) {
        const info = await this.stat(prefix + entry.name.slice(0, -MARK.length));
        if (info !== null) yield info;
      }
    }
  }
}

export async function createLocalStore(options: LocalStoreOptions): Promise<ObjectStore> {
  await makeFolder(options.root);
  if (!(await stat(options.root)).isDirectory())
    throw new GaitwayError('output_unwritable', { message: 'The object folder is not a folder.' });
  return new LocalStore(options);
}
