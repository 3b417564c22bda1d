import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endlessFfmpeg, gaitway, SAMPLE, startGaitway } from './gaitway.ts';

let home = '';
const inHome = (...names: string[]): string => path.join(home, ...names);
const QUICK = ['--quality', 'fast', '--no-preview', '--trim', '1:1.4'];
const batch = (...options: string[]) => gaitway(['process', inHome('clips'), '--out', inHome('out'), '--json', ...QUICK, ...options]);
const statuses = (stdout: string): Record<string, string> =>
  Object.fromEntries(JSON.parse(stdout).map(({ video, status }: { video: string; status: string }) => [video, status]));

beforeAll(() => {
  home = mkdtempSync(path.join(tmpdir(), 'gaitway batch '));
  mkdirSync(inHome('clips', 'deeper'), { recursive: true });
  copyFileSync(SAMPLE, inHome('clips', '-walk.mp4'));
  copyFileSync(SAMPLE, inHome('clips', 'same.mp4'));
  writeFileSync(inHome('clips', 'same.mov'), 'This is no film.');
  writeFileSync(inHome('clips', 'notes.txt'), 'Nor is this.');
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

describe('gaitway process FOLDER', () => {
  it('delivers every video into a folder of its own, and one that fails takes no other with it', async () => {
    const ended = await batch('--jobs', '2');
    expect(ended.code, ended.stderr).toBe(5);
    expect(statuses(ended.stdout)).toEqual({ '-walk.mp4': 'done', 'same.mov': 'failed', 'same.mp4': 'done' });
    expect(JSON.parse(ended.stdout)[1].error).toMatch(/source_unreadable/);
    expect(readdirSync(inHome('out')).sort()).toEqual(['-walk', 'batch.json', 'same.mp4']);
    expect(readdirSync(inHome('out', '-walk')).sort()).toEqual(['default.fbx', 'manifest.json', 'motion.clip']);
  });

  it('does again only what failed, what changed, what has other options and what lost a file', async () => {
    const madeMs = (): number => statSync(inHome('out', '-walk', 'default.fbx')).mtimeMs;
    const firstMs = madeMs();
    rmSync(inHome('clips', 'same.mov'));
    rmSync(inHome('out', 'same.mp4', 'default.fbx'));
    const second = await batch();
    // Its folder is called "same" now that no other video is.
    expect(statuses(second.stdout)).toEqual({ '-walk.mp4': 'skipped', 'same.mp4': 'done' });
    expect([second.code, madeMs()]).toEqual([0, firstMs]);
    expect(existsSync(inHome('out', 'same', 'default.fbx'))).toBe(true);
    const third = await batch('--fps', '60');
    expect(statuses(third.stdout)).toEqual({ '-walk.mp4': 'done', 'same.mp4': 'done' });
    expect(JSON.parse(readFileSync(inHome('out', '-walk', 'manifest.json'), 'utf8')).exportFps).toBe(60);
    const table = await gaitway(['process', inHome('clips'), '--out', inHome('out'), ...QUICK, '--fps', '60']);
    expect(table.stdout).toMatch(/2 skipped\n$/);
  });

  it('stops its runs when it is interrupted, and keeps what is done', async () => {
    const run = ['process', inHome('clips'), '--out', inHome('stopped'), '--quality', 'fast', '--trim', '1:1.4'];
    const { child, ended } = startGaitway(run, endlessFfmpeg(home));
    const isAtWork = (): boolean => existsSync(inHome('stopped', '-walk'));
    while (!isAtWork() && child.exitCode === null) await pause(20);
    child.kill('SIGTERM');
    const { code, stdout } = await ended;
    expect(code).toBe(130);
    expect(stdout).toMatch(/-walk\.mp4 +interrupted/);
    expect(readdirSync(inHome('stopped'))).toEqual(['batch.json']);
  });

  it('refuses a folder without a video, a number of jobs that is none, and jobs of a single video', async () => {
    const out = ['--out', inHome('none')];
    const [empty, jobs, single] = await Promise.all([
      gaitway(['process', inHome('clips', 'deeper'), ...out]),
      gaitway(['process', inHome('clips'), ...out, '--jobs', '0']),
      gaitway(['process', SAMPLE, ...out, '--jobs', '2']),
    ]);
    expect([empty.code, empty.stderr]).toEqual([3, expect.stringContaining('no video in this folder')]);
    expect([jobs.code, single.code]).toEqual([2, 2]);
    expect(existsSync(inHome('none'))).toBe(false);
  });
});
