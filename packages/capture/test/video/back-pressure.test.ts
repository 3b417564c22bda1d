import { setTimeout as sleep } from 'node:timers/promises';
import { decodeFrames } from '@gaitway/capture/video/decode';
import { FramePump, POOL_FRAMES } from '@gaitway/capture/video/frame-pump';
import { probeVideo } from '@gaitway/capture/video/probe';
import { describe, expect, test } from 'vitest';
import { counting, makeClip, X264 } from './toolchains.ts';

const FRAME_BYTES = 300_000;
/** More than any pipe holds: an endless stream of frames, each announced by its stamp. */
const ENDLESS = `n=0; while :; do echo "frame:$n pts:$n pts_time:0" >&2; n=$((n + 1)); head -c ${FRAME_BYTES} /dev/zero; done`;

const runningPrograms = (): number => process.getActiveResourcesInfo().filter((resource) => resource === 'ProcessWrap').length;

describe.skipIf(process.platform === 'win32')('the pump', () => {
  test('lets an endless program run ahead by its pool and no further', async () => {
    const options = { frameBytes: FRAME_BYTES, memoryBytes: 2 ** 30, cpuSec: 60 };
    const pump = await FramePump.start({ command: '/bin/sh', args: ['-c', ENDLESS], ...options });
    const buffers = new Set<ArrayBufferLike>();
    for (let n = 0; n < 12; n++) {
      const arrival = await pump.next(120_000);
      if (arrival.kind !== 'frame') throw new Error(`the program ended: ${arrival.kind}`);
      expect(arrival.frame.stampSec).toBeCloseTo(n / 1e6, 9);
      buffers.add(arrival.frame.bytes.buffer);
      // Held for several turns: what the program makes meanwhile fills the rest of the pool and then waits.
      while (pump.waitingFrames < POOL_FRAMES - 1) await sleep(1);
      for (let turn = 0; turn < 20; turn++) await sleep(1);
      expect(pump.waitingFrames).toBe(POOL_FRAMES - 1);
      expect(pump.announcedFrames).toBeLessThan(n + 2 * POOL_FRAMES);
      pump.release(arrival.frame);
    }
    pump.stop();
    expect(buffers.size).toBeLessThanOrEqual(POOL_FRAMES);
  });
});

test('a whole clip passes through the same few buffers', async () => {
  const path = await makeClip('plain.mp4', [...counting(50), ...X264]);
  const buffers = new Set<ArrayBufferLike>();
  for await (const frame of decodeFrames(path, await probeVideo(path))) buffers.add(frame.y.buffer);
  expect(buffers.size).toBeLessThanOrEqual(POOL_FRAMES);
});

test('a picture stays as it is until the next is asked for', async () => {
  const path = await makeClip('plain.mp4', [...counting(50), ...X264]);
  const look = (planes: readonly Uint8Array[]): number => planes.reduce((sum, plane) => plane.reduce((a, v) => (a * 31 + v) | 0, sum), 7);
  let count = 0;
  for await (const { y, u, v } of decodeFrames(path, await probeVideo(path))) {
    const sum = look([y, u, v]);
    for (let turn = 0; turn < 5; turn++) await sleep(1);
    expect(look([y, u, v])).toBe(sum);
    count++;
  }
  expect(count).toBe(50);
});

test('leaving the loop, by break or by an error, ends ffmpeg', async () => {
  const path = await makeClip('large.mp4', ['-f', 'lavfi', '-i', 'testsrc=s=640x480:d=4', '-pix_fmt', 'yuv420p', ...X264]);
  const info = await probeVideo(path);
  for await (const _frame of decodeFrames(path, info)) break;
  const failing = async (): Promise<void> => {
    for await (const frame of decodeFrames(path, info)) throw new Error(`no use for frame ${frame.index}`);
  };
  await expect(failing()).rejects.toThrow('no use for frame 0');
  while (runningPrograms() > 0) await sleep(5);
  expect(runningPrograms()).toBe(0);
});

test('of two pictures on loan the earlier one stays as it was while the next is at hand', async () => {
  const path = await makeClip('plain.mp4', [...counting(50), ...X264]);
  let before: { readonly y: Uint8Array; readonly copy: Uint8Array } | undefined;
  let count = 0;
  for await (const { y } of decodeFrames(path, await probeVideo(path), { lentFrames: 2 })) {
    // What the decoder makes meanwhile must go elsewhere.
    for (let turn = 0; turn < 5; turn++) await sleep(1);
    if (before) {
      expect(before.y).toEqual(before.copy);
      expect(before.y).not.toEqual(y);
    }
    before = { y, copy: y.slice() };
    count++;
  }
  expect(count).toBe(50);
});
