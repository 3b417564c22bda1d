/** The actions of `gaitway admin` on a real database, without the process around them. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadConfig } from '@gaitway/service/config/load-config';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../service/test/embedded/test-database.ts';
import type { Outcome } from '../../src/service/admin/action.ts';
import { findAction } from '../../src/service/admin/actions.ts';
import { type OpenAdmin, openAdmin } from '../../src/service/admin/open-admin.ts';
import { formatTable } from '../../src/service/admin/print-outcome.ts';

let database: TestDatabase;
let admin: OpenAdmin;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'gaitway-admin-'));
  database = await createTestDatabase('admin');
  admin = await openAdmin(await loadConfig({ GAITWAY_DATA_DIR: folder }), database.connectionString);
});

afterAll(async () => {
  await admin.close();
  await database.drop();
  await rm(folder, { recursive: true });
});

function run(...args: string[]): Promise<Outcome> {
  const found = findAction(args);
  if (found === null) throw new Error(`no action: ${args.join(' ')}`);
  return found.action.run(admin.context, found.rest);
}

const created = async (plan = 'starter'): Promise<string> => (await run('accounts', 'create', 'Studio', '--plan', plan)).text ?? '';

test('an account is made, put on a plan and suspended', async () => {
  const accountId = await created();
  const find = async () => (await run('accounts', 'list')).rows?.find((row) => row.id === accountId);
  expect(await find()).toMatchObject({ name: 'Studio', plan: 'starter', active: true });
  await run('accounts', 'plan', accountId, 'premium');
  await run('accounts', 'suspend', accountId);
  expect(await find()).toMatchObject({ plan: 'premium', active: false });
  await expect(run('accounts', 'plan', accountId, 'gold')).rejects.toThrow(/no plan "gold".*premium/);
  await expect(run('accounts', 'suspend', 'account_x')).rejects.toThrow(/no account/);
});

test('a key is shown once, listed by its beginning, and revoked once', async () => {
  const accountId = await created();
  const [id, key] = (await run('keys', 'create', accountId, '--test', '--scopes', 'jobs:read')).text?.split('\n') ?? [];
  expect(key).toMatch(/^sk-test-[A-Za-z0-9_-]{32}$/);
  const { rows } = await run('keys', 'list', accountId);
  expect(rows).toEqual([expect.objectContaining({ id, mode: 'test', scopes: ['jobs:read'], revoked: null })]);
  expect(JSON.stringify(rows)).not.toContain(key);
  await run('keys', 'revoke', id);
  await expect(run('keys', 'revoke', id)).rejects.toThrow(/no key/);
  await expect(run('keys', 'create', accountId, '--scopes', 'everything')).rejects.toThrow(/one of jobs:read/);
});

test('credits are granted once a reference, adjusted, and never below zero; the books stay right', async () => {
  const accountId = await created();
  expect((await run('credits', 'grant', accountId, '100', '--reference', 'invoice-1')).text).toMatch(/Booked.*100 api/);
  expect((await run('credits', 'grant', accountId, '100', '--reference', 'invoice-1')).text).toMatch(/nothing changed.*100 api/);
  expect((await run('credits', 'adjust', accountId, '--', '-30')).text).toMatch(/70 api/);
  await expect(run('credits', 'adjust', accountId, '--', '-71')).rejects.toThrow(/only 70/);
  await expect(run('credits', 'grant', accountId, '1.5')).rejects.toThrow(/whole number/);
  await expect(run('credits', 'grant', accountId, '5', '--pool', 'gold')).rejects.toThrow(/one of api, web/);
  expect((await run('credits', 'entries', accountId)).rows).toHaveLength(2);
  const audited = await run('audit');
  expect([audited.text, audited.code]).toEqual([expect.stringMatching(/books are right/), undefined]);
});

test('jobs that do not exist are named so; a purge of nothing says so', async () => {
  expect((await run('jobs', 'list', '--status', 'queued')).rows).toEqual([]);
  await expect(run('jobs', 'cancel', 'mocap_x')).rejects.toThrow(/no job "mocap_x"/);
  await expect(run('jobs', 'list', '--limit', '0')).rejects.toThrow(/whole number/);
  expect((await run('purge')).text).toBe('Drafts expired: 0. Jobs removed: 0. Orphaned objects removed: 0.');
});

test('arguments missing or too many are a sentence', async () => {
  await expect(run('accounts', 'create')).rejects.toThrow(/NAME is missing/);
  await expect(run('accounts', 'create', 'a', 'b')).rejects.toThrow(/"b" is one argument too many/);
  expect(findAction(['accounts'])).toBeNull();
  expect(findAction(['nonsense', 'list'])).toBeNull();
});

test('a table lines up, and a name cannot command the terminal', () => {
  expect(formatTable([{ id: 'a', name: 'x\u001b[2Jy', at: null }])).toBe('id  name    at\na   x [2Jy  -');
  expect(formatTable([])).toBe('(none)');
});
