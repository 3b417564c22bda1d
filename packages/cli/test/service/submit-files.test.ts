import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { JobResult, ResultFile } from '@gaitway/client/wire-types';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { planDownloads, safeFileName } from '../../src/service/submit-download.ts';
import { stateFile } from '../../src/service/submit-state.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'gaitway-submit-'));
});
afterEach(() => rm(folder, { recursive: true }));

const REQUEST = { sourceFilename: 'a.mp4', targetIds: ['default'], sourceSha256: 'aa' };
const STATE = { version: 1, idempotencyKey: 'key', jobId: 'mocap_1' } as const;

test('a state is found again for the same submission only', async () => {
  const out = path.join(folder, 'out');
  const file = stateFile(out, 'http://a', REQUEST);
  expect(await file.load()).toBeNull();
  await file.save(STATE);
  expect(await file.load()).toEqual(STATE);
  expect(await stateFile(out, 'http://b', REQUEST).load()).toBeNull();
  expect(await stateFile(out, 'http://a', { ...REQUEST, sourceSha256: 'bb' }).load()).toBeNull();
  expect((await stat(`${out}.submit.json`)).mode & 0o077).toBe(0);
  await file.remove();
  expect(await file.load()).toBeNull();
});

test('a damaged state is no state', async () => {
  const out = path.join(folder, 'out');
  const file = stateFile(out, 'http://a', REQUEST);
  await file.save(STATE);
  const text = await readFile(`${out}.submit.json`, 'utf8');
  for (const damaged of ['', '{', '[]', 'null', text.slice(0, 20), text.replace('"version":1', '"version":2')]) {
    await writeFile(`${out}.submit.json`, damaged);
    expect(await file.load()).toBeNull();
  }
});

test('no name that a server sends leaves the folder', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (name) => {
      const safe = safeFileName(name);
      expect(path.dirname(path.resolve(folder, safe))).toBe(folder);
      expect(safe).not.toMatch(/^\.|[\\/\0]/);
    }),
  );
  for (const name of ['..', '.', '', '../../x', '/etc/passwd', 'a/b', 'C:\\x'])
    expect(path.dirname(path.resolve(folder, safeFileName(name)))).toBe(folder);
  expect(safeFileName('walk_front (1).fbx')).toBe('walk_front (1).fbx');
});

const named = (name: string): ResultFile => ({ name, url: '', bytes: 1, sha256: '', mediaType: '' });

test('files of one name are told apart by their target', () => {
  const output = (targetId: string) => ({ targetId, resultType: 'fbx' as const, status: 'completed' as const, files: [named('a.fbx')] });
  const result: JobResult = {
    jobId: 'j',
    status: 'completed',
    targetId: 'default',
    resultType: 'fbx',
    outputs: [output('default'), output('avatar:1'), output('avatar:1')],
    files: [named('manifest.json')],
  };
  expect(planDownloads(result).map(({ name }) => name)).toEqual(['a.fbx', 'avatar_1-a.fbx', '2-avatar_1-a.fbx', 'manifest.json']);
});
