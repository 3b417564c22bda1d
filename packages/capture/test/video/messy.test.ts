import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DecodeOptions, decodeFrames, type VideoFrame } from '@gaitway/capture/video/decode';
import type { FfmpegTools } from '@gaitway/capture/video/ffmpeg';
import { probeFrameTimes, probeVideo } from '@gaitway/capture/video/probe';
import { isGaitwayError } from '@gaitway/motion/errors';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { counting, makeClip, shownNumber, toolchains, X264 } from './toolchains.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gaitway-messy-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** `number@milliseconds` of a frame of `counting`. */
const look = (frame: VideoFrame): string => `${shownNumber(frame)}@${Math.round(frame.timeSec * 1000)}`;
const decodeAll = async <T>(
  path: string,
  ffmpeg: FfmpegTools,
  view: (frame: VideoFrame) => T,
  options: DecodeOptions = {},
): Promise<T[]> => {
  const seen: T[] = [];
  for await (const frame of decodeFrames(path, await probeVideo(path, { ffmpeg }), { ffmpeg, ...options })) seen.push(view(frame));
  return seen;
};
const joined = async (name: string, parts: readonly string[]): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, Buffer.concat(await Promise.all(parts.map((part) => readFile(part)))));
  return path;
};
const steady = (from: number, to: number, startMs = 0): string[] =>
  Array.from({ length: to - from }, (_, i) => `${from + i}@${startMs + i * 40}`);
const lavfi = (source: string): string[] => ['-f', 'lavfi', '-i', source];
const firstSample = ({ y, u, v, fullRange, matrix }: VideoFrame): unknown[] => [y[0], u[0], v[0], fullRange, matrix];
const near = (value: number): unknown => expect.closeTo(value, -0.7);

