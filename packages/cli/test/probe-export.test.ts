import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gaitway, makeMedia, SAMPLE } from './gaitway.ts';

let home = '';
const inHome = (...names: string[]): string => path.join(home, ...names);
beforeAll(() => {
  home = mkdtempSync(path.join(tmpdir(), 'gaitway probe '));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

describe('gaitway probe', () => {
  it('says that a good clip fits, and shows the person in a picture that ffmpeg can read', async () => {
    const ended = await gaitway(['probe', SAMPLE, '--still', inHome('still.png')]);
    expect(ended.stdout, ended.stderr).toBe('walk_front.mp4: 1280×720, 5.0 s at 30 fps, h264\nFits.\n');
    expect(ended.code).toBe(0);
    const { path: ffmpeg } = createRequire(import.meta.url)('@ffmpeg-installer/ffmpeg');
    const rgb = execFileSync(ffmpeg, ['-v', 'error', '-i', inHome('still.png'), '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'], {
      maxBuffer: 1e7,
    });
    expect(rgb.length).toBe(640 * 360 * 3);
    expect(rgb.includes(Buffer.of(64, 224, 96, 64, 224, 96))).toBe(true);
  });

  it('tells where there is nobody, as JSON, with exit code 4', async () => {
    makeMedia(['-f', 'lavfi', '-i', 'color=c=gray:s=320x240:r=10:d=1', '-pix_fmt', 'yuv420p', inHome('nobody.mp4')]);
    const ended = await gaitway(['probe', inHome('nobody.mp4'), '--json']);
    expect(JSON.parse(ended.stdout)).toMatchObject({
      verdict: 'does_not_fit',
      findings: [{ code: 'no_person', severity: 'blocker', timeSec: 0 }],
      measures: { framesWithPerson: 0 },
      video: { widthPx: 320, heightPx: 240 },
    });
    expect(ended.code).toBe(4);
  });

  it('refuses what is no video with exit code 3, a still that cannot be written with 1', async () => {
    writeFileSync(inHome('text.mp4'), 'This is a letter.');
    expect((await gaitway(['probe', inHome('text.mp4')])).code).toBe(3);
    expect((await gaitway(['probe'])).code).toBe(2);
    const unwritable = await gaitway(['probe', inHome('nobody.mp4'), '--still', inHome('no', 'such', 'folder.png')]);
    expect([unwritable.code, unwritable.stderr]).toEqual([1, expect.stringContaining('output_unwritable')]);
  });
});

describe('gaitway export', () => {
  it('makes other files of a clip, with other options, without its video', async () => {
    const made = await gaitway(['process', SAMPLE, '--out', inHome('made'), '--quality', 'fast', '--no-preview', '--trim', '1:1.5']);
    expect(made.code, made.stderr).toBe(0);
    const options = ['--formats', 'fbx,glb,bvh', '--skeleton', 'mixamo', '--fps', '60', '--rest-pose', 't', '--proportions', 'person'];
    const ended = await gaitway(['export', inHome('made', 'motion.clip'), '--out', inHome('again'), ...options, '--json']);
    expect(ended.code, ended.stderr).toBe(0);
    expect(readdirSync(inHome('again')).sort()).toEqual(['default.bvh', 'default.fbx', 'default.glb', 'manifest.json', 'motion.clip']);
    const manifest = JSON.parse(ended.stdout);
    const first = JSON.parse(readFileSync(inHome('made', 'manifest.json'), 'utf8'));
    expect(manifest).toMatchObject({ exportFps: 60, source: first.source, trim: first.trim, subject: first.subject });
    expect(readFileSync(inHome('again', 'default.bvh'), 'latin1')).toContain('mixamorig');
    expect(readFileSync(inHome('again', 'motion.clip')).equals(readFileSync(inHome('made', 'motion.clip')))).toBe(true);
  });

  it('refuses what is no clip, and options that are none', async () => {
    const ended = await gaitway(['export', SAMPLE, '--out', inHome('not')]);
    expect([ended.code, ended.stderr]).toEqual([3, expect.stringContaining('not a usable .clip file')]);
    expect((await gaitway(['export', inHome('made', 'motion.clip'), '--out', inHome('not'), '--fps', '25'])).code).toBe(2);
    expect((await gaitway(['export', inHome('made', 'motion.clip')])).code).toBe(2);
  });
});
