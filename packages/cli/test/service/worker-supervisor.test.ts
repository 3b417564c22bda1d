/** A supervisor with small children that do as a worker might: live, die, hang. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ToWorker } from '@gaitway/service/worker/messages';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { superviseWorker } from '../../src/service/worker-supervisor.ts';

let folder: string;
let entry: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'gaitway-supervisor-'));
  entry = path.join(folder, 'child.mjs');
});
afterEach(() => rm(folder, { recursive: true }));

const start = { type: 'start', config: {}, connectionString: 'postgres://x' } as unknown as Extract<ToWorker, { type: 'start' }>;

/** A child that notes each message and stops when told. */
const OBEDIENT = (log: string): string => `
  import { appendFileSync } from 'node:fs';
  process.on('message', (message) => {
    appendFileSync(${JSON.stringify(log)}, message.type + ' ' + (message.connectionString ?? '') + '\\n');
    if (message.type === 'stop') process.exit(0);
  });`;

const lines = async (file: string): Promise<string[]> => (await readFile(file, 'utf8').catch(() => '')).split('\n').filter(Boolean);

test('the child is told to start, and to stop', async () => {
  const log = path.join(folder, 'log');
  await writeFile(entry, OBEDIENT(log));
  const supervisor = superviseWorker({ entry, start, log: () => {} });
  await expect.poll(() => lines(log), { timeout: 10_000 }).toEqual(['start postgres://x']);
  await supervisor.stop();
  expect(await lines(log)).toEqual(['start postgres://x', 'stop ']);
  expect(supervisor.pid()).toBeUndefined();
});

test('a child that was killed is started again', async () => {
  const log = path.join(folder, 'log');
  const said: string[] = [];
  await writeFile(entry, OBEDIENT(log));
  const supervisor = superviseWorker({ entry, start, log: (message) => said.push(message) });
  await expect.poll(() => lines(log), { timeout: 10_000 }).toHaveLength(1);
  const first = supervisor.pid() ?? 0;
  process.kill(first, 'SIGKILL');
  await expect.poll(() => lines(log), { timeout: 10_000 }).toHaveLength(2);
  expect(supervisor.pid()).not.toBe(first);
  expect(said).toEqual(['the worker ended (SIGKILL); starting it again']);
  await supervisor.stop();
});

test('stopping between two children ends at once', async () => {
  await writeFile(entry, 'process.exit(3)');
  const said: string[] = [];
  const supervisor = superviseWorker({ entry, start, log: (message) => said.push(message) });
  await expect.poll(() => said, { timeout: 10_000 }).toHaveLength(1);
  await supervisor.stop();
  expect(said[0]).toBe('the worker ended (code 3); starting it again');
});
