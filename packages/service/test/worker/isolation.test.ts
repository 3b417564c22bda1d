/** Processes of their own, as built: a real video is measured, a hostile one ends as an error and nothing else. */
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { createIsolatedProbe } from '../../src/probe/isolated-probe.ts';
import { createIsolatedSolver } from '../../src/worker/isolated-solver.ts';

const SAMPLE = fileURLToPath(new URL('../../../../samples/walk_front.mp4', import.meta.url));

let folder: string;
let config: Config;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gaitway-isolation-'));
  config = await loadConfig({ GAITWAY_DATA_DIR: folder, PATH: process.env.PATH, HOME: process.env.HOME });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const withBudget = (probeTimeoutSec: number) => createIsolatedProbe({ ...config, limits: { ...config.limits, probeTimeoutSec } });

describe('the isolated probe', () => {
  it('measures a video', async () => {
    const facts = await withBudget(200)(SAMPLE);
    expect(facts).toMatchObject({ codec: 'h264', fps: 30 });
    expect(facts.durationSec).toBeGreaterThan(1);
  });
  it('says why a file is no video', async () => {
    const path = join(folder, 'not-a-video');
    await writeFile(path, 'GIF89a nothing to see');
    await expect(withBudget(200)(path)).rejects.toMatchObject({ code: 'source_unreadable', stage: 'validation' });
  });
  it('ends with its budget', async () => {
    await expect(withBudget(0.001)(SAMPLE)).rejects.toMatchObject({ code: 'service_unavailable', retryable: true });
  });
  it('ends when nobody waits for it any more', async () => {
    await expect(withBudget(200)(SAMPLE, AbortSignal.abort())).rejects.toMatchObject({ code: 'service_unavailable' });
  });
});

describe('the isolated solver', () => {
  const request = (sourcePath: string) => ({
    jobId: 'mocap_test',
    sourcePath,
    sourceFilename: 'x.mp4',
    outDir: join(folder, 'out'),
    targets: [{ id: 'default', options: {} }],
    quality: 'fast' as const,
    mocapType: 'full_body' as const,
    exportFps: 30,
    trimStartSec: 0,
    trimEndSec: 1,
    vCredits: 1,
  });
  it('turns a video into files with their roles, and the kept motion into the same files', async () => {
    const solver = createIsolatedSolver(config, join(folder, 'cache'));
    const kept = join(folder, 'kept.clip');
    const phases = new Set<string>();
    const onProgress = (phase: string): void => void phases.add(phase);
    const { signal } = new AbortController();
    const first = await solver.solve(request(SAMPLE), { signal, onProgress, onClip: (path) => copyFile(path, kept) });
    expect(first.failedTargets).toEqual([]);
    expect(first.files[0]).toMatchObject({ targetId: 'default', role: 'file', name: 'default.fbx' });
    expect(first.files.slice(1).map(({ role, targetId }) => [role, targetId])).toEqual(
      expect.arrayContaining([
        ['clip', null],
        ['preview', null],
        ['manifest', null],
      ]),
    );
    expect([...phases]).toEqual(expect.arrayContaining(['preflight', 'capturing', 'packaging']));
    const fbx = await readFile(join(folder, 'out', 'default.fbx'));
    const again = { ...request(SAMPLE), clipPath: kept, outDir: join(folder, 'again') };
    await solver.solve(again, { signal, onProgress: () => {} });
    expect(fbx.equals(await readFile(join(folder, 'again', 'default.fbx')))).toBe(true);
  });
  it('passes errors of the catalogue on', async () => {
    const path = join(folder, 'broken');
    await writeFile(path, 'no video at all');
    const running = { signal: new AbortController().signal, onProgress: () => {} };
    await expect(createIsolatedSolver(config, join(folder, 'cache')).solve(request(path), running)).rejects.toMatchObject({
      code: 'source_unreadable',
    });
  });
  it('ends at once when the job is stopped', async () => {
    const stop = new AbortController();
    const solving = createIsolatedSolver(config, join(folder, 'cache')).solve(request(SAMPLE), {
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    await expect(solving).rejects.toMatchObject({ code: 'canceled' });
  });
});
