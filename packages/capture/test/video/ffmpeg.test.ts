import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { locateFfmpeg } from '@gaitway/capture/video/ffmpeg';
import { copyToCache } from '@gaitway/capture/video/ffmpeg-bundled';
import { parseToolVersion } from '@gaitway/capture/video/tool-version';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gaitway-tools-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const script = async (name: string, body: string): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  return path;
};
const pair = (version: string): Promise<string[]> =>
  Promise.all(['ffmpeg', 'ffprobe'].map((name) => script(name, `echo "${name} version ${version} Copyright"`)));

describe('version', () => {
  test.each([
    ['ffmpeg version 5.1.9-0+deb12u1 Copyright (c)', 5],
    ['ffmpeg version n7.1 Copyright', 7],
    ['ffmpeg version N-47683-g0e8eb07980-static https://x\nlibavutil      56. 24.101\nlibavcodec     58. 42.100 / 58', 4],
    ['ffmpeg version 2024-05-02-git-71669f2ad5\nlibavcodec     61.  5.103', 7],
  ])('%s', (text, major) => expect(parseToolVersion('ffmpeg', text)?.major).toBe(major));

  test.each(['', 'bash: no', 'ffprobe version 5.1', 'ffmpeg version unknown'])('is not read from "%s"', (text) =>
    expect(parseToolVersion('ffmpeg', text)).toBeNull(),
  );
});

describe('locateFfmpeg', () => {
  test('takes the pair on the search path from version 5 on', async () => {
    const [ffmpeg, ffprobe] = await pair('6.0');
    await expect(locateFfmpeg({ searchPath: folder })).resolves.toMatchObject({ ffmpeg, ffprobe, major: 6, origin: 'system' });
  });

  test('passes over an old or broken system pair and takes the bundled one', async () => {
    await pair('4.4.2');
    await expect(locateFfmpeg({ searchPath: folder })).resolves.toMatchObject({ origin: 'bundled', major: 4 });
    await script('ffmpeg', 'exit 1');
    await expect(locateFfmpeg({ searchPath: folder })).resolves.toMatchObject({ origin: 'bundled' });
  });

  test('takes what is named, and its neighbour', async () => {
    const [ffmpeg, ffprobe] = await pair('4.2');
    await expect(locateFfmpeg({ ffmpegPath: ffmpeg, searchPath: '' })).resolves.toMatchObject({ ffprobe, origin: 'given', major: 4 });
  });

  test('refuses a named one that is too old', async () => {
    const [ffmpegPath, ffprobePath] = await pair('3.4');
    await expect(locateFfmpeg({ ffmpegPath, ffprobePath })).rejects.toMatchObject({ code: 'decoder_too_old' });
  });

  test.each(['missing', 'not executable', 'another program'])('refuses a named one that is %s', async (fault) => {
    const [ffmpegPath, ffprobePath] = await pair('6.0');
    if (fault === 'missing') await rm(ffmpegPath);
    if (fault === 'not executable') await chmod(ffmpegPath, 0o644);
    if (fault === 'another program') await script('ffmpeg', 'echo hello');
    await expect(locateFfmpeg({ ffmpegPath, ffprobePath })).rejects.toMatchObject({ code: 'decoder_missing' });
  });

  test('the bundled programs can be executed although no install script ran', async () => {
    const { ffmpeg, ffprobe } = await locateFfmpeg({ searchPath: '' });
    for (const path of [ffmpeg, ffprobe]) expect((await stat(path)).mode & 0o111).not.toBe(0);
  });

  test('where the installation may not be changed, an executable copy is made once', async () => {
    const installed = join(folder, 'ffprobe');
    await writeFile(installed, 'the program', { mode: 0o444 });
    await writeFile(join(folder, 'package.json'), '{"version":"5.2.0"}');
    const cache = join(folder, 'cache');
    await mkdir(cache);
    const copies = await Promise.all([copyToCache(installed, 'ffprobe', cache), copyToCache(installed, 'ffprobe', cache)]);
    expect(copies).toEqual([join(cache, 'ffprobe-5.2.0'), join(cache, 'ffprobe-5.2.0')]);
    expect((await stat(copies[0] ?? '')).mode & 0o111).not.toBe(0);
    expect(await readdir(cache)).toEqual(['ffprobe-5.2.0']);
  });
});
