/** Downloading to disk in Node: resumed where it broke off, verified by its sha256, visible under its name only when whole. */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import { dirname } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { apiErrorFrom, ConnectionError, IntegrityError } from './errors.ts';
import { DEFAULT_RETRY, withRetries } from './retry.ts';
import type { ResultFile } from './wire-types.ts';

export interface DownloadOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (receivedBytes: number, totalBytes: number) => void;
}

const IDLE_TIMEOUT_MS = 60_000;

const sizeOf = async (path: string): Promise<number> =>
  stat(path).then(
    (entry) => entry.size,
    () => 0,
  );

export async function sha256OfFile(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash, { signal });
  return hash.digest('hex');
}

function get(url: string, headers: Record<string, string>, signal?: AbortSignal): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = (new URL(url).protocol === 'https:' ? https : http).get(url, { headers, signal, timeout: IDLE_TIMEOUT_MS }, resolve);
    request.once('timeout', () => request.destroy(new Error('the connection stalled')));
    request.once('error', reject);
  });
}

/** Lets through the announced bytes and no more: a hostile server must not fill the disk. */
function bounded(haveBytes: number, file: ResultFile, options: DownloadOptions): Transform {
  let received = haveBytes;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      received += chunk.length;
      if (received > file.bytes) return done(new IntegrityError(`${file.name} is longer than announced.`));
      options.onProgress?.(received, file.bytes);
      done(null, chunk);
    },
  });
}

async function fetchRest(file: ResultFile, part: string, options: DownloadOptions): Promise<void> {
  const have = await sizeOf(part);
  if (have === file.bytes) return;
  if (have > file.bytes) await rm(part);
  const isResumed = have > 0 && have < file.bytes;
  const headers: Record<string, string> = isResumed ? { range: `bytes=${have}-`, 'if-range': `"${file.sha256}"` } : {};
  const response = await get(file.url, headers, options.signal);
  const status = response.statusCode ?? 0;
  if (status !== 200 && status !== 206) {
    response.destroy();
    throw apiErrorFrom(status, { get: (name) => String(response.headers[name] ?? '') || null }, null, Date.now());
  }
  const start = status === 206 ? have : 0;
  await pipeline(response, bounded(start, file, options), createWriteStream(part, { flags: start > 0 ? 'a' : 'w' }), {
    signal: options.signal,
  });
  if ((await sizeOf(part)) < file.bytes) throw new ConnectionError(`${file.name} broke off.`);
}

async function fetchRestOrExplain(file: ResultFile, part: string, options: DownloadOptions): Promise<void> {
  try {
    await fetchRest(file, part, options);
  } catch (error) {
    options.signal?.throwIfAborted();
    const isNetwork = error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('E');
    throw isNetwork ? new ConnectionError(`${file.name} broke off.`, { cause: error }) : error;
  }
}

async function publish(part: string, path: string): Promise<void> {
  const handle = await open(part, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(part, path);
}

/** Does nothing where the file is already there with the right bytes. */
export async function downloadToFile(file: ResultFile, path: string, options: DownloadOptions = {}): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  if ((await sizeOf(path)) === file.bytes && (await sha256OfFile(path, options.signal)) === file.sha256) return;
  const part = `${path}.part`;
  await withRetries(DEFAULT_RETRY, options.signal, () => fetchRestOrExplain(file, part, options));
  if ((await sha256OfFile(part, options.signal)) !== file.sha256) {
    await rm(part, { force: true });
    throw new IntegrityError(`${file.name} did not arrive as it was sent.`);
  }
  await publish(part, path);
}
