import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { probeFrameTimes, probeVideo } from '@gaitway/capture/video/probe';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { counting, fixture, makeClip, toolchains, X264 } from './toolchains.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gaitway-probe-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const file = async (name: string, content: string | Uint8Array): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
};
const plainClip = (): Promise<string> => makeClip('plain.mp4', [...counting(50), ...X264]);
/** Frames at irregular milliseconds, as phones write them. */
const IRREGULAR_MS = [0, 33, 66, 120, 150, 240, 270, 300, 420, 433, 500, 580];
const variableClip = (name: string): Promise<string> => {
  const chosen = IRREGULAR_MS.map((ms) => `eq(n,${ms})`).join('+');
  // Old muxers write an edit list that is too short for such a clip, which then ends before its last frames.
  const options = name.endsWith('.mp4') ? ['-bf', '0', '-use_editlist', '0'] : [];
  const source = `color=c=gray:s=96x64:r=1000:d=0.6,select='${chosen}'`;
  return makeClip(name, ['-f', 'lavfi', '-i', source, '-vsync', 'passthrough', '-pix_fmt', 'yuv420p', ...X264, ...options]);
};

describe.each(await toolchains())('probe with the $origin ffprobe', (ffmpeg) => {
  test('measures a plain clip', async () => {
    const path = await plainClip();
    const content = await readFile(path);
    const { info, timesSec } = await probeFrameTimes(path, { ffmpeg });
    expect(info).toMatchObject({
      ...{ filename: 'plain.mp4', bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') },
      ...{ container: 'mp4', codec: 'h264', widthPx: 96, heightPx: 64, rotationDeg: 0 },
      ...{ fps: 25, variableFrameRate: false, frameCount: 50, durationSec: expect.closeTo(2, 6) },
      stream: { index: 0, isCutOff: false, seekable: true, startSec: 0 },
    });
    timesSec.forEach((time, i) => {
      expect(time).toBeCloseTo(i / 25, 6);
    });
  });

  test.each(['variable.mp4', 'variable.mkv'])('keeps the real times of %s', async (name) => {
    const { info, timesSec } = await probeFrameTimes(await variableClip(name), { ffmpeg });
    expect(info.variableFrameRate).toBe(true);
    expect(info.fps).toBeCloseTo((IRREGULAR_MS.length - 1) / 0.58, 6);
    expect([...timesSec].map((time) => Math.round(time * 1000))).toEqual(IRREGULAR_MS);
  });

  test.each([
    ['steps-hevc10.mp4', 'hevc', 'mp4'],
    ['steps-vp9.webm', 'vp9', 'matroska'],
    ['steps-av1.mp4', 'av1', 'mp4'],
    ['steps-prores.mov', 'prores', 'mov'],
  ])('knows %s', async (name, codec, container) => {
    const info = await probeVideo(fixture(name), { ffmpeg });
    expect(info).toMatchObject({ codec, container, widthPx: 96, heightPx: 64, fps: 25, frameCount: 12 });
  });

  test.each([
    ['missing.mp4', undefined, 'source_unreadable', /does not exist/],
    ['empty.mp4', '', 'source_unreadable', /empty/],
    ['text.mp4', 'This is no video. '.repeat(500), 'source_unreadable', /not a video/],
    ['noise.mp4', Uint8Array.from({ length: 50_000 }, (_, i) => (i * 7919) >> 3), 'source_unreadable', /not a video/],
    ['playlist.mp4', '#EXTM3U\n#EXTINF:1,\nsteps.mp4\n', 'source_unreadable', /playlist/],
    ['script.mp4', 'ffconcat version 1.0\nfile steps.mp4\n', 'source_unreadable', /playlist/],
  ])('refuses %s', async (name, content, code, message) => {
    const path = content === undefined ? join(folder, name) : await file(name, content);
    await expect(probeVideo(path, { ffmpeg })).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test('refuses a folder', async () => {
    await mkdir(join(folder, 'folder.mp4'), { recursive: true });
    await expect(probeVideo(join(folder, 'folder.mp4'), { ffmpeg })).rejects.toMatchObject({ code: 'source_unreadable' });
  });

  test('refuses an MP4 that was cut off before its index', async () => {
    const content = await readFile(await plainClip());
    const path = await file('cut.mp4', content.subarray(0, content.length / 2));
    await expect(probeVideo(path, { ffmpeg })).rejects.toMatchObject({ code: 'source_unreadable' });
  });

  test('measures what is there when the index promises more', async () => {
    const content = await readFile(
      await makeClip('front.mp4', ['-f', 'lavfi', '-i', 'testsrc=s=192x128:r=25:d=4', ...X264, '-movflags', '+faststart']),
    );
    const path = await file('promise.mp4', content.subarray(0, content.length / 2));
    const info = await probeVideo(path, { ffmpeg });
    expect(info.frameCount).toBeGreaterThan(10);
    expect(info.frameCount).toBeLessThan(90);
    expect(info.durationSec).toBeLessThan(3.6);
    expect(info.stream.isCutOff).toBe(true);
  });

  test('refuses sound without a picture', async () => {
    const tone = ['-f', 'lavfi', '-i', 'sine=d=1'];
    for (const path of [await makeClip('tone.m4a', [...tone, '-c:a', 'aac']), await makeClip('tone.wav', tone)]) {
      await expect(probeVideo(path, { ffmpeg })).rejects.toMatchObject({ code: 'source_no_video' });
    }
  });

  test.each(['png', 'jpg', 'tiff', 'bmp'])('says that a .%s is a picture', async (ending) => {
    const path = await makeClip(`picture.${ending}`, ['-f', 'lavfi', '-i', 'color=s=96x64:d=0.04', '-frames:v', '1']);
    await expect(probeVideo(path, { ffmpeg })).rejects.toMatchObject({ code: 'source_too_short', message: /picture/ });
    const disguised = await file('picture.mp4', await readFile(path));
    await expect(probeVideo(disguised, { ffmpeg })).rejects.toMatchObject({ code: 'source_too_short', message: /picture/ });
  });

  test('refuses a film of one frame and takes one of two', async () => {
    const one = await makeClip('one.mp4', [...counting(1), ...X264]);
    await expect(probeVideo(one, { ffmpeg })).rejects.toMatchObject({ code: 'source_too_short', facts: { frameCount: 1 } });
    const two = await makeClip('two.mp4', [...counting(2), ...X264]);
    await expect(probeVideo(two, { ffmpeg })).resolves.toMatchObject({ frameCount: 2, fps: 25, durationSec: expect.closeTo(0.08, 6) });
  });

  test('refuses a film without frames', async () => {
    const fragments = await makeClip('fragments.mp4', [...counting(2), ...X264, '-movflags', 'frag_keyframe+empty_moov']);
    const content = await readFile(fragments);
    const path = await file('none.mp4', content.subarray(0, content.indexOf('moof') - 4));
    await expect(probeVideo(path, { ffmpeg })).rejects.toMatchObject({ code: 'source_too_short', facts: { frameCount: 0 } });
  });

  test('refuses pictures over 8192 pixels before anything is decoded', async () => {
    const path = await makeClip('wide.avi', ['-f', 'lavfi', '-i', 'color=s=8320x64:d=0.2', '-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p']);
    await expect(probeVideo(path, { ffmpeg })).rejects.toMatchObject({ code: 'source_too_large', facts: { widthPx: 8320 } });
  });

  test('refuses longer clips than allowed', async () => {
    const path = await plainClip();
    await expect(probeVideo(path, { ffmpeg, maxDurationSec: 1.9 })).rejects.toMatchObject({
      code: 'api_duration_limit_exceeded',
      facts: { durationSec: expect.closeTo(2, 6), maxDurationSec: 1.9 },
    });
    await expect(probeVideo(path, { ffmpeg, maxDurationSec: 2.1 })).resolves.toMatchObject({ frameCount: 50 });
  });

  test('takes any file name', async () => {
    const names = ['-leading.mp4', `a 'b' "c";d|e&f.mp4`, 'http:ünï—日本 🕺.mp4', '%03d*?$(reboot)`x`\nline.mp4'];
    for (const name of names) {
      const path = join(folder, name);
      await copyFile(await plainClip(), path);
      await expect(probeVideo(path, { ffmpeg })).resolves.toMatchObject({ filename: name, frameCount: 50 });
    }
  });

  test('stops when told to', async () => {
    const path = await plainClip();
    await expect(probeVideo(path, { ffmpeg, signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'canceled' });
  });
});
