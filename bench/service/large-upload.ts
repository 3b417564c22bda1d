/** One large upload through the whole service, and what it costs the server in memory. */
import { randomBytes } from 'node:crypto';
import http from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type BenchClient, send } from './requests.ts';

const CHUNK = randomBytes(1 << 20);

function* chunks(bytes: number): Iterable<Buffer> {
  for (let left = bytes; left > 0; left -= CHUNK.length) yield left >= CHUNK.length ? CHUNK : CHUNK.subarray(0, left);
}

/** Seconds it took; throws unless the server stored every byte. */
export async function uploadLarge(client: BenchClient, baseUrl: string, bytes: number): Promise<number> {
  const created = await send(client, baseUrl, 'POST', '/api/v1/mocap/jobs', { sourceFilename: 'large.mp4', targetIds: ['default'] });
  const { uploadUrl } = (JSON.parse(created.body) as { data: { uploadUrl: string } }).data;
  const startMs = performance.now();
  const request = http.request(uploadUrl, { method: 'PUT', headers: { 'content-type': 'video/mp4', 'content-length': bytes } });
  const status = new Promise<number | undefined>((resolve, reject) => {
    request.once('response', (response) => resolve(response.resume().statusCode));
    request.once('error', reject);
  });
  await pipeline(Readable.from(chunks(bytes)), request);
  if ((await status) !== 200) throw new Error(`the upload was answered with ${await status}`);
  return (performance.now() - startMs) / 1000;
}
