import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { preflight } from '../../src/preflight/preflight.ts';
import { makeClip } from '../video/toolchains.ts';

const sample = (name: string): string => join(import.meta.dirname, '../../../../samples', name);
const options = { cacheDir: join(tmpdir(), 'gaitway-test-models') };
const derived = (name: string, filter: string, seconds = 1.5): Promise<string> =>
  makeClip(name, ['-i', sample('punch_34.mp4'), '-t', String(seconds), '-vf', filter, '-an', '-preset', 'ultrafast']);
const codesOf = async (path: string): Promise<string[]> => (await preflight(path, options)).findings.map(({ code }) => code);

describe('preflight', () => {
  it('finds nothing wrong with a good clip, and shows the person', async () => {
    const report = await preflight(sample('walk_front.mp4'), options);
    expect(report).toMatchObject({
      verdict: 'fits',
      findings: [],
      measures: { sampledFrames: 12, framesWithPerson: 12, people: 1, cutsSec: [] },
    });
    expect(report.measures.personHeight).toBeGreaterThan(0.4);
    expect(report.still.rgb.length).toBe(report.still.widthPx * report.still.heightPx * 3);
  });

  it.each([
    ['panned.mp4', "crop=1000:720:'140+100*t':0", 'camera_moves'],
    ['dark.mp4', "curves=all='0/0 1/0.2'", 'low_light'],
    ['blurred.mp4', 'gblur=sigma=7', 'motion_blur'],
    ['legless.mp4', 'crop=1280:420:0:0', 'legs_out_of_frame'],
    ['small.mp4', 'scale=256:-2,pad=1280:720:500:300:gray', 'person_too_small'],
  ])('sees what is wrong with %s', async (name, filter, code) => {
    expect(await codesOf(await derived(name, filter))).toEqual([code]);
  });

  it('sees that there are two people, that a clip is short, that nobody is there', async () => {
    const sideBySide = '[0:v]crop=640:720:320:0[a];[1:v]crop=640:720:320:0[b];[a][b]hstack';
    const inputs = ['-i', sample('punch_34.mp4'), '-i', sample('walk_front.mp4')];
    const two = await makeClip('two.mp4', [...inputs, '-filter_complex', sideBySide, '-t', '1.5', '-an', '-preset', 'ultrafast']);
    expect(await codesOf(two)).toEqual(['several_people']);
    expect(await codesOf(await derived('short.mp4', 'null', 0.5))).toEqual(['too_short']);
    const bars = await makeClip('bars.mp4', ['-f', 'lavfi', '-i', 'smptebars=s=320x180:d=1.5', '-pix_fmt', 'yuv420p']);
    expect((await preflight(bars, options)).verdict).toBe('does_not_fit');
  });

  it.each(['8x8', '2x900', '900x2'])('takes pictures of %s without harm', async (size) => {
    const odd = await makeClip(`odd-${size}.mkv`, [
      '-f',
      'lavfi',
      '-i',
      `testsrc2=s=${size}:d=1.2:r=5`,
      '-pix_fmt',
      'yuv420p',
      '-c:v',
      'ffv1',
    ]);
    expect(await codesOf(odd)).toEqual(['no_person']);
  });

  it('rejects what is no video, and ends when it is told to', async () => {
    await expect(preflight(sample('walk_front.truth.json'), options)).rejects.toMatchObject({ code: 'source_unreadable' });
    await expect(preflight(sample('walk_front.mp4'), { ...options, signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'canceled',
    });
  });
});
