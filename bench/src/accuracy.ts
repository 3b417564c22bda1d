/**
 * `npm run bench:accuracy [-- --quality balanced,accurate] [--clips walk_front,…] [--no-height] [--json out.json]`
 *
 * Every sample clip goes through `gaitway process`; the delivered FBX is read back by the Autodesk SDK and scored against the
 * clip's ground truth, beside the raw output of the pose model on the same video.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Quality } from '@gaitway/capture/models/model-files';
import { tracksOfFbx } from './fbx-tracks.ts';
import { runMeasured } from './process-run.ts';
import { rawTracks } from './raw-blazepose.ts';
import type { Scores } from './scores.ts';
import { score } from './scores.ts';
import { table } from './table.ts';
import { readTruth } from './truth.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CLIPS = ['walk_front', 'punch_34', 'bend_scoop', 'dance_portrait'];

interface Row {
  readonly clip: string;
  readonly method: string;
  readonly scores: Scores;
}

const { values } = parseArgs({
  options: {
    quality: { type: 'string', default: 'balanced' },
    clips: { type: 'string', default: CLIPS.join(',') },
    samples: { type: 'string', default: join(ROOT, 'samples') },
    'no-height': { type: 'boolean', default: false },
    json: { type: 'string' },
  },
});

const qualities = values.quality.split(',') as Quality[];
const clips = values.clips.split(',');
const rows: Row[] = [];
for (const clip of clips) for (const quality of qualities) rows.push(...(await scoreClip(clip, quality)));
for (const method of [...new Set(rows.map((row) => row.method))]) rows.push(meanRow(method));

console.log(table([HEAD(), ...rows.map(cells)]));
if (values.json) writeFileSync(values.json, JSON.stringify(rows, null, 1));

async function scoreClip(clip: string, quality: Quality): Promise<Row[]> {
  const video = join(values.samples, `${clip}.mp4`);
  const truth = readTruth(join(values.samples, `${clip}.truth.json`));
  const out = join(ROOT, 'out/bench', `${clip}-${quality}`);
  mkdirSync(out, { recursive: true });
  const height = values['no-height'] ? [] : ['--height', String(truth.subject.height_m)];
  const options = ['--quality', quality, '--proportions', 'person', '--no-preview', '--fps', '30', ...height];
  await runMeasured(process.execPath, [join(ROOT, 'packages/cli/bin/gaitway.mjs'), 'process', video, '--out', out, '--json', ...options]);
  const raw = await rawTracks(video, quality, truth);
  return [
    { clip, method: `raw model, ${quality}`, scores: score(truth, raw.tracks) },
    { clip, method: `Gaitway, ${quality}`, scores: score(truth, tracksOfFbx(join(out, 'default.fbx'), 30)) },
  ];
}

function meanRow(method: string): Row {
  const own = rows.filter((row) => row.method === method && row.clip !== 'mean');
  const keys = Object.keys(own[0].scores) as (keyof Scores)[];
  const mean = Object.fromEntries(keys.map((key) => [key, own.reduce((sum, row) => sum + row.scores[key], 0) / own.length]));
  return { clip: 'mean', method, scores: mean as unknown as Scores };
}

/** Column heads; a function because it is used above where it is written. */
function HEAD(): string[] {
  return [
    'clip',
    'method',
    'MPJPE',
    'PA',
    'W100',
    'WA100',
    'W metric',
    'WA metric',
    'root',
    'jitter',
    '/truth',
    'slide',
    '−truth',
    'height',
    'bone %',
    'bone var %',
    'scale',
    'tilt °',
  ];
}

function cells({ clip, method, scores: s }: Row): (string | number)[] {
  const world = method.startsWith('raw')
    ? Array.from({ length: 5 }, () => Number.NaN)
    : [s.w100Mm, s.wa100Mm, s.wMetricMm, s.waMetricMm, s.rootErrorMm];
  const feet = method.startsWith('raw')
    ? Array.from({ length: 3 }, () => Number.NaN)
    : [s.footSlideMm, s.footSlideMm - s.footSlideTruthMm, s.footHeightBiasMm];
  return [
    clip,
    method,
    s.mpjpeMm,
    s.paMpjpeMm,
    ...world,
    s.jitter,
    s.jitter / s.jitterTruth,
    ...feet,
    s.boneLengthErrorPct,
    s.boneVariationPct,
    s.scale,
    s.tiltDeg,
  ];
}
