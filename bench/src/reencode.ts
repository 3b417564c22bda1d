/**
 * `npm run bench:reencode [-- --clips walk_front,dance_portrait --seconds 3 --quality balanced]`
 *
 * The same scene in other encodings, sizes and rates must give the same motion. The noise is what one more plain encoding does to the
 * motion; every other row is to be read against the first, or, where it says so, against another.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { captureLandmarks } from '@gaitway/capture/capture-landmarks';
import type { Quality } from '@gaitway/capture/models/model-files';
import { locateFfmpeg } from '@gaitway/capture/video/ffmpeg';
import type { Clip } from '@gaitway/motion/clip';
import { lowConfidenceFrames } from '@gaitway/motion/metrics';
import { solveCapture } from '@gaitway/pipeline/solve-stage';
import { differenceOf } from './reencode/difference.ts';
import { makeVariant, VARIANTS } from './reencode/variants.ts';

const { values } = parseArgs({
  options: {
    clips: { type: 'string', default: 'walk_front,dance_portrait' },
    seconds: { type: 'string', default: '3' },
    quality: { type: 'string', default: 'balanced' },
    only: { type: 'string', default: '' },
  },
});
const seconds = Number(values.seconds);
const quality = values.quality as Quality;

async function motionOf(path: string, trimEndSec?: number): Promise<Clip> {
  const capture = await captureLandmarks(path, { quality, mirror: quality === 'accurate', ...(trimEndSec && { trimEndSec }) });
  return solveCapture(capture, quality, {}).clip;
}

const { ffmpeg } = await locateFfmpeg();
const folder = await mkdtemp(join(tmpdir(), 'gaitway-reencode-'));
try {
  for (const name of values.clips.split(',')) {
    const source = fileURLToPath(new URL(`../../samples/${name}.mp4`, import.meta.url));
    const original = await motionOf(source, seconds);
    console.log(
      `\n${name}, ${seconds} s, ${values.quality}\n\n| variant | pose mm | worst frame mm | path mm | unsure frames |\n|---|---|---|---|---|`,
    );
    const clips = new Map<string, Clip>();
    for (const variant of VARIANTS.filter(({ file }) => file.includes(values.only))) {
      const clip = await motionOf(await makeVariant(ffmpeg, source, seconds, variant, folder));
      const { poseMm, worstFrameMm, pathMm } = differenceOf(clips.get(variant.against ?? '') ?? original, clip);
      clips.set(variant.file, clip);
      const unsure = lowConfidenceFrames(clip, [0], 0.5);
      console.log(`| ${[variant.name, poseMm.toFixed(1), worstFrameMm.toFixed(1), pathMm.toFixed(1), unsure].join(' | ')} |`);
    }
  }
} finally {
  await rm(folder, { recursive: true });
}
