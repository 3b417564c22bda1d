/** What every ObjectStore must do. An adapter's test file calls `describeObjectStore` with a way to make an empty store. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ObjectInfo, ObjectStore, PutOptions } from '../../src/storage/object-store.ts';

export interface StoreUnderTest {
  readonly store: ObjectStore;
  dispose(): Promise<void>;
}

const LIMIT: PutOptions = { maxBytes: 1 << 22 };

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A stream in several chunks. */
export async function* chunks(bytes: Uint8Array, chunkBytes = 1000): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
}

/** A stream that breaks off after `bytes`. */
export async function* broken(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
  throw new Error('connection reset');
}

const collect = async (objects: AsyncIterable<ObjectInfo>): Promise<string[]> => {
  const keys: string[] = [];
  for await (const info of objects) keys.push(info.key);
  return keys.sort();
};

export function describeObjectStore(name: string, create: () => Promise<StoreUnderTest>): void {
  let under: StoreUnderTest;
  let store: ObjectStore;
  beforeEach(async () => {
    under = await create();
    store = under.store;
  });
  afterEach(() => under.dispose());

  const put = (key: string, bytes: Uint8Array, options: PutOptions = LIMIT): Promise<ObjectInfo> => store.put(key, chunks(bytes), options);
  const readAll = async (key: string): Promise<Buffer> => buffer((await store.read(key)).body);

  describe(`${name}: putting`, () => {
    test('bytes come back as they went in, with their size and sha256', async () => {
      const bytes = randomBytes(123_457);
      const info = await put('jobs/a/source', bytes);
      expect(info).toMatchObject({ key: 'jobs/a/source', bytes: bytes.length, sha256: sha256(bytes) });
      expect(await store.stat('jobs/a/source')).toEqual(info);
      expect((await readAll('jobs/a/source')).equals(bytes)).toBe(true);
    });

    test('an empty object is an object', async () => {
      expect(await put('empty', new Uint8Array(0))).toMatchObject({ bytes: 0, sha256: sha256(new Uint8Array(0)) });
      expect(await readAll('empty')).toHaveLength(0);
    });

    test('a stream that breaks off leaves nothing', async () => {
      await expect(store.put('jobs/a/source', broken(randomBytes(5000)), LIMIT)).rejects.toMatchObject({ code: 'upload_incomplete' });
      expect(await store.stat('jobs/a/source')).toBeNull();
      expect(await collect(store.list(''))).toEqual([]);
    });

    test('a stream that breaks off leaves the object that was there', async () => {
      const first = randomBytes(5000);
      await put('jobs/a/source', first);
      await expect(store.put('jobs/a/source', broken(randomBytes(4000)), LIMIT)).rejects.toMatchObject({ code: 'upload_incomplete' });
      expect((await readAll('jobs/a/source')).equals(first)).toBe(true);
    });

    test('exactly the limit fits; one byte more does not', async () => {
      await put('fits', randomBytes(4096), { maxBytes: 4096 });
      await expect(put('too-big', randomBytes(4097), { maxBytes: 4096 })).rejects.toMatchObject({ code: 'api_file_size_limit_exceeded' });
      expect(await store.stat('too-big')).toBeNull();
    });

    test('fewer or more bytes than announced, or other bytes, are refused', async () => {
      const bytes = randomBytes(3000);
      await expect(put('k', bytes, { ...LIMIT, expectedBytes: 3001 })).rejects.toMatchObject({ code: 'upload_incomplete' });
      await expect(put('k', bytes, { ...LIMIT, expectedBytes: 2999 })).rejects.toMatchObject({ code: 'upload_incomplete' });
      await expect(put('k', bytes, { ...LIMIT, expectedSha256: sha256(randomBytes(1)) })).rejects.toMatchObject({
        code: 'upload_checksum_mismatch',
      });
      expect(await store.stat('k')).toBeNull();
      await put('k', bytes, { ...LIMIT, expectedBytes: 3000, expectedSha256: sha256(bytes) });
    });

    test('an aborted put leaves nothing', async () => {
      const controller = new AbortController();
      async function* endless(): AsyncIterable<Uint8Array> {
        for (let count = 0; ; count++) {
          if (count === 5) controller.abort();
          yield randomBytes(100);
        }
      }
      await expect(store.put('k', endless(), { ...LIMIT, signal: controller.signal })).rejects.toMatchObject({ code: 'upload_incomplete' });
      expect(await store.stat('k')).toBeNull();
    });

    test('two puts of one key at once: one of them as a whole', async () => {
      const bodies = [randomBytes(70_000), randomBytes(50_000), randomBytes(60_000)];
      await Promise.all(bodies.map((bytes) => put('raced', bytes)));
      const stored = await readAll('raced');
      expect(bodies.some((bytes) => bytes.equals(stored))).toBe(true);
      expect((await store.stat('raced'))?.sha256).toBe(sha256(stored));
    });
  });

  describe(`${name}: reading`, () => {
    test('ranges are inclusive', async () => {
      const bytes = randomBytes(1000);
      await put('k', bytes);
      for (const [start, end] of [
        [0, 0],
        [999, 999],
        [10, 500],
        [0, 999],
      ]) {
        const part = await buffer((await store.read('k', { start, end })).body);
        expect(part.equals(bytes.subarray(start, end + 1))).toBe(true);
      }
    });

    test('what is not there is not found', async () => {
      expect(await store.stat('nothing/here')).toBeNull();
      await expect(store.read('nothing/here')).rejects.toMatchObject({ code: 'artifact_not_found' });
    });

    test('a reader that has begun ends on the bytes it began with', async () => {
      const first = randomBytes(300_000);
      await put('k', first);
      const reading = await store.read('k');
      await put('k', randomBytes(300_000));
      await store.remove('k');
      expect((await buffer(reading.body)).equals(first)).toBe(true);
    });

    test('a copy on disk is the object, and outlives it', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'gaitway-copy-'));
      const bytes = randomBytes(20_000);
      await put('k', bytes);
      expect(await store.copyToFile('k', join(folder, 'input'))).toMatchObject({ sha256: sha256(bytes) });
      await store.remove('k');
      expect((await readFile(join(folder, 'input'))).equals(bytes)).toBe(true);
      await expect(store.copyToFile('k', join(folder, 'again'))).rejects.toMatchObject({ code: 'artifact_not_found' });
      await rm(folder, { recursive: true });
    });
  });

  describe(`${name}: moving, removing, listing`, () => {
    test('a move takes exactly the object that was looked at, once', async () => {
      const { sha256: seen } = await put('uploads/a', randomBytes(2000));
      await expect(store.move('uploads/a', 'sources/a', sha256(randomBytes(3)))).rejects.toMatchObject({ code: 'source_replaced' });
      const moved = await store.move('uploads/a', 'sources/a', seen);
      expect(moved).toMatchObject({ key: 'sources/a', sha256: seen, bytes: 2000 });
      expect(await store.stat('uploads/a')).toBeNull();
      expect(await store.move('uploads/a', 'sources/a', seen)).toEqual(moved);
      expect(sha256(await readAll('sources/a'))).toBe(seen);
    });

    test('many who move it at once all get it, and so does who comes late', async () => {
      for (let round = 0; round < 10; round++) {
        const [from, to] = [`uploads/${round}`, `sources/${round}`];
        const bytes = randomBytes(500);
        const { sha256: seen } = await put(from, bytes);
        // Each a little later than the one before, by more in every round: they meet at all steps of a move.
        const later = async (turns: number) => {
          for (let turn = 0; turn < turns; turn++) await nextTurn();
          return store.move(from, to, seen);
        };
        const moved = await Promise.all(Array.from({ length: 6 }, (_, index) => later(index * round)));
        for (const info of moved) expect(info).toMatchObject({ key: to, sha256: seen });
        expect((await readAll(to)).equals(bytes)).toBe(true);
        expect(await store.stat(from)).toBeNull();
        await store.remove(to);
      }
    });

    test('an upload after the move does not reach the moved object', async () => {
      const { sha256: seen } = await put('uploads/a', randomBytes(2000));
      await store.move('uploads/a', 'sources/a', seen);
      await put('uploads/a', randomBytes(2000));
      expect((await store.stat('sources/a'))?.sha256).toBe(seen);
      expect(sha256(await readAll('sources/a'))).toBe(seen);
    });

    test('nothing to move is a replaced source', async () => {
      await expect(store.move('uploads/a', 'sources/a', 'ab'.repeat(32))).rejects.toMatchObject({ code: 'source_replaced' });
    });

    test('removing twice succeeds', async () => {
      await put('a/b', randomBytes(10));
      await store.remove('a/b');
      await store.remove('a/b');
      expect(await store.stat('a/b')).toBeNull();
    });

    test('a listing names what is below a folder, and only that', async () => {
      for (const key of ['jobs/a/x', 'jobs/a/y.bin', 'jobs/ab/z', 'other']) await put(key, randomBytes(10));
      expect(await collect(store.list('jobs/a/'))).toEqual(['jobs/a/x', 'jobs/a/y.bin']);
      expect(await collect(store.list(''))).toEqual(['jobs/a/x', 'jobs/a/y.bin', 'jobs/ab/z', 'other']);
      expect(await collect(store.list('nowhere/'))).toEqual([]);
    });

    test('the sweeper of unfinished puts touches no object', async () => {
      await put('jobs/a/x', randomBytes(10));
      await store.sweepUnfinished(new Date(Date.now() + 60_000));
      expect(await collect(store.list(''))).toEqual(['jobs/a/x']);
      expect(await readAll('jobs/a/x')).toHaveLength(10);
    });
  });

  describe(`${name}: keys`, () => {
    test.each([
      '',
      '/',
      '../secret',
      'a/../../b',
      '/etc/passwd',
      'a//b',
      'a/',
      '.hidden',
      'a\\b',
      'a\0b',
      'a%2e',
      'a~',
      'ä',
      'x'.repeat(200),
      'a/b/c/d/e/f/g/h/i',
    ])('refuses %j everywhere', async (key) => {
      await expect(put(key, randomBytes(1))).rejects.toThrow(/not an object key/);
      await expect(store.stat(key)).rejects.toThrow(/not an object key/);
      await expect(store.read(key)).rejects.toThrow(/not an object key/);
      await expect(store.remove(key)).rejects.toThrow(/not an object key/);
      await expect(store.move('ok', key, 'ab'.repeat(32))).rejects.toThrow();
      await expect(store.signUpload({ key, expiresAt: new Date(), maxBytes: 1 })).rejects.toThrow(/not an object key/);
    });

    test('refuses to list outside', async () => {
      await expect(collect(store.list('../'))).rejects.toThrow(/not an object key/);
      await expect(collect(store.list('jobs'))).rejects.toThrow(/not an object key/);
    });
  });
}
