import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gaitway-config-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const load = (variables: Record<string, string> = {}) => loadConfig({ GAITWAY_DATA_DIR: folder, ...variables });

describe('configuration', () => {
  it('needs nothing', async () => {
    const config = await load();
    expect(config).toMatchObject({ port: 8080, host: '127.0.0.1', publicUrl: 'http://localhost:8080', corsOrigins: [] });
    expect(config.database).toEqual({ kind: 'embedded', dataDir: join(folder, 'postgres') });
    expect(config.plans.free).toMatchObject({ monthlyWebCredits: 100, maxDurationSec: 30, maxSourceBytes: 52_428_800, retentionDays: 7 });
  });

  it('keeps a secret of its own across starts, readable by its user alone', async () => {
    const [first, second] = [await load(), await load()];
    expect(first.signingSecret).toBe(second.signingSecret);
    expect(first.signingSecret.length).toBeGreaterThanOrEqual(32);
    expect((await stat(join(folder, 'signing-secret'))).mode & 0o777).toBe(0o600);
    expect(await readFile(join(folder, 'signing-secret'), 'utf8')).toBe(first.signingSecret);
  });

  it('passes no secret on to processes that read hostile files', async () => {
    const { childEnvironment } = await load({ PATH: '/bin', DATABASE_URL: 'postgres://u:p@h/d', GAITWAY_SIGNING_SECRET: 's'.repeat(40) });
    expect(childEnvironment).toEqual({ PATH: '/bin' });
  });

  const wrong: readonly [variable: string, value: string][] = [
    ['PORT', '70000'],
    ['PORT', 'http'],
    ['DATABASE_URL', 'mysql://x'],
    ['GAITWAY_PUBLIC_URL', 'ftp://x'],
    ['GAITWAY_SIGNING_SECRET', 'short'],
    ['GAITWAY_LOG_LEVEL', 'loud'],
    ['GAITWAY_WORKER_CONCURRENCY', '0'],
    ['GAITWAY_CORS_ORIGINS', 'https://ok.example,nonsense'],
  ];
  it.each(wrong)('refuses %s=%s with a sentence that names it', async (variable, value) => {
    await expect(load({ [variable]: value })).rejects.toThrow(new RegExp(`^${variable}.* is not valid: .+\\.$`));
  });

  it('reads plans from a file and says what is wrong in it', async () => {
    const path = join(folder, 'plans.json');
    const plan = { maxDurationSec: 60, maxSourceBytes: 1_000_000, maxConcurrentJobs: 3, retentionDays: 1 };
    await writeFile(path, JSON.stringify({ team: plan }));
    expect((await load({ GAITWAY_PLANS_FILE: path })).plans.team).toMatchObject({ id: 'team', active: true, priority: 0, ...plan });
    await writeFile(path, JSON.stringify({ team: { ...plan, maxConcurrentJobs: -1 } }));
    await expect(load({ GAITWAY_PLANS_FILE: path })).rejects.toThrow(/GAITWAY_PLANS_FILE is not valid: .*maxConcurrentJobs/s);
    await expect(load({ GAITWAY_PLANS_FILE: join(folder, 'missing.json') })).rejects.toThrow('GAITWAY_PLANS_FILE is not valid');
  });
});
