import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** One way in which the same pictures can arrive. */
export interface Variant {
  readonly name: string;
  /** ffmpeg's arguments between the input and the output. */
  readonly args: readonly string[];
  readonly file: string;
  /** File of the variant that it is compared with instead of the original. */
  readonly against?: string;
  /** Degrees written into the finished file as its rotation: the stored picture lies on its side, players turn it. */
  readonly turnedDeg?: 90;
}

const h264 = (crf: number): string[] => ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', String(crf), '-pix_fmt', 'yuv420p'];
/** The plain way: what every other variant is compared with. */
const PLAIN = h264(20);

/** Every third picture at its own time: ffmpeg's filter `fps` would show neighbours of the pictures that are due. */
const THIRD = ['-vf', "select='not(mod(n\\,3))'", '-vsync', 'vfr'];

const HALF = 'scale=640:640:force_original_aspect_ratio=decrease:force_divisible_by=2';
/** Pictures in between, made by following what moves: a faster camera, as far as it can be had from a slow one. */
const faster = (fps: number): string[] => ['-vf', `${HALF},minterpolate=fps=${fps}:mi_mode=mci:mc_mode=aobmc:vsbmc=1`];

export const VARIANTS: readonly Variant[] = [
  { name: 'H.264, 8 bit, again', args: PLAIN, file: 'plain.mp4' },
  { name: 'H.264, 8 bit, harder (crf 26)', args: h264(26), file: 'harder.mp4' },
  {
    name: 'HEVC, 10 bit',
    args: ['-c:v', 'libx265', '-preset', 'fast', '-crf', '20', '-pix_fmt', 'yuv420p10le', '-x265-params', 'log-level=error'],
    file: 'ten-bit.mp4',
  },
  { name: 'stored on its side, rotation in the header', args: ['-vf', 'transpose=2', ...PLAIN], file: 'turned.mp4', turnedDeg: 90 },
  {
    name: '4K (3840 wide or high)',
    args: ['-vf', "scale='if(gt(iw,ih),3840,-2)':'if(gt(iw,ih),-2,3840)':flags=lanczos", ...PLAIN],
    file: '4k.mp4',
  },
  // Fifths from the first on: without the first frame the clip would begin later than what it is compared with.
  {
    name: 'variable rate (every fifth picture dropped)',
    args: ['-vf', "select='lt(mod(n\\,5)\\,4)'", '-vsync', 'vfr', ...PLAIN],
    file: 'variable.mkv',
  },
  { name: 'each picture four times (120 fps)', args: ['-vf', 'fps=120', ...PLAIN], file: 'repeated.mp4' },
  { name: '10 fps', args: [...THIRD, ...PLAIN], file: 'fps10.mp4' },
  { name: '10 fps, harder, against 10 fps', args: [...THIRD, ...h264(26)], file: 'fps10-harder.mp4', against: 'fps10.mp4' },
  { name: 'half the size', args: ['-vf', HALF, ...PLAIN], file: 'half.mp4' },
  {
    name: 'half the size, a little harder, against half the size',
    args: ['-vf', HALF, ...h264(22)],
    file: 'half-harder.mp4',
    against: 'half.mp4',
  },
  { name: '60 fps, half the size, against half the size', args: [...faster(60), ...PLAIN], file: 'fps60.mp4', against: 'half.mp4' },
  { name: '120 fps, half the size, against half the size', args: [...faster(120), ...PLAIN], file: 'fps120.mp4', against: 'half.mp4' },
];

/** Encodes a clip anew. */
export async function makeVariant(ffmpeg: string, source: string, seconds: number, variant: Variant, folder: string): Promise<string> {
  const path = join(folder, variant.file);
  await run(ffmpeg, ['-v', 'error', '-nostdin', '-y', '-i', source, '-t', String(seconds), '-an', ...variant.args, path]);
  if (variant.turnedDeg) await writeFile(path, turned(await readFile(path)));
  return path;
}

const FIXED_POINT = 0x10000;

/**
 * Turns the picture of an MP4 by 90° clockwise for the viewer: the matrix of its track header (ISO/IEC 14496-12, 8.3) maps stored
 * pixels (x, y) to (height − y, x).
 */
function turned(file: Buffer): Buffer {
  const header = file.indexOf('tkhd', 0, 'latin1');
  const isLong = file[header + 4] === 1;
  const matrix = header + 4 + (isLong ? 52 : 40);
  const height = file.readUInt32BE(matrix + 40);
  [0, FIXED_POINT, 0, -FIXED_POINT, 0, 0, height].forEach((value, i) => {
    file.writeInt32BE(value, matrix + i * 4);
  });
  return file;
}
