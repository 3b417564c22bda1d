/**
 * `npm run bench:accuracy [-- --quality balanced,accurate] [--clips walk_front,…] [--dev DIR] [--json out.json]`
 *
 * Every clip goes through `gaitway process`; the delivered FBX is read back by the Autodesk SDK and scored against the clip's
 * ground truth, beside the raw output of the pose model and the first solve on the same video. docs/accuracy.md says what each
 * number means.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Quality } from '@gaitway/capture/models/model-files';
import type { BenchClip } from './accuracy/clips.ts';
import { clipsOf } from './accuracy/clips.ts';
import { goalTable } from './accuracy/goals.ts';
import type { Result } from './accuracy/methods.ts';
import { runMethods } from './accuracy/methods.ts';
import { heightTable, means, scoreTables } from './accuracy/report.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const { values } = parseArgs({
  options: {
    quality: { type: 'string', default: 'balanced' },
    clips: { type: 'string' },
    samples: { type: 'string', default: join(ROOT, 'samples') },
    dev: { type: 'string' },
    out: { type: 'string', default: join(ROOT, 'out/bench') },
    json: { type: 'string' },
  },
});

const qualities = values.quality.split(',') as Quality[];
const results: Result[] = [];
for (const clip of chosenClips()) {
  for (const quality of qualities) {
    process.stderr.write(`${clip.name}, ${quality}\n`);
    results.push(...(await runMethods({ root: ROOT, outDir: values.out }, clip, quality)));
  }
}
const averages = means(results);
const parts = [scoreTables([...results, ...averages]), heightTable(results), goalTable(results, averages)];
console.log(parts.filter((part) => part !== '').join('\n\n'));
if (values.json) writeFileSync(values.json, JSON.stringify({ results, means: averages }, null, 1));

/** The samples and the clips of `--dev` (those not among the samples already), or only those named by `--clips`. */
function chosenClips(): BenchClip[] {
  const samples = clipsOf(values.samples, 'samples');
  const dev = values.dev ? clipsOf(values.dev, 'dev').filter(({ name }) => !samples.some((s) => s.name === name)) : [];
  const names = values.clips?.split(',');
  return [...samples, ...dev].filter(({ name }) => !names || names.includes(name));
}
