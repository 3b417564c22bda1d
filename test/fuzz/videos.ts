/**
 * `npm run test:fuzz [-- --count 2000 --seed 1]`: mutated videos through probe and decode; every twentieth, of somebody who walks, through
 * the whole of `gaitway process`.
 *
 * Fails on anything but a good run or an error of the catalogue: a crash, an unknown error, a hang over the limit, a file that
 * appeared outside. Deterministic: a failure prints the seed that makes it again.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { decodeFrames } from '@gaitway/capture/video/decode';
import { locateFfmpeg } from '@gaitway/capture/video/ffmpeg';
import { probeVideo } from '@gaitway/capture/video/probe';
import { isGaitwayError } from '@gaitway/motion/errors';
import { MUTATIONS, randomFrom } from './mutate.ts';
import { attemptProcess, describeBug, type Outcome } from './process-attempt.ts';

const { values } = parseArgs({ options: { count: { type: 'string', default: '2000' }, seed: { type: 'string', default: '1' } } });
const COUNT = Number(values.count);
const FIRST_SEED = Number(values.seed);
/** Decoding is limited to less. Whoever takes longer is tried once more, alone: a busy machine is slow, a hang is one every time. */
const HANG_MS = 60_000;
const DECODE_LIMIT_MS = 8_000;
const MAX_DURATION_SEC = 60;
const MAX_FRAMES = 120;
/** One in so many seeds goes through everything; it has limits of its own. */
const PROCESS_EVERY = 20;

const ffmpeg = await locateFfmpeg({});
const folder = mkdtempSync(join(tmpdir(), 'gaitway-fuzz-'));
const inbox = join(folder, 'in');
mkdirSync(inbox);

const seeds = [...generated(), ...fixtures()];
const walkers = walking();
const outcomes = new Map<string, number>();
const failures: string[] = [];
const slow: number[] = [];
let next = 0;
await Promise.all([lane(0), lane(1)]);
for (const seed of slow) {
  const { ms, kind } = await attemptSeed(seed, 0);
  console.log(`seed ${seed} (${kind}), which was slow, alone: ${Math.round(ms)} ms`);
  if (ms > HANG_MS) failures.push(`seed ${seed} (${kind}): took ${Math.round(ms)} ms twice`);
}
const strays = readdirSync(folder).filter((name) => name !== 'in');
if (strays.length > 0) failures.push(`files appeared: ${strays.join(', ')}`);
rmSync(folder, { recursive: true });
for (const [outcome, count] of [...outcomes].sort((a, b) => b[1] - a[1])) console.log(`${String(count).padStart(6)}  ${outcome}`);
for (const failure of failures) console.error(failure);
console.log(`${COUNT - failures.length} passed, ${failures.length} failed`);
process.exit(failures.length === 0 ? 0 : 1);

/** Small videos in the containers people send. */
function generated(): Buffer[] {
  const source = ['-f', 'lavfi', '-i', 'testsrc=size=96x64:rate=25:duration=1'];
  const kinds = [
    ['a.mp4', '-c:v', 'libx264', '-pix_fmt', 'yuv420p'],
    ['b.mov', '-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-movflags', '+faststart'],
    ['c.mkv', '-c:v', 'libx264', '-pix_fmt', 'yuv420p'],
    ['d.avi', '-c:v', 'mpeg4'],
    ['e.ts', '-c:v', 'libx264', '-pix_fmt', 'yuv420p'],
  ];
  return kinds.map(([name, ...codec]) => {
    const file = join(inbox, name);
    execFileSync(ffmpeg.ffmpeg, ['-v', 'error', '-y', ...source, ...codec, file]);
    const bytes = readFileSync(file);
    rmSync(file);
    return bytes;
  });
}

/** A second of somebody who walks, small, in two containers. */
function walking(): Buffer[] {
  const sample = fileURLToPath(new URL('../../samples/walk_front.mp4', import.meta.url));
  return ['w.mp4', 'w.mkv'].map((name) => {
    const file = join(inbox, name);
    const codec = ['-vf', 'scale=480:-2', '-r', '15', '-an', '-c:v', 'libx264', '-preset', 'veryfast'];
    execFileSync(ffmpeg.ffmpeg, ['-v', 'error', '-y', '-ss', '1', '-i', sample, '-t', '1', ...codec, file]);
    const bytes = readFileSync(file);
    rmSync(file);
    return bytes;
  });
}

function fixtures(): Buffer[] {
  const path = fileURLToPath(new URL('../../packages/capture/test/fixtures', import.meta.url));
  return readdirSync(path)
    .filter((name) => /\.(mp4|mov|webm|mkv)$/.test(name))
    .map((name) => readFileSync(join(path, name)));
}

async function lane(id: number): Promise<void> {
  while (next < COUNT) {
    const seed = FIRST_SEED + next++;
    const { outcome, kind, ms } = await attemptSeed(seed, id);
    outcomes.set(outcome.label, (outcomes.get(outcome.label) ?? 0) + 1);
    if (outcome.bug) failures.push(`seed ${seed} (${kind}): ${outcome.bug}`);
    if (ms > HANG_MS && !isWhole(seed)) slow.push(seed);
    if (seed % 200 === 0) console.log(`… ${next} of ${COUNT}`);
  }
}

function isWhole(seed: number): boolean {
  return seed % PROCESS_EVERY === 0;
}

async function attemptSeed(seed: number, id: number): Promise<{ outcome: Outcome; kind: string; ms: number }> {
  const { bytes, kind } = mutated(seed, isWhole(seed) ? walkers : seeds);
  const file = join(inbox, `${id}.mp4`);
  writeFileSync(file, bytes);
  const started = performance.now();
  const outcome = isWhole(seed) ? await attemptProcess(file, join(folder, `out-${id}`)) : await attempt(file);
  return { outcome, kind, ms: performance.now() - started };
}

function mutated(seed: number, from: readonly Buffer[]): { bytes: Buffer; kind: string } {
  const random = randomFrom(seed);
  const kinds = Object.keys(MUTATIONS);
  const kind = kinds[Math.floor(random() * kinds.length)];
  return { kind, bytes: MUTATIONS[kind](from[Math.floor(random() * from.length)], random) };
}

async function attempt(file: string): Promise<Outcome> {
  try {
    const info = await probeVideo(file, { ffmpeg, timeoutMs: DECODE_LIMIT_MS, maxDurationSec: MAX_DURATION_SEC });
    let frames = 0;
    for await (const frame of decodeFrames(file, info, { ffmpeg, timeoutMs: DECODE_LIMIT_MS, maxLongSidePx: 256 })) {
      if (!Number.isFinite(frame.timeSec) || frame.y.length !== frame.widthPx * frame.heightPx)
        return { label: 'bug', bug: 'a frame that makes no sense' };
      if (++frames >= MAX_FRAMES) break;
    }
    return { label: 'read' };
  } catch (error) {
    if (isGaitwayError(error)) return { label: error.code };
    return { label: 'bug', bug: describeBug(error) };
  }
}
