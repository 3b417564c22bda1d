import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DecodeOptions, decodeFrames, type VideoFrame } from '@gaitway/capture/video/decode';
import type { FfmpegTools } from '@gaitway/capture/video/ffmpeg';
import { probeFrameTimes, probeVideo } from '@gaitway/capture/video/probe';
import type { VideoInfo } from '@gaitway/capture/video-info';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { counting, fixture, makeClip, shownNumber, toolchains, X264 } from './toolchains.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gaitway-decode-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const probed = new Map<string, Promise<VideoInfo>>();
/** Clips do not change between tests: each is probed once a toolchain. */
const probe = (path: string, ffmpeg: FfmpegTools): Promise<VideoInfo> => {
  const key = `${ffmpeg.origin} ${path}`;
  const info = probed.get(key) ?? probeVideo(path, { ffmpeg });
  probed.set(key, info);
  return info;
};
const decodeAll = async <T>(
  path: string,
  ffmpeg: FfmpegTools,
  look: (frame: VideoFrame) => T,
  options: DecodeOptions = {},
): Promise<T[]> => {
  const seen: T[] = [];
  for await (const frame of decodeFrames(path, await probe(path, ffmpeg), { ffmpeg, ...options })) seen.push(look(frame));
  return seen;
};
const upTo = (end: number, start = 0): number[] => Array.from({ length: end - start }, (_, i) => start + i);

/** A picture whose four quarters have luma 40, 90 / 140, 200. */
const QUARTERS = "geq=lum='if(lt(Y,H/2),if(lt(X,W/2),40,90),if(lt(X,W/2),140,200))':cb=128:cr=128";
const corners = ({ y, widthPx, heightPx }: VideoFrame): number[] =>
  [0, widthPx - 1, (heightPx - 1) * widthPx, heightPx * widthPx - 1].map((at) => Math.round(y[at] / 10) * 10);

/** Writes a rotation into the display matrix of an MP4's first track. */
const rotateMp4 = async (path: string, clockwiseDeg: number): Promise<string> => {
  const content = await readFile(path);
  const matrix = content.indexOf('tkhd') + 4 + 40;
  const [cos, sin] = [Math.round(Math.cos((clockwiseDeg * Math.PI) / 180)), Math.round(Math.sin((clockwiseDeg * Math.PI) / 180))];
  [cos, sin, 0, -sin, cos].forEach((value, i) => {
    content.writeInt32BE(value * 65536, matrix + 4 * i);
  });
  const rotated = join(folder, `rotated-${clockwiseDeg}.mp4`);
  await writeFile(rotated, content);
  return rotated;
};