describe.each(await toolchains())('messy files with the $origin ffmpeg', (ffmpeg) => {
  test('an edit list hides the frames that it cuts off', async () => {
    const whole = await makeClip('whole.mp4', [...counting(50), ...X264, '-g', '50']);
    const cut = await makeClip('cut.mp4', ['-ss', '1', '-i', whole, '-c', 'copy']);
    const { info } = await probeFrameTimes(cut, { ffmpeg });
    expect(info).toMatchObject({ frameCount: 25, durationSec: expect.closeTo(1, 3), stream: { isCutOff: false } });
    await expect(decodeAll(cut, ffmpeg, look)).resolves.toEqual(steady(25, 50));
  });

  test('recordings that were joined, with a clock that jumps back or ahead, play on', async () => {
    const part = await makeClip('part.ts', [...counting(30), ...X264]);
    const later = await makeClip('later.ts', [...counting(30), ...X264, '-output_ts_offset', '5000']);
    const expected = [...steady(0, 30), ...steady(0, 30, 1200)];
    for (const path of [
      await joined('back.ts', [part, part]),
      await joined('ahead.ts', [part, later]),
      await joined('behind.ts', [later, part]),
    ]) {
      await expect(probeVideo(path, { ffmpeg })).resolves.toMatchObject({ frameCount: 60, fps: 25, durationSec: expect.closeTo(2.4, 3) });
      await expect(decodeAll(path, ffmpeg, look)).resolves.toEqual(expected);
      const trimmed = await decodeAll(path, ffmpeg, look, { trimStartSec: 1.12, trimEndSec: 1.28 });
      expect(trimmed).toEqual(['28@0', '29@40', '0@80', '1@120']);
    }
  });

  test('negative time stamps start at zero', async () => {
    const early = ['-muxdelay', '0', '-muxpreload', '0', '-output_ts_offset', '-0.6', '-avoid_negative_ts', 'disabled'];
    const path = await makeClip('negative.ts', [...counting(100), ...X264, '-g', '20', ...early]);
    await expect(probeVideo(path, { ffmpeg })).resolves.toMatchObject({ stream: { startSec: expect.closeTo(-0.6, 6), seekable: true } });
    await expect(decodeAll(path, ffmpeg, look)).resolves.toEqual(steady(0, 100));
    await expect(decodeAll(path, ffmpeg, look, { trimStartSec: 2.8 })).resolves.toEqual(steady(70, 100));
  });

  test('frames without a time stamp are given one', async () => {
    // Matroska cannot store negative stamps: the first fifteen frames have none.
    const early = ['-output_ts_offset', '-0.6', '-avoid_negative_ts', 'disabled'];
    const path = await makeClip('missing.mkv', [...counting(100), ...X264, '-g', '20', ...early]);
    await expect(probeVideo(path, { ffmpeg })).resolves.toMatchObject({ frameCount: 100, stream: { seekable: false } });
    const seen = await decodeAll(path, ffmpeg, (frame) => ({ number: shownNumber(frame), timeSec: frame.timeSec }));
    expect(seen.map(({ number }) => number)).toEqual(Array.from({ length: 100 }, (_, i) => i));
    for (let i = 1; i < seen.length; i++) {
      expect(seen[i].timeSec).toBeGreaterThan(seen[i - 1].timeSec);
      expect(seen[i].timeSec).toBeCloseTo(i / 25, 1);
    }
  });

  test('sound that starts earlier than the picture moves nothing', async () => {
    for (const name of ['sound.mp4', 'sound.mkv', 'sound.ts']) {
      const inputs = [...lavfi('sine=d=5'), '-itsoffset', '0.7', ...counting(100)];
      const path = await makeClip(name, [...inputs, ...X264, '-g', '20', '-vsync', 'passthrough', '-c:a', 'aac']);
      await expect(decodeAll(path, ffmpeg, look)).resolves.toEqual(steady(0, 100));
      await expect(decodeAll(path, ffmpeg, look, { trimStartSec: 2.8, trimEndSec: 3.2 })).resolves.toEqual(steady(70, 80));
    }
  });

  test('subtitles and data beside the picture are left alone', async () => {
    const subtitles = join(folder, 'lines.srt');
    await writeFile(subtitles, '1\n00:00:00,000 --> 00:00:01,000\nHello\n');
    const text = await makeClip('text.mkv', ['-i', subtitles, ...counting(20), '-map', '0', '-map', '1', '-c:s', 'srt', ...X264]);
    const timecode = await makeClip('timecode.mov', [...counting(20), ...X264, '-timecode', '01:00:00:00']);
    for (const path of [text, timecode]) await expect(decodeAll(path, ffmpeg, look)).resolves.toEqual(steady(0, 20));
  });

  test('of two pictures the default one is taken, and a cover never', async () => {
    const small = lavfi('color=c=black:s=32x32:r=25:d=0.8');
    const both = [...small, ...counting(20), '-map', '0', '-map', '1', ...X264];
    const path = await makeClip('two.mkv', [...both, '-disposition:v:0', '0', '-disposition:v:1', 'default']);
    await expect(probeVideo(path, { ffmpeg })).resolves.toMatchObject({ widthPx: 96, stream: { index: 1 } });
    await expect(decodeAll(path, ffmpeg, look)).resolves.toEqual(steady(0, 20));
    const picture = lavfi('color=c=red:s=640x640:d=0.04');
    const film = [...picture, ...counting(20), '-map', '1', '-map', '0', '-c:v:0', 'libx264', '-crf', '4'];
    const covered = await makeClip('cover.mp4', [...film, '-c:v:1', 'png', '-disposition:v:1', 'attached_pic']);
    await expect(probeVideo(covered, { ffmpeg })).resolves.toMatchObject({ widthPx: 96, frameCount: 20 });
    const song = [...lavfi('sine=d=1'), ...picture, '-map', '0', '-map', '1', '-c:a', 'aac'];
    const album = await makeClip('album.m4a', [...song, '-c:v', 'png', '-disposition:v:0', 'attached_pic']);
    await expect(probeVideo(album, { ffmpeg })).rejects.toMatchObject({ code: 'source_no_video' });
  });

  test('RGB with alpha becomes limited BT.601', async () => {
    const path = await makeClip('alpha.mov', [
      ...lavfi('color=c=red@0.5:s=64x64:r=25:d=0.2,format=argb'),
      '-c:v',
      'png',
      '-pix_fmt',
      'rgba',
    ]);
    const seen = await decodeAll(path, ffmpeg, firstSample);
    expect(seen).toHaveLength(5);
    for (const sample of seen) expect(sample).toEqual([near(81), near(90), near(240), false, 'bt601']);
  });

  test('full range stays full in 4:2:0 and becomes limited where a conversion is needed anyway', async () => {
    const white = (format: string): string[] => [
      ...lavfi('color=c=white:s=64x64:r=25:d=0.2'),
      '-vf',
      `scale=out_range=full,format=${format}`,
    ];
    const jpeg = ['-c:v', 'mjpeg', '-q:v', '2'];
    const plain = await makeClip('full420.avi', [...white('yuvj420p'), ...jpeg]);
    expect((await decodeAll(plain, ffmpeg, firstSample))[0]).toEqual([near(255), near(128), near(128), true, 'bt601']);
    const scaled = await decodeAll(plain, ffmpeg, firstSample, { maxLongSidePx: 32 });
    expect(scaled[0]).toEqual([near(255), near(128), near(128), true, 'bt601']);
    const other = await makeClip('full422.avi', [...white('yuvj422p'), ...jpeg]);
    expect((await decodeAll(other, ffmpeg, firstSample))[0]).toEqual([near(235), near(128), near(128), false, 'bt601']);
  });

  test('pixels that are not square are made so', async () => {
    for (const [aspect, widthPx, heightPx] of [
      ['2', 192, 64],
      ['1/2', 96, 128],
    ] as const) {
      const path = await makeClip('pixels.mp4', [...counting(5), '-vf', `setsar=${aspect}`, ...X264]);
      await expect(probeVideo(path, { ffmpeg })).resolves.toMatchObject({ widthPx, heightPx });
      const seen = await decodeAll(path, ffmpeg, (frame) => [frame.widthPx, frame.heightPx, frame.y.length, shownNumber(frame)]);
      expect(seen).toEqual([0, 1, 2, 3, 4].map((number) => [widthPx, heightPx, widthPx * heightPx, number]));
    }
  });

  test('interlaced pictures are put together from fields of one moment', async () => {
    const fields = 'color=c=gray:s=96x64:r=50:d=0.4,geq=lum=40+8*N:cb=128:cr=128,tinterlace=interleave_top';
    const path = await makeClip('fields.mp4', [...lavfi(fields), '-pix_fmt', 'yuv420p', ...X264, '-flags', '+ildct+ilme', '-r', '25']);
    await expect(probeVideo(path, { ffmpeg })).resolves.toMatchObject({ frameCount: 10, stream: { interlaced: true } });
    const seen = await decodeAll(path, ffmpeg, ({ y, widthPx }) => Math.abs(y[32 * widthPx] - y[33 * widthPx]));
    expect(seen).toHaveLength(10);
    // Rows of the two fields differ by 8; the first and last picture have but one neighbour to compare with.
    for (const difference of seen.slice(1, -1)) expect(difference).toBeLessThan(3);
  });

  test('a size that changes half-way is brought back to the first', async () => {
    const wide = await makeClip('wide.ts', [...lavfi('color=c=gray:s=192x128:r=25:d=0.8'), '-pix_fmt', 'yuv420p', ...X264]);
    const path = await joined('sizes.ts', [await makeClip('part.ts', [...counting(30), ...X264]), wide]);
    const seen = await decodeAll(path, ffmpeg, (frame) => [frame.widthPx, frame.heightPx, frame.y.length]);
    expect(seen).toHaveLength(50);
    for (const size of seen) expect(size).toEqual([96, 64, 96 * 64]);
  });

  test('the largest side that is allowed is decoded', async () => {
    const path = await makeClip('wide.avi', [...lavfi('color=c=gray:s=8192x64:r=25:d=0.2'), '-pix_fmt', 'yuvj420p', '-c:v', 'mjpeg']);
    await expect(decodeAll(path, ffmpeg, ({ widthPx }) => widthPx)).resolves.toEqual([8192, 8192, 8192, 8192, 8192]);
  });

  test('a damaged file is decoded as far as it goes or refused with an error of the catalogue', async () => {
    const whole = await readFile(await makeClip('fuzz.mp4', [...lavfi('testsrc=s=96x64:r=25:d=0.8'), '-pix_fmt', 'yuv420p', ...X264]));
    const path = join(folder, 'damaged.mp4');
    let state = 12345;
    const random = (below: number): number => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    for (let round = 0; round < 8; round++) {
      const damaged = Buffer.from(whole);
      for (let i = 0; i < 1 + round; i++) damaged[random(damaged.length)] = random(256);
      await writeFile(path, damaged);
      const count = await decodeAll(path, ffmpeg, () => 1).then(
        (seen) => seen.length,
        (error: unknown) => (isGaitwayError(error) ? -1 : Promise.reject(error)),
      );
      expect(count).not.toBe(0);
      expect(count).toBeLessThanOrEqual(40);
    }
  });
});
