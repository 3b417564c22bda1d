import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openFrames } from '../../src/tracking/watch-clip.ts';
import { probeVideo } from '../../src/video/probe.ts';
import type { VideoInfo } from '../../src/video-info.ts';

const path = join(import.meta.dirname, '../../../../samples/punch_34.mp4');

describe('frames that are decoded before they are asked for', () => {
  let video: VideoInfo;
  beforeAll(async () => {
    video = await probeVideo(path);
  });

  it('come in order, and no more once the source is closed', async () => {
    const frames = openFrames(path, video, { trimEndSec: 1 });
    for (const index of [0, 1, 2]) expect((await frames.next()).value).toMatchObject({ index });
    await frames.close();
    expect(await frames.next()).toMatchObject({ done: true });
  });

  it('can be given up before the first of them is there', async () => {
    const frames = openFrames(path, video, {});
    await frames.close();
    await expect(frames.next()).rejects.toMatchObject({ code: 'canceled' });
    await frames.close();
  });

  it('end when the job is canceled', async () => {
    const job = new AbortController();
    const frames = openFrames(path, video, { signal: job.signal });
    await frames.next();
    job.abort();
    await expect(frames.next()).rejects.toMatchObject({ code: 'canceled' });
    await frames.close();
  });
});
