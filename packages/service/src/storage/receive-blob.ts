/** Bytes from outside into a file of ours: counted, hashed and on disk before anybody can see them. */
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { GaitwayError, isGaitwayError } from '@gaitway/motion/errors';
import { hasErrorCode, removeFile } from './local-pointer.ts';
import type { PutOptions } from './object-store.ts';

export interface Received {
  readonly bytes: number;
  readonly sha256: string;
}

function requireExpected(received: Received, options: PutOptions): Received {
  if (options.expectedBytes !== undefined && received.bytes !== options.expectedBytes) throw new GaitwayError('upload_incomplete');
  if (options.expectedSha256 !== undefined && received.sha256 !== options.expectedSha256)
    throw new GaitwayError('upload_checksum_mismatch');
  return received;
}

/** What an interrupted stream, a full disk or a catalogued error become. */
function asUploadError(cause: unknown): GaitwayError {
  if (isGaitwayError(cause)) return cause;
  if (hasErrorCode(cause, 'ENOSPC') || hasErrorCode(cause, 'EDQUOT')) {
    return new GaitwayError('service_unavailable', { stage: 'upload', message: 'There is no room for this file at the moment.', cause });
  }
  return new GaitwayError('upload_incomplete', { cause });
}

async function writeAll(path: string, body: AsyncIterable<Uint8Array>, options: PutOptions): Promise<Received> {
  const hash = createHash('sha256');
  const handle = await open(path, 'wx', 0o600);
  let bytes = 0;
  try {
    for await (const chunk of body) {
      options.signal?.throwIfAborted();
      bytes += chunk.length;
      if (bytes > options.maxBytes)
        throw new GaitwayError('api_file_size_limit_exceeded', { stage: 'upload', facts: { maxBytes: options.maxBytes } });
      hash.update(chunk);
      await handle.writeFile(chunk);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** Writes the stream to `path` (which must not exist); removes it again unless everything is as expected. */
export async function receiveBlob(path: string, body: AsyncIterable<Uint8Array>, options: PutOptions): Promise<Received> {
  try {
    return requireExpected(await writeAll(path, body, options), options);
  } catch (error) {
    await removeFile(path);
    throw asUploadError(error);
  }
}