describe.each(await toolchains())('decode with the $origin ffmpeg', (ffmpeg) => {
  test.each(['mp4', 'mkv', 'ts', 'avi', 'mov'])('delivers every frame of .%s once, in order, with its time', async (ending) => {
    const path = await makeClip(`all.${ending}`, [...counting(60), ...X264, '-g', '20']);
    const { timesSec } = await probeFrameTimes(path, { ffmpeg });
    const seen = await decodeAll(path, ffmpeg, (frame) => [frame.index, shownNumber(frame), Math.round(frame.timeSec * 1000)]);
    expect(seen).toEqual(upTo(60).map((n) => [n, n, n * 40]));
    expect(timesSec.length).toBe(60);
  });

  test.each(['hevc10.mp4', 'vp9.webm', 'av1.mp4', 'prores.mov'])('decodes steps-%s', async (name) => {
    const brightness = await decodeAll(fixture(`steps-${name}`), ffmpeg, (frame) => (shownNumber(frame) * 2 + 16 - 40) / 10);
    expect(brightness).toHaveLength(12);
    brightness.forEach((step, n) => {
      expect(Math.abs(step - n)).toBeLessThanOrEqual(0.3);
    });
  });

  test.each([
    [0, [40, 90, 140, 200], 96, 64],
    [90, [140, 40, 200, 90], 64, 96],
    [180, [200, 140, 90, 40], 96, 64],
    [270, [90, 200, 40, 140], 64, 96],
  ])('turns a picture stored with %s degrees', async (degrees, expected, widthPx, heightPx) => {
    const source = await makeClip('quarters.mp4', [
      '-f',
      'lavfi',
      '-i',
      `color=c=gray:s=96x64:d=0.2,${QUARTERS}`,
      '-pix_fmt',
      'yuv420p',
      ...X264,
    ]);
    const path = await rotateMp4(source, degrees);
    await expect(probeVideo(path, { ffmpeg })).resolves.toMatchObject({ rotationDeg: degrees, widthPx, heightPx });
    const seen = await decodeAll(path, ffmpeg, (frame) => ({ corners: corners(frame), size: [frame.widthPx, frame.heightPx] }));
    for (const frame of seen) expect(frame).toEqual({ corners: expected, size: [widthPx, heightPx] });
  });

  test.each([
    [97, 65],
    [33, 64],
    [64, 35],
    [8, 8],
  ])('delivers %s × %s', async (width, height) => {
    const source = `color=c=gray:s=${width}x${height}:d=0.2,format=yuv444p,geq=lum=100:cb=60:cr=190`;
    const path = await makeClip('odd.mkv', ['-f', 'lavfi', '-i', source, '-pix_fmt', 'yuv420p', '-c:v', 'mpeg4', '-q:v', '2']);
    const mean = (plane: Uint8Array): number => Math.round(plane.reduce((sum, value) => sum + value, 0) / plane.length);
    const [first] = await decodeAll(path, ffmpeg, ({ y, u, v, widthPx, heightPx }) => ({
      ...{ widthPx, heightPx, sizes: [y.length, u.length, v.length], means: [mean(y), mean(u), mean(v)] },
    }));
    const chroma = Math.ceil(width / 2) * Math.ceil(height / 2);
    expect(first).toMatchObject({ widthPx: width, heightPx: height, sizes: [width * height, chroma, chroma] });
    [100, 60, 190].forEach((value, i) => {
      expect(Math.abs(first.means[i] - value)).toBeLessThan(4);
    });
  });

  test('scales down to the longer side that is asked for, and never up', async () => {
    const path = await makeClip('plain.mp4', [...counting(50), ...X264]);
    const sizes = async (maxLongSidePx: number): Promise<unknown> =>
      (await decodeAll(path, ffmpeg, ({ widthPx, heightPx, y }) => [widthPx, heightPx, y.length], { maxLongSidePx }))[49];
    await expect(sizes(48)).resolves.toEqual([48, 32, 48 * 32]);
    await expect(sizes(1000)).resolves.toEqual([96, 64, 96 * 64]);
  });

  test.each(['all.mp4', 'all.mkv', 'all.ts', 'all.avi'])('cuts %s exactly', async (name) => {
    const path = await makeClip(name, [...counting(100), ...X264, '-g', '30']);
    const trims = [
      { trimStartSec: 0.03, trimEndSec: 0.13, frames: [1, 4] },
      { trimStartSec: 2.52, trimEndSec: 3, frames: [63, 75] },
      { trimStartSec: 3.21, trimEndSec: 4, frames: [81, 100] },
      { trimStartSec: 2.4, frames: [60, 100] },
    ];
    for (const { frames, ...trim } of trims) {
      const seen = await decodeAll(path, ffmpeg, (frame) => ({ number: shownNumber(frame), ms: Math.round(frame.timeSec * 1000) }), trim);
      const expected = upTo(frames[1], frames[0]).map((number) => ({ number, ms: Math.round(number * 40 - trim.trimStartSec * 1000) }));
      expect(seen).toEqual(expected);
    }
  });

  test.each([
    { trimStartSec: 2.5 },
    { trimStartSec: 1, trimEndSec: 0.5 },
    { trimStartSec: 1, trimEndSec: 1 },
    { trimEndSec: 9 },
    { trimStartSec: -1 },
    { trimStartSec: Number.NaN },
    { trimEndSec: Number.NaN },
    { trimEndSec: Number.POSITIVE_INFINITY },
  ])('refuses the trim %j', async (trim) => {
    const path = await makeClip('plain.mp4', [...counting(50), ...X264]);
    await expect(decodeAll(path, ffmpeg, () => 0, trim)).rejects.toMatchObject({ code: 'api_trim_range_invalid' });
  });

  test('takes any file name', async () => {
    const source = await makeClip('two.mp4', [...counting(2), ...X264]);
    for (const name of ['-i.mp4', `a 'b' "c";d.mp4`, 'concat:日本|%d.mp4']) {
      const path = join(folder, name);
      await copyFile(source, path);
      await expect(decodeAll(path, ffmpeg, shownNumber)).resolves.toEqual([0, 1]);
    }
  });

  test('stops when told to, in the middle', async () => {
    const path = await makeClip('plain.mp4', [...counting(50), ...X264]);
    const controller = new AbortController();
    const work = decodeAll(path, ffmpeg, (frame) => frame.index === 3 && controller.abort(), { signal: controller.signal });
    await expect(work).rejects.toMatchObject({ code: 'canceled' });
    await expect(decodeAll(path, ffmpeg, () => 0, { signal: controller.signal })).rejects.toMatchObject({ code: 'canceled' });
  });
});
