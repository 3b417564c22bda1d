import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ended, gaitway, makeMedia, SAMPLE } from './gaitway.ts';

let home = '';
const inHome = (name: string): string => path.join(home, name);

beforeAll(() => {
  home = mkdtempSync(path.join(tmpdir(), 'gaitway-cli-'));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const run = (source: string, ...options: string[]): Promise<Ended> =>
  gaitway(['process', '--out', inHome('out'), '--quality', 'fast', '--no-preview', ...options, '--', source]);

/** One sentence with a code, no stack, and no trace of an output. */
function expectRefusal(ended: Ended, exitCode: number, code: RegExp): void {
  const complaint = ended.stderr.split('\n').filter((line) => line.startsWith('gaitway: '));
  expect(complaint, ended.stderr).toHaveLength(1);
  expect(complaint[0]).toMatch(code);
  expect(ended.stderr).not.toMatch(/\n\s+at /);
  expect(ended.code).toBe(exitCode);
  expect(ended.stdout).toBe('');
  expect(existsSync(inHome('out'))).toBe(false);
}

describe('gaitway process refuses, with a sentence and exit code 3,', () => {
  it('what is not there', async () => expectRefusal(await run(inHome('nothing.mp4')), 3, /source_unreadable/));

  it('what is not a video', async () => {
    writeFileSync(inHome('text.mp4'), 'This is a letter, not a film.\n'.repeat(200));
    expectRefusal(await run(inHome('text.mp4')), 3, /source_unreadable/);
  });

  it('an empty file', async () => {
    writeFileSync(inHome('empty.mp4'), '');
    expectRefusal(await run(inHome('empty.mp4')), 3, /source_unreadable/);
  });

  it('a truncated file', async () => {
    const bytes = readFileSync(SAMPLE);
    const isIndexFirst = bytes.indexOf('moov') < bytes.indexOf('mdat');
    writeFileSync(inHome('cut.mp4'), bytes.subarray(0, isIndexFirst ? 200 : bytes.length / 2));
    expectRefusal(await run(inHome('cut.mp4')), 3, /source_(unreadable|no_video)/);
  });

  it('sound without a picture', async () => {
    makeMedia(['-f', 'lavfi', '-i', 'sine=d=1', inHome('sound.mp4')]);
    expectRefusal(await run(inHome('sound.mp4')), 3, /source_no_video/);
  });

  it('a single picture', async () => {
    makeMedia(['-f', 'lavfi', '-i', 'testsrc=s=64x64:d=1:r=1', '-frames:v', '1', inHome('picture.png')]);
    copyFileSync(inHome('picture.png'), inHome('picture.mp4'));
    expectRefusal(await run(inHome('picture.mp4')), 3, /source_(unreadable|no_video|too_short)/);
  });

  it('a single frame', async () => {
    makeMedia(['-f', 'lavfi', '-i', 'testsrc=s=64x64:r=30', '-frames:v', '1', '-pix_fmt', 'yuv420p', inHome('one.mp4')]);
    expectRefusal(await run(inHome('one.mp4')), 3, /source_too_short/);
  });
});

describe('gaitway process refuses', () => {
  it('a clip of an hour, with exit code 3, until it is trimmed or the limit is raised', async () => {
    makeMedia(['-f', 'lavfi', '-i', 'color=c=gray:s=16x16:r=1:d=3600', '-pix_fmt', 'yuv420p', '-preset', 'ultrafast', inHome('hour.mp4')]);
    expectRefusal(await run(inHome('hour.mp4')), 3, /3600 s.*limit of 600 s.*api_duration_limit_exceeded/);
    expectRefusal(await run(inHome('hour.mp4'), '--trim', '10:13', '--max-duration', '2'), 3, /limit of 2 s/);
    expectRefusal(await run(inHome('hour.mp4'), '--trim', '10:13'), 4, /no_person_detected/);
  });

  it('a person that is not there, with how many there are and exit code 2', async () => {
    expectRefusal(await run(SAMPLE, '--trim', '1:1.2', '--subject', '7'), 2, /person number 7.*one person was seen, number 0/);
  });

  it('a clip with nobody in it, with exit code 4', async () => {
    makeMedia(['-f', 'lavfi', '-i', 'color=c=gray:s=320x240:r=10:d=1', '-pix_fmt', 'yuv420p', inHome('nobody.mp4')]);
    expectRefusal(await run(inHome('nobody.mp4')), 4, /no_person_detected/);
  });

  it.each(['9:12', '3:2', '2:2', '-3:1', '1:99'])('the trim %s, which does not lie in a clip of 5 s', async (trim) => {
    expectRefusal(await run(SAMPLE, `--trim=${trim}`), 2, /api_trim_range_invalid/);
  });

  it.each([
    ['--trim=NaN:1', /--trim takes a number/],
    ['--trim=1', /START:END/],
    ['--fps=25', /export_fps_invalid/],
    ['--fps=x', /--fps takes a number/],
    ['--quality=best', /--quality is one of fast, balanced, accurate/],
    ['--height=9', /option_invalid/],
    ['--rest-pose=x', /option_invalid/],
    ['--targets=nobody', /no target "nobody"/],
    ['--targets=,', /at least one target/],
    ['--colour=red', /--colour/],
  ])('%s', async (option, complaint) => expectRefusal(await run(SAMPLE, option), 2, complaint));

  it('a command line without a video, with two, without a folder, and an unknown command', async () => {
    expectRefusal(await gaitway(['process', '--out', inHome('out')]), 2, /Name a video/);
    expectRefusal(await gaitway(['process', SAMPLE, SAMPLE, '--out', inHome('out')]), 2, /One video at a time/);
    expectRefusal(await gaitway(['process', SAMPLE]), 2, /--out DIR/);
    expectRefusal(await gaitway(['dance']), 2, /no command "dance"/);
  });

  it.each(['file', '/proc/gaitway', '/dev/full'])('to write into %s', async (target) => {
    writeFileSync(inHome('file'), '');
    const ended = await gaitway(['process', SAMPLE, '--out', path.resolve(home, target)]);
    expectRefusal(ended, 1, /output_unwritable/);
  });

  it('ffmpeg that is missing or is not ffmpeg', async () => {
    const args = ['process', SAMPLE, '--out', inHome('out')];
    expectRefusal(await gaitway(args, { GAITWAY_FFMPEG: inHome('no-such-program') }), 1, /decoder_missing/);
    expectRefusal(await gaitway(args, { GAITWAY_FFMPEG: process.execPath }), 1, /decoder_missing/);
  });

  it('nothing else in the folder was touched', () => {
    expect(readdirSync(home).filter((name) => name.startsWith('.'))).toEqual([]);
  });
});
