import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { decodeArguments, deliveredSize } from '@gaitway/capture/video/decode-arguments';
import { probeVideo } from '@gaitway/capture/video/probe';
import { describe, expect, it } from 'vitest';
import { makeClip, toolchains, X264 } from './toolchains.ts';

const run = promisify(execFile);

/** The number after an option of the command line. */
const numberOf = (args: readonly string[], option: string): number => Number(args[args.indexOf(option) + 1]);

describe('the command line of the decoder', () => {
  it('gives the same pictures on any number of cores: the one number that matters to them does not depend on it', async () => {
    // Noise with as many samples of colour as of light, so that colours have to be converted.
    const noise = ['-f', 'lavfi', '-i', 'color=gray:s=320x240:r=10:d=0.5,format=yuv444p,noise=alls=60:allf=t'];
    const path = await makeClip('noise-444.mp4', [...noise, ...X264, '-pix_fmt', 'yuv444p']);
    for (const ffmpeg of await toolchains()) {
      const info = await probeVideo(path, { ffmpeg });
      const args = decodeArguments(ffmpeg, path, info, deliveredSize(info), null);
      const decoded = async (threads: string): Promise<string> => {
        const changed = args.map((arg, i) => (args[i - 1] === '-threads' ? threads : arg));
        const { stdout } = await run(ffmpeg.ffmpeg, changed, { encoding: 'buffer', maxBuffer: 2 ** 26 });
        return createHash('sha256').update(stdout).digest('hex');
      };
      expect(await decoded('1')).toBe(await decoded('3'));
      expect(numberOf(args, '-filter_threads')).toBe(1);
    }
  });

  it('never has the samples of whole pictures summed up only to learn their time stamps', async () => {
    for (const ffmpeg of await toolchains()) {
      const path = await makeClip('stamped.mp4', ['-f', 'lavfi', '-i', 'testsrc2=s=320x240:r=10:d=0.5', ...X264]);
      const info = await probeVideo(path, { ffmpeg });
      const args = decodeArguments(ffmpeg, path, info, deliveredSize(info), null).map((arg) => (arg === 'pipe:1' ? '-' : arg));
      const { stderr } = await run(ffmpeg.ffmpeg, args, { encoding: 'buffer', maxBuffer: 2 ** 26 });
      const summed = [...stderr.toString().matchAll(/ s:(\d+)x(\d+) .*checksum/g)].map(
        ([, width, height]) => Number(width) * Number(height),
      );
      expect(Math.max(0, ...summed)).toBeLessThanOrEqual(256);
    }
  });
});
