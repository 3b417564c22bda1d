/** The signed URLs over real HTTP: what curl, a browser or an attacker would send. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GaitwayError, isGaitwayError } from '@gaitway/motion/errors';
import fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createLocalStore } from '../../src/storage/local-store.ts';
import { objectRoutes } from '../../src/storage/object-routes.ts';
import type { ObjectStore } from '../../src/storage/object-store.ts';
import { createUrlSigner } from '../../src/storage/signed-url.ts';
import { chunks, sha256 } from './conformance.ts';

let apps: readonly FastifyInstance[] = [];
let store: ObjectStore;
let root: string;
let base: string;
/** The same store behind a server that does not wait long for a silent client. */
let impatientBase: string;
let isAdmitted = false;
const soon = (): Date => new Date(Date.now() + 3_600_000);

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'gaitway-routes-'));
  const signer = createUrlSigner(randomBytes(32));
  store = await createLocalStore({ root, publicUrl: '', signer });
  const beforeUpload = async (): Promise<void> => {
    if (isAdmitted) throw new GaitwayError('source_replaced');
  };
  const listen = async (idleTimeoutMs: number): Promise<string> => {
    const app = fastify();
    apps = [...apps, app];
    app.setErrorHandler((error, _request, reply) =>
      isGaitwayError(error) ? reply.code(error.status).send({ code: error.code }) : reply.code(500).send({ code: String(error) }),
    );
    await app.register(objectRoutes({ store, signer, beforeUpload, idleTimeoutMs }));
    return app.listen({ port: 0, host: '127.0.0.1' });
  };
  base = await listen(120_000);
  impatientBase = await listen(100);
});

beforeEach(() => {
  isAdmitted = false;
});

afterAll(async () => {
  for (const app of apps) await app.close();
  await rm(root, { recursive: true, force: true, maxRetries: 10 });
});

const uploadUrl = async (key: string, maxBytes = 1 << 20): Promise<string> =>
  base + (await store.signUpload({ key, expiresAt: soon(), maxBytes }));

async function stored(bytes: Uint8Array, fileName = 'walk.fbx'): Promise<string> {
  await store.put('jobs/a/file', chunks(bytes), { maxBytes: bytes.length });
  return base + (await store.signDownload({ key: 'jobs/a/file', expiresAt: soon(), fileName, mediaType: 'model/fbx' }));
}

const bodyOf = async (response: Response): Promise<Buffer> => Buffer.from(await response.arrayBuffer());

test.each(['video/mp4', 'application/json', 'text/plain; charset=x', 'nonsense', ''])(
  'a PUT is raw bytes whatever its Content-Type: %j',
  async (type) => {
    const bytes = randomBytes(100_000);
    const response = await fetch(await uploadUrl('jobs/a/source'), {
      method: 'PUT',
      body: bytes,
      headers: type === '' ? {} : { 'content-type': type },
    });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ bytes: bytes.length, sha256: sha256(bytes) });
    expect((await store.stat('jobs/a/source'))?.sha256).toBe(sha256(bytes));
  },
);

test('a PUT with no Content-Type and no length (chunked) works as well', async () => {
  const bytes = randomBytes(50_000);
  const status = await new Promise<number | undefined>((resolve, reject) => {
    uploadUrl('jobs/b/source').then((url) => {
      const request = http.request(url, { method: 'PUT' }, (response) => resolve(response.resume().statusCode));
      request.once('error', reject);
      request.write(bytes.subarray(0, 20_000));
      request.end(bytes.subarray(20_000));
    }, reject);
  });
  expect(status).toBe(200);
  expect((await store.stat('jobs/b/source'))?.sha256).toBe(sha256(bytes));
});

test('too many bytes are refused, announced or not', async () => {
  const bytes = randomBytes(200_000);
  const announced = await fetch(await uploadUrl('big', 1000), { method: 'PUT', body: bytes });
  expect([announced.status, await announced.json()]).toEqual([413, { code: 'api_file_size_limit_exceeded' }]);
  const chunked = await fetch(await uploadUrl('big', 1000), {
    method: 'PUT',
    body: new ReadableStream({
      start(controller) {
        controller.enqueue(bytes);
        controller.close();
      },
    }),
    duplex: 'half',
  } as RequestInit);
  expect([chunked.status, await chunked.json()]).toEqual([413, { code: 'api_file_size_limit_exceeded' }]);
  expect(await store.stat('big')).toBeNull();
});

