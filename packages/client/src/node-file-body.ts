/** Uploading a file from disk in Node, by `node:http`: the global fetch holds the whole file in memory. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ConnectionError } from './errors.ts';
import type { ProgressListener, SendOptions, TransferAnswer, UploadBody } from './transfer.ts';

const MAX_ANSWER_CHARACTERS = 65_536;
const IDLE_TIMEOUT_MS = 60_000;

function counting(totalBytes: number, onProgress: ProgressListener | undefined): Transform {
  let sentBytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sentBytes += chunk.length;
      onProgress?.(sentBytes, totalBytes);
      done(null, chunk);
    },
  });
}

async function readAnswer(response: http.IncomingMessage): Promise<TransferAnswer> {
  let body = '';
  response.setEncoding('utf8');
  for await (const chunk of response) {
    if (body.length < MAX_ANSWER_CHARACTERS) body += chunk;
  }
  const headers = Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, String(value)]));
  return { status: response.statusCode ?? 0, headers, body };
}

function openRequest(url: string, bytes: number, options: SendOptions): http.ClientRequest {
  const { protocol } = new URL(url);
  const request = (protocol === 'https:' ? https : http).request(url, {
    method: 'PUT',
    headers: { 'content-type': options.mediaType, 'content-length': bytes },
    signal: options.signal,
    timeout: IDLE_TIMEOUT_MS,
  });
  request.once('timeout', () => request.destroy(new Error('the connection stalled')));
  return request;
}

async function sendFile(path: string, bytes: number, url: string, options: SendOptions): Promise<TransferAnswer> {
  const request = openRequest(url, bytes, options);
  const answer = new Promise<TransferAnswer>((resolve, reject) => {
    request.once('response', (response) => readAnswer(response).then(resolve, reject));
    request.once('error', reject);
  });
  // A refusal may arrive while we are still sending, and then the sending breaks off: the answer counts.
  const sending = pipeline(createReadStream(path), counting(bytes, options.onProgress), request).catch(() => {});
  try {
    return await answer;
  } catch (cause) {
    options.signal?.throwIfAborted();
    throw new ConnectionError('The upload broke off.', { cause });
  } finally {
    request.destroy();
    await sending;
  }
}

export async function fileBody(path: string): Promise<UploadBody> {
  const { size } = await stat(path);
  return { bytes: size, send: (url, options) => sendFile(path, size, url, options) };
}
