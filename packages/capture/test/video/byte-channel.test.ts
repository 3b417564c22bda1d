import { mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openByteChannel } from '@gaitway/capture/video/byte-channel';
import { FramePump } from '@gaitway/capture/video/frame-pump';
import { afterEach, describe, expect, test, vi } from 'vitest';

const FRAME_BYTES = 100_000;
const FRAMES = 30;
/** Frames of which each is filled with its own letter, announced one by one. */
const FRAME_WRITER = `
const wait = (done) => new Promise((resolve) => done(resolve));
(async () => {
  for (let n = 0; n < ${FRAMES}; n++) {
    process.stderr.write('frame:' + n + ' pts:' + n * 1000 + ' pts_time:0\\n');
    await wait((done) => process.stdout.write(Buffer.alloc(${FRAME_BYTES}, 65 + n), done));
  }
})();`;

const pumped = async (): Promise<string> => {
  const options = { frameBytes: FRAME_BYTES, memoryBytes: 2 ** 40, cpuSec: 60 };
  const pump = await FramePump.start({ command: process.execPath, args: ['-e', FRAME_WRITER], ...options });
  let letters = '';
  for (;;) {
    const arrival = await pump.next(120_000);
    if (arrival.kind !== 'frame') {
      expect(arrival).toMatchObject({ kind: 'exited', code: 0 });
      return letters;
    }
    const { bytes } = arrival.frame;
    expect(bytes.every((byte) => byte === bytes[0])).toBe(true);
    letters += String.fromCharCode(bytes[0]);
    pump.release(arrival.frame);
  }
};

const ALL = String.fromCharCode(...Array.from({ length: FRAMES }, (_, n) => 65 + n));

describe.skipIf(process.platform === 'win32')('the channel of a program', () => {
  afterEach(() => vi.unstubAllEnvs());

  test('hands every picture over and leaves nothing in the folder of temporary files', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'channel-'));
    vi.stubEnv('TMPDIR', folder);
    expect(await pumped()).toBe(ALL);
    expect(await readdir(folder)).toEqual([]);
  });

  test('is a pipe where no socket is to be had: without such a folder, or with a path too long', async () => {
    for (const folder of ['/nowhere', join(tmpdir(), 'x'.repeat(120))]) {
      vi.stubEnv('TMPDIR', folder);
      expect(await openByteChannel(() => true)).toBeNull();
      expect(await pumped()).toBe(ALL);
    }
  });
});
