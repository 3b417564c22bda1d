import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { IntegrityError } from '../src/errors.ts';
import { downloadToFile } from '../src/node-download.ts';
import { fileBody } from '../src/node-file-body.ts';
import { type FakeServer, startFakeServer } from './fake-server.ts';

let folder: string;
let server: FakeServer;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gaitway-client-'));
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const bytes = randomBytes(300_000);
const file = { name: 'walk.fbx', bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex'), mediaType: 'model/fbx' };

async function untilLongerThan(path: string, length: number): Promise<void> {
  const size = () =>
    stat(path).then(
      (entry) => entry.size,
      () => 0,
    );
  while ((await size()) <= length) await delay(2);
}

/** Serves ranges as RFC 9110 says, cutting the first connections short, each once some of it has reached the file `part`. */
const rangeServer = (cuts: number, part = '') =>
  startFakeServer((request, count) => {
    const start = Number(/bytes=(\d+)-/.exec(String(request.headers.range))?.[1] ?? 0);
    const cut = { cutAfter: 100_000, cutWhen: () => untilLongerThan(part, start) };
    return { status: start > 0 ? 206 : 200, raw: bytes.subarray(start), ...(count <= cuts ? cut : {}) };
  });

test('a file is uploaded as it is, with its length and progress', async () => {
  server = await startFakeServer(() => ({ json: { data: {} } }));
  await writeFile(join(folder, 'a.mp4'), bytes);
  const progress: number[] = [];
  const answer = await (await fileBody(join(folder, 'a.mp4'))).send(`${server.baseUrl}/k`, {
    mediaType: 'video/mp4',
    onProgress: (sent) => progress.push(sent),
  });
  expect(answer.status).toBe(200);
  expect(server.received[0].body.equals(bytes)).toBe(true);
  expect(server.received[0].headers['content-length']).toBe(String(bytes.length));
  expect(progress.at(-1)).toBe(bytes.length);
});

test('a refusal of an upload is an answer; a cut connection is not', async () => {
  server = await startFakeServer((_request, count) => (count === 1 ? { status: 413, json: { code: 'x' } } : { hangUp: true }));
  await writeFile(join(folder, 'a.mp4'), bytes);
  const body = await fileBody(join(folder, 'a.mp4'));
  expect(await body.send(`${server.baseUrl}/k`, { mediaType: 'video/mp4' })).toMatchObject({ status: 413, body: '{"code":"x"}' });
  await expect(body.send(`${server.baseUrl}/k`, { mediaType: 'video/mp4' })).rejects.toMatchObject({ name: 'ConnectionError' });
});

test('a download that breaks off goes on where it was', async () => {
  const path = join(folder, 'out/walk.fbx');
  server = await rangeServer(2, `${path}.part`);
  await downloadToFile({ ...file, url: `${server.baseUrl}/k` }, path);
  expect((await readFile(path)).equals(bytes)).toBe(true);
  const starts = server.received.map((request) => Number(/bytes=(\d+)-/.exec(String(request.headers.range))?.[1] ?? 0));
  expect(starts).toHaveLength(3);
  expect(starts[1]).toBeGreaterThan(0);
  expect(starts[2]).toBeGreaterThan(starts[1]);
  expect(await readdir(join(folder, 'out'))).toEqual(['walk.fbx']);
});

test('what is there already is not fetched again; what is damaged is', async () => {
  server = await rangeServer(0);
  const path = join(folder, 'walk.fbx');
  const remote = { ...file, url: `${server.baseUrl}/k` };
  await downloadToFile(remote, path);
  await downloadToFile(remote, path);
  expect(server.received).toHaveLength(1);
  await writeFile(path, randomBytes(bytes.length));
  await downloadToFile(remote, path);
  expect((await readFile(path)).equals(bytes)).toBe(true);
});

test('other bytes are refused and not kept; more than announced stop at once', async () => {
  server = await startFakeServer((request) => ({ raw: request.path === '/long' ? Buffer.alloc(10_000_000) : randomBytes(bytes.length) }));
  const path = join(folder, 'walk.fbx');
  await expect(downloadToFile({ ...file, url: `${server.baseUrl}/other` }, path)).rejects.toBeInstanceOf(IntegrityError);
  expect(await readdir(folder)).toEqual([]);
  await expect(downloadToFile({ ...file, url: `${server.baseUrl}/long` }, path)).rejects.toBeInstanceOf(IntegrityError);
});
