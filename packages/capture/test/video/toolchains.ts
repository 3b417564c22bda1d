import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type FfmpegTools, locateFfmpeg } from '@gaitway/capture/video/ffmpeg';

const run = promisify(execFile);
const encoder = locateFfmpeg();

/** The bundled programs, always; the system's too where it has some. */
export const toolchains = async (): Promise<FfmpegTools[]> => {
  const bundled = await locateFfmpeg({ searchPath: '' });
  const first = await encoder;
  return first.origin === 'system' ? [first, bundled] : [bundled];
};

export const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));

/** Gray pictures whose brightness counts: frame n has luma 16 + 2n, up to 110 frames. */
export const counting = (frames: number): string[] => [
  ...['-f', 'lavfi', '-i', `color=c=gray:s=96x64:r=25:d=${frames / 25},geq=lum=16+2*N:cb=128:cr=128`],
  ...['-pix_fmt', 'yuv420p', '-frames:v', String(frames)],
];

/** The number that a frame of `counting` shows. */
export const shownNumber = (frame: { readonly y: Uint8Array }): number => {
  let sum = 0;
  for (const sample of frame.y) sum += sample;
  return Math.round((sum / frame.y.length - 16) / 2);
};

export const X264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-bf', '2', '-crf', '4'];

/** Makes a clip with ffmpeg, once a machine: the folder's name is the hash of what made it. */
export const makeClip = async (name: string, args: readonly string[]): Promise<string> => {
  const tools = await encoder;
  const key = createHash('sha256')
    .update(JSON.stringify([tools.version, args]))
    .digest('hex')
    .slice(0, 16);
  const path = join(tmpdir(), 'gaitway-test-clips', key, name);
  if (existsSync(path)) return path;
  await mkdir(dirname(path), { recursive: true });
  const partial = join(dirname(path), `${randomUUID()}-${name}`);
  // The option that keeps time stamps as they are has been renamed.
  const current = args.map((arg) => (arg === '-vsync' && tools.major >= 6 ? '-fps_mode' : arg));
  await run(tools.ffmpeg, ['-v', 'error', '-nostdin', '-y', ...current, partial]);
  await rename(partial, path);
  return path;
};
