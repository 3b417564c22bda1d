import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createLocalStore } from '../../src/storage/local-store.ts';
import { createUrlSigner } from '../../src/storage/signed-url.ts';
import { chunks, describeObjectStore } from './conformance.ts';

async function temporaryStore() {
  const root = await mkdtemp(join(tmpdir(), 'gaitway-objects-'));
  const store = await createLocalStore({ root, publicUrl: 'http://host.test', signer: createUrlSigner(randomBytes(32)) });
  return { root, store, dispose: () => rm(root, { recursive: true, force: true }) };
}

describeObjectStore('local disk', temporaryStore);

test('bytes of a put that died are swept once they are old; those of a running one are not', async () => {
  const { root, store, dispose } = await temporaryStore();
  await store.put('jobs/a/source', chunks(randomBytes(10)), { maxBytes: 100 });
  const dead = join(root, 'jobs/a/source~11111111-dead');
  const running = join(root, 'jobs/a/source~22222222-running');
  await writeFile(dead, 'half');
  await writeFile(running, 'half');
  const longAgo = new Date(Date.now() - 7_200_000);
  await utimes(dead, longAgo, longAgo);
  expect(await store.sweepUnfinished(new Date(Date.now() - 3_600_000))).toBe(1);
  const names = await readdir(join(root, 'jobs/a'));
  expect(names).toContain('source~22222222-running');
  expect(names).not.toContain('source~11111111-dead');
  expect(await store.stat('jobs/a/source')).not.toBeNull();
  await dispose();
});

test('a replaced object leaves no bytes behind', async () => {
  const { root, store, dispose } = await temporaryStore();
  for (let round = 0; round < 3; round++) await store.put('k', chunks(randomBytes(10)), { maxBytes: 100 });
  expect(await readdir(root)).toHaveLength(2);
  await store.put('jobs/other/k', chunks(randomBytes(10)), { maxBytes: 100 });
  await store.remove('jobs/other/k');
  expect((await readdir(root, { recursive: true })).filter((name) => !name.startsWith('k~'))).toEqual(['jobs']);
  await dispose();
});
