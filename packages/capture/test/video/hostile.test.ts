import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { type DecodeOptions, decodeFrames } from '@gaitway/capture/video/decode';
import type { FfmpegTools } from '@gaitway/capture/video/ffmpeg';
import { probeVideo } from '@gaitway/capture/video/probe';
import { safeInput } from '@gaitway/capture/video/safe-input';
import { runTool } from '@gaitway/capture/video/tool-process';
import type { VideoInfo } from '@gaitway/capture/video-info';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { counting, makeClip, toolchains, X264 } from './toolchains.ts';

let folder = '';
let neighbour = '';
let clip = '';
let info: VideoInfo;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gaitway-hostile-'));
  clip = await makeClip('plain.mp4', [...counting(50), ...X264]);
  info = await probeVideo(clip);
  neighbour = join(folder, 'neighbour.mp4');
  await copyFile(clip, neighbour);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const drain = async (path: string, tools: FfmpegTools, options: DecodeOptions = {}): Promise<number> => {
  let count = 0;
  for await (const frame of decodeFrames(path, info, { ...options, ffmpeg: tools })) count = frame.index + 1;
  return count;
};

describe.each(await toolchains())('a trick opened with the $origin ffmpeg', (ffmpeg) => {
  test('that names a neighbour opens nothing', async () => {
    const trick = join(folder, 'trick.mp4');
    await writeFile(trick, `ffconcat version 1.0\nfile ${basename(neighbour)}\n`);
    const ask = ['-v', 'error', '-show_entries', 'stream=codec_name', '-of', 'csv=p=0'];
    // Opened the usual way it does read the neighbour: the trick is a real one.
    const { stdout } = await promisify(execFile)(ffmpeg.ffprobe, [...ask, trick]);
    expect(stdout).toContain('h264');
    const run = await runTool(ffmpeg.ffprobe, [...ask, ...safeInput(trick)], { timeoutMs: 120_000 });
    expect(run).toMatchObject({ kind: 'exited', code: 1, errorText: expect.stringMatching(/whitelist/i) });
    await expect(drain(trick, ffmpeg)).rejects.toMatchObject({ code: 'decoder_failed' });
    await expect(probeVideo(trick, { ffmpeg })).rejects.toMatchObject({ code: 'source_unreadable' });
  });

  test('that names an address opens no connection', async () => {
    let connections = 0;
    const server = createServer().on('connection', (socket) => {
      connections += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x.ts`;
    const contents = [
      `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n${url}\n#EXT-X-ENDLIST\n`,
      `ffconcat version 1.0\nfile '${url}'\n`,
      `v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\na=rtpmap:96 H264/90000\n`,
      `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><Period><AdaptationSet><BaseURL>${url}</BaseURL></AdaptationSet></Period></MPD>`,
    ];
    for (const content of contents) {
      const trick = join(folder, 'address.mp4');
      await writeFile(trick, content);
      await expect(drain(trick, ffmpeg)).rejects.toMatchObject({ code: 'decoder_failed' });
      await expect(probeVideo(trick, { ffmpeg })).rejects.toMatchObject({ code: 'source_unreadable' });
    }
    for (const name of [url, `concat:${neighbour}`, `file:${neighbour}`, 'lavfi:testsrc', 'pipe:0', '-']) {
      await expect(drain(name, ffmpeg)).rejects.toMatchObject({ code: 'decoder_failed' });
      await expect(probeVideo(name, { ffmpeg })).rejects.toMatchObject({ code: 'source_unreadable' });
    }
    server.close();
    expect(connections).toBe(0);
  });
});

describe.skipIf(process.platform === 'win32')('an ffmpeg that misbehaves', () => {
  const fake = async (name: string, body: string): Promise<FfmpegTools> => {
    const path = join(folder, name);
    await writeFile(path, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
    return { ffmpeg: path, ffprobe: path, major: 5, version: '5', ffprobeVersion: '5', origin: 'given' };
  };
  const FRAME_BYTES = (96 * 64 * 3) / 2;
  const oneFrame = `echo "frame:0 pts:0 pts_time:0" >&2; head -c ${FRAME_BYTES} /dev/zero`;

  test('by hanging ends in decoder_timeout', async () => {
    const tools = await fake('hang', 'sleep 1000 & sleep 1000');
    await expect(probeVideo(clip, { ffmpeg: tools, timeoutMs: 200 })).rejects.toMatchObject({ code: 'decoder_timeout' });
    await expect(drain(clip, tools, { timeoutMs: 200 })).rejects.toMatchObject({ code: 'decoder_timeout' });
    const hangsLater = await fake('hang-later', `${oneFrame}; sleep 1000`);
    await expect(drain(clip, hangsLater, { timeoutMs: 300 })).rejects.toMatchObject({ code: 'decoder_timeout' });
  });

  test('by hanging can be stopped', async () => {
    const tools = await fake('hang-2', 'sleep 1000');
    const signal = AbortSignal.timeout(100);
    await expect(drain(clip, tools, { signal })).rejects.toMatchObject({ code: 'canceled' });
    await expect(probeVideo(clip, { ffmpeg: tools, signal: AbortSignal.timeout(100) })).rejects.toMatchObject({ code: 'canceled' });
  });

  test.each(['kill -SEGV $$', 'exit 1', 'exit 134'])('by ending with "%s" ends in decoder_failed', async (end) => {
    const tools = await fake('crash', `${oneFrame}; ${end}`);
    await expect(drain(clip, tools)).rejects.toMatchObject({ code: 'decoder_failed' });
  });

  test('by crashing while it probes ends in decoder_failed', async () => {
    await expect(probeVideo(clip, { ffmpeg: await fake('crash-2', 'kill -SEGV $$') })).rejects.toMatchObject({ code: 'decoder_failed' });
  });

  test.each(['', 'no json', '[]', '{"streams":7}', '{"streams":[null,{"codec_type":"video"}]}'])(
    'by answering "%s" is refused',
    async (answer) => {
      const tools = await fake('odd', `echo '${answer}'`);
      await expect(probeVideo(clip, { ffmpeg: tools })).rejects.toMatchObject({ name: 'GaitwayError' });
    },
  );

  test('by vanishing ends in decoder_missing', async () => {
    const tools = { ...(await fake('gone', '')), ffmpeg: join(folder, 'nowhere'), ffprobe: join(folder, 'nowhere') };
    await expect(probeVideo(clip, { ffmpeg: tools })).rejects.toMatchObject({ code: 'decoder_missing' });
    await expect(drain(clip, tools)).rejects.toMatchObject({ code: 'decoder_missing' });
  });

  test('by stopping half-way without a word is not taken for a whole clip', async () => {
    await expect(drain(clip, await fake('short', `${oneFrame}; exit 0`))).rejects.toMatchObject({ code: 'decoder_failed' });
  });
});
