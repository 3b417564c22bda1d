import { createHash, randomBytes } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { GaitwayClient } from '../src/client.ts';
import { ConnectionError, IntegrityError, parseRetryAfter, WaitTimeoutError } from '../src/errors.ts';
import { waitBeforeRetryMs } from '../src/retry.ts';
import { type Answer, type FakeServer, type Received, startFakeServer } from './fake-server.ts';

let server: FakeServer;
afterEach(() => server.close());

const FAST = { firstWaitMs: 1, maxWaitMs: 1500, maxRetries: 3 };
const REQUEST = { sourceFilename: 'walk.mp4', targetIds: ['default'] };

async function clientFor(answer: (request: Received, count: number) => Answer): Promise<GaitwayClient> {
  server = await startFakeServer(answer);
  return new GaitwayClient({ baseUrl: `${server.baseUrl}/`, apiKey: 'sk-secret', retry: FAST });
}

const problem = (status: number, code: string, retryable: boolean, headers: Record<string, string> = {}): Answer => ({
  status,
  headers,
  json: { code, detail: `sentence about ${code}`, stage: 'admission', retryable, requestId: 'req-9', errors: [{ field: 'a' }] },
});

test('a call carries key and JSON, and unwraps the data', async () => {
  const client = await clientFor(() => ({ json: { data: { jobId: 'mocap_1' } } }));
  expect(await client.createJob(REQUEST)).toEqual({ jobId: 'mocap_1' });
  const [request] = server.received;
  expect(request).toMatchObject({ method: 'POST', path: '/api/v1/mocap/jobs' });
  expect(request.headers.authorization).toBe('Bearer sk-secret');
  expect(JSON.parse(request.body.toString())).toEqual(REQUEST);
});

test('a lost answer is asked for again, with the same idempotency key', async () => {
  const client = await clientFor((_request, count) => (count < 3 ? { hangUp: true } : { json: { data: { jobId: 'mocap_1' } } }));
  expect(await client.createJob(REQUEST)).toEqual({ jobId: 'mocap_1' });
  const keys = server.received.map((request) => request.headers['idempotency-key']);
  expect(keys).toHaveLength(3);
  expect(new Set(keys).size).toBe(1);
  await client.createJob(REQUEST);
  expect(server.received[3].headers['idempotency-key']).not.toBe(keys[0]);
});

test('a key that is still in use is waited for, longer than an error is repeated', async () => {
  const client = await clientFor((_request, count) =>
    count <= 2 * FAST.maxRetries ? problem(409, 'idempotency_key_in_use', true) : { json: { data: { jobId: 'mocap_1' } } },
  );
  expect(await client.createJob(REQUEST)).toEqual({ jobId: 'mocap_1' });
  expect(new Set(server.received.map((request) => request.headers['idempotency-key'])).size).toBe(1);
});

test('a refusal is typed and not repeated', async () => {
  const client = await clientFor(() => problem(402, 'insufficient_api_v_credits', false));
  await expect(client.completeUpload('mocap_1')).rejects.toMatchObject({
    name: 'ApiError',
    status: 402,
    code: 'insufficient_api_v_credits',
    message: 'sentence about insufficient_api_v_credits',
    stage: 'admission',
    retryable: false,
    requestId: 'req-9',
    errors: [{ field: 'a' }],
  });
  expect(server.received).toHaveLength(1);
});

test('the server decides how long to wait', async () => {
  const client = await clientFor((_request, count) =>
    count === 1 ? problem(429, 'rate_limited', true, { 'retry-after': '1' }) : { json: { data: { id: 1 } } },
  );
  const startMs = performance.now();
  await client.credits();
  expect(performance.now() - startMs).toBeGreaterThanOrEqual(990);
});

test('a wait longer than the policy allows is left to the caller', async () => {
  const client = await clientFor(() => problem(503, 'queue_full', true, { 'retry-after': '3600' }));
  await expect(client.credits()).rejects.toMatchObject({ code: 'queue_full', retryAfterSec: 3600, retryable: true });
  expect(server.received).toHaveLength(1);
});

test('waiting for another reason is not a repetition: result_not_ready comes back at once', async () => {
  const client = await clientFor(() => problem(409, 'result_not_ready', true));
  await expect(client.result('mocap_1')).rejects.toMatchObject({ code: 'result_not_ready' });
  expect(server.received).toHaveLength(1);
});

test("a proxy's page is an error with its status", async () => {
  const client = await clientFor(() => ({ status: 502, raw: Buffer.from('<html>') }));
  await expect(client.credits()).rejects.toMatchObject({ code: 'http_502', retryable: true, requestId: 'req-1' });
  expect(server.received).toHaveLength(4);
});

