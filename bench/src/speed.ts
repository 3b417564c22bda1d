/**
 * `npm run bench:speed [-- --seconds 20] [--memory]`
 *
 * Frames per second from video to FBX (no preview) on a 1080p30 H.264 clip, end to end and by stage, beside the official
 * MediaPipe runtime's detect call on the same frames in the same run. `--memory` compares the largest process of a one-minute
 * and a ten-minute clip instead.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { locateFfmpeg } from '@gaitway/capture/video/ffmpeg';
import { findChromium, timeOfficialRuntime } from './official-runtime.ts';
import type { ProcessRun } from './process-run.ts';
import { runMeasured } from './process-run.ts';
import { table } from './table.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const WORK = join(ROOT, 'out/bench-speed');
const FPS = 30;
const OFFICIAL_FRAMES = 150;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '20' },
    memory: { type: 'boolean', default: false },
    quality: { type: 'string', default: 'balanced' },
  },
});
const ffmpeg = (await locateFfmpeg({})).ffmpeg;
mkdirSync(WORK, { recursive: true });
await (values.memory ? compareMemory() : compareSpeed(Number(values.seconds)));

/** walk_front scaled up to 1080p and looped to `seconds`. */
function loopedClip(seconds: number): string {
  const file = join(WORK, `walk-1080p-${seconds}s.mp4`);
  const source = join(ROOT, 'samples/walk_front.mp4');
  const encode = ['-vf', 'scale=1920:1080', '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '20', '-pix_fmt', 'yuv420p', '-an'];
  execFileSync(ffmpeg, ['-v', 'error', '-y', '-stream_loop', '-1', '-i', source, '-t', String(seconds), ...encode, file]);
  return file;
}

interface Timed {
  readonly run: ProcessRun;
  readonly timings: Readonly<Record<string, number>>;
}

async function processClip(file: string): Promise<Timed> {
  const out = join(WORK, 'out');
  rmSync(out, { recursive: true, force: true });
  const options = ['--no-preview', '--json', '--quality', values.quality];
  const run = await runMeasured(process.execPath, [join(ROOT, 'packages/cli/bin/gaitway.mjs'), 'process', file, '--out', out, ...options]);
  return { run, timings: (JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as { timings: Record<string, number> }).timings };
}

async function compareSpeed(seconds: number): Promise<void> {
  const file = loopedClip(seconds);
  const frames = seconds * FPS;
  await processClip(file); // Warms the disk cache and the converted models, as any second run finds them.
  const { run, timings } = await processClip(file);
  const official = await officialSpeed(file);
  const ours = frames / run.wallSec;
  console.log(
    table([
      [`1080p30 H.264, ${values.quality}`, 'frames/s', '× official'],
      ['Gaitway, video to FBX (whole process)', ours, ours / official],
      ...Object.entries(timings)
        .filter(([, sec]) => sec > 0)
        .map(([stage, sec]) => [`  stage ${stage}`, frames / sec, Number.NaN]),
      ['official runtime, detect call alone', official, 1],
    ]),
  );
  console.log(`largest process ${(run.largestProcessBytes / 1e6).toFixed(0)} MB, ${frames} frames in ${run.wallSec.toFixed(2)} s`);
}

async function officialSpeed(file: string): Promise<number> {
  const chromium = findChromium();
  if (!chromium) {
    console.error('No Chromium here (set CHROMIUM_PATH): the official runtime is not measured.');
    return Number.NaN;
  }
  const folder = join(WORK, 'frames');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  execFileSync(ffmpeg, ['-v', 'error', '-i', file, '-frames:v', String(OFFICIAL_FRAMES), '-q:v', '2', join(folder, '%05d.jpg')]);
  const files = readdirSync(folder)
    .sort()
    .map((name) => join(folder, name));
  return (await timeOfficialRuntime(chromium, files, 1000 / FPS)).framesPerSec;
}

async function compareMemory(): Promise<void> {
  const rows: (string | number)[][] = [['clip', 'largest process MB', 'frames/s']];
  for (const seconds of [60, 600]) {
    const { run } = await processClip(loopedClip(seconds));
    rows.push([`${seconds / 60} min`, run.largestProcessBytes / 1e6, (seconds * FPS) / run.wallSec]);
  }
  console.log(table(rows));
}