test('an admitted source takes no upload, and keeps its bytes', async () => {
  isAdmitted = true;
  const response = await fetch(await uploadUrl('jobs/c/source'), { method: 'PUT', body: 'other' });
  expect([response.status, await response.json()]).toEqual([409, { code: 'source_replaced' }]);
  expect(await store.stat('jobs/c/source')).toBeNull();
});

/** Speaks raw HTTP: sends `head` and `body`, then nothing or goes away. */
async function halfUpload(url: string, announcedBytes: number, body: Uint8Array, hangUp: boolean): Promise<void> {
  const { hostname, port, pathname, search } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {});
  socket.write(`PUT ${pathname}${search} HTTP/1.1\r\nHost: h\r\nContent-Length: ${announcedBytes}\r\n\r\n`);
  socket.write(body);
  if (hangUp) setTimeout(() => socket.destroy(), 50);
  await new Promise((resolve) => socket.once('close', resolve));
}

test.each([true, false])('half an upload is no object (the client hangs up: %s; or falls silent)', async (hangUp) => {
  const key = hangUp ? 'half/hung-up' : 'half/silent';
  const url = await uploadUrl(key);
  await halfUpload(hangUp ? url : url.replace(base, impatientBase), 100_000, randomBytes(60_000), hangUp);
  await expect.poll(() => store.sweepUnfinished(new Date(Date.now() + 60_000)), { timeout: 120_000 }).toBe(0);
  expect(await store.stat(key)).toBeNull();
});

test('an altered or foreign URL is refused', async () => {
  const url = await uploadUrl('jobs/a/source', 1000);
  for (const altered of [url.replace('maxBytes=1000', 'maxBytes=9999'), url.replace('jobs/a', 'jobs/b'), `${url}x`, `${base}/objects/k`]) {
    const response = await fetch(altered, { method: 'PUT', body: 'x' });
    expect([response.status, await response.json()]).toEqual([403, { code: 'upload_expired' }]);
  }
  expect((await fetch(url)).status).toBe(403);
});

test('a download carries size, sha256, name and type, and is inert in a browser', async () => {
  const bytes = randomBytes(5000);
  const response = await fetch(await stored(bytes, 'pas à pas.fbx'));
  expect(response.status).toBe(200);
  expect((await bodyOf(response)).equals(bytes)).toBe(true);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    etag: `"${sha256(bytes)}"`,
    'content-length': '5000',
    'content-type': 'model/fbx',
    'content-disposition': `attachment; filename="pas _ pas.fbx"; filename*=UTF-8''pas%20%C3%A0%20pas.fbx`,
    'accept-ranges': 'bytes',
    'x-content-type-options': 'nosniff',
  });
});

test('a broken download is resumed with Range, and not with a stale If-Range', async () => {
  const bytes = randomBytes(5000);
  const url = await stored(bytes);
  const rest = await fetch(url, { headers: { range: 'bytes=1234-', 'if-range': `"${sha256(bytes)}"` } });
  expect([rest.status, rest.headers.get('content-range')]).toEqual([206, 'bytes 1234-4999/5000']);
  expect((await bodyOf(rest)).equals(bytes.subarray(1234))).toBe(true);
  const stale = await fetch(url, { headers: { range: 'bytes=1234-', 'if-range': '"other"' } });
  expect([stale.status, (await bodyOf(stale)).length]).toEqual([200, 5000]);
  const beyond = await fetch(url, { headers: { range: 'bytes=5000-' } });
  expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, 'bytes */5000']);
});

test('who has it already is told so; HEAD sends no body', async () => {
  const bytes = randomBytes(5000);
  const url = await stored(bytes);
  const again = await fetch(url, { headers: { 'if-none-match': `W/"x", "${sha256(bytes)}"` } });
  expect([again.status, (await bodyOf(again)).length]).toEqual([304, 0]);
  const head = await fetch(url, { method: 'HEAD' });
  expect([head.status, head.headers.get('content-length'), (await bodyOf(head)).length]).toEqual([200, '5000', 0]);
});

test('what is gone is not found', async () => {
  const url = await stored(randomBytes(10));
  await store.remove('jobs/a/file');
  expect((await fetch(url)).status).toBe(404);
});