test('an answer that is no answer of this API, or never ends, is a connection error', async () => {
  const client = await clientFor((request) =>
    request.path.endsWith('credits') ? { json: { hello: 1 } } : { raw: Buffer.alloc(9 << 20, 32) },
  );
  await expect(client.credits()).rejects.toBeInstanceOf(ConnectionError);
  await expect(client.targets()).rejects.toThrow(/too long/);
});

test('ids cannot leave their place in the path', async () => {
  const client = await clientFor(() => ({ json: { data: {} } }));
  await client.getJob('../../keys?x=1');
  expect(server.received[0].path).toBe('/api/v1/mocap/jobs/..%2F..%2Fkeys%3Fx%3D1');
});

test('a list is a page with its cursor', async () => {
  const client = await clientFor(() => ({ json: { data: [{ id: 'mocap_1' }], nextCursor: 'c2' } }));
  expect(await client.listJobs({ status: 'failed', cursor: 'c1', limit: 1 })).toEqual({ items: [{ id: 'mocap_1' }], nextCursor: 'c2' });
  expect(server.received[0].path).toBe('/api/v1/mocap/jobs?status=failed&cursor=c1&limit=1');
});

test('waiting polls through outages until the end', async () => {
  const client = await clientFor((_request, count) => {
    if (count === 2) return { hangUp: true };
    return { json: { data: { job: { id: 'm', status: count < 5 ? 'processing' : 'failed', pollAfterSec: 0 }, events: [], result: null } } };
  });
  const seen: string[] = [];
  const end = await client.waitForJob('m', { onUpdate: (snapshot) => seen.push(snapshot.job.status) });
  expect(end.job.status).toBe('failed');
  expect(seen).toEqual(['processing', 'processing', 'processing', 'failed']);
});

test('waiting ends when its time is over, and when it is aborted', async () => {
  const client = await clientFor(() => ({
    json: { data: { job: { id: 'm', status: 'queued', pollAfterSec: 0 }, events: [], result: null } },
  }));
  await expect(client.waitForJob('m', { timeoutSec: 0.5 })).rejects.toBeInstanceOf(WaitTimeoutError);
  const controller = new AbortController();
  const waiting = client.waitForJob('m', { signal: controller.signal });
  controller.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
});

test('a Blob is uploaded whole; a broken upload is sent again from the beginning', async () => {
  const bytes = randomBytes(200_000);
  const client = await clientFor((_request, count) => (count === 1 ? { hangUp: true } : { json: { data: {} } }));
  const progress: number[] = [];
  await client.upload(`${server.baseUrl}/objects/k`, new Blob([bytes]), { onProgress: (sent) => progress.push(sent) });
  expect(server.received[1].body.equals(bytes)).toBe(true);
  expect(server.received[1].headers['content-type']).toBe('video/mp4');
  expect(server.received[1].headers.authorization).toBeUndefined();
  expect(progress.at(-1)).toBe(bytes.length);
});

test('a download is verified', async () => {
  const bytes = randomBytes(1000);
  const file = { name: 'walk.fbx', url: '', bytes: 1000, sha256: createHash('sha256').update(bytes).digest('hex'), mediaType: 'model/fbx' };
  const client = await clientFor((request) => ({ raw: request.path === '/good' ? bytes : randomBytes(1000) }));
  expect(Buffer.from(await client.download({ ...file, url: `${server.baseUrl}/good` })).equals(bytes)).toBe(true);
  await expect(client.download({ ...file, url: `${server.baseUrl}/bad` })).rejects.toBeInstanceOf(IntegrityError);
});

test('waits grow, jitter downwards and have a ceiling', async () => {
  server = await startFakeServer(() => ({}));
  const policy = { maxRetries: 9, firstWaitMs: 500, maxWaitMs: 4000 };
  const error = new ConnectionError('x');
  expect([0, 1, 2, 3, 4, 9].map((attempt) => waitBeforeRetryMs(error, attempt, policy, () => 1))).toEqual([
    500, 1000, 2000, 4000, 4000, 4000,
  ]);
  expect(waitBeforeRetryMs(error, 0, policy, () => 0)).toBe(250);
});

test('Retry-After is seconds or a date', async () => {
  server = await startFakeServer(() => ({}));
  const nowMs = Date.parse('2026-01-01T00:00:00Z');
  expect(parseRetryAfter('7', nowMs)).toBe(7);
  expect(parseRetryAfter('Thu, 01 Jan 2026 00:01:00 GMT', nowMs)).toBe(60);
  expect(parseRetryAfter('Wed, 31 Dec 2025 00:00:00 GMT', nowMs)).toBe(0);
  expect(parseRetryAfter('soon', nowMs)).toBeUndefined();
});
