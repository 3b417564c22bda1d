/**
 * Fits the two tables of landmark offsets (packages/capture/src/fit/landmark-offsets.ts) on clips with known truth.
 *
 *   node --conditions=gaitway-source --import tsx bench/src/fit-offsets.ts
 *
 * Captures the sample clips and writes the tables. Offsets are constant
 * in the rest frame of the joint that carries the landmark, in millimetres of a 1.75 m body, equal on both sides, and pulled
 * towards zero (towards the anatomical place for the face), so that four clips cannot say more than they know.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fitImageOffsets, fitWorldOffsets } from './offsets/least-squares.ts';
import { readSamples } from './offsets/sample.ts';

const CLIPS = ['walk_front', 'punch_34', 'bend_scoop', 'dance_portrait'];
const QUALITIES = ['balanced', 'accurate'] as const;

type Table = readonly (readonly [number, number, number])[];

function render(name: string, comment: string, table: Table): string {
  const rows = table.map((row, i) => `  [${row.map((v) => Math.round(v)).join(', ')}], // ${i}`);
  return `/** ${comment} */\nexport const ${name}: readonly (readonly [number, number, number])[] = [\n${rows.join('\n')}\n];\n`;
}

async function main(): Promise<void> {
  const samples = await readSamples(CLIPS, QUALITIES);
  const target = new URL('../../packages/capture/src/fit/landmark-offsets.ts', import.meta.url);
  const header = readFileSync(target, 'utf8').split('*/')[0];
  const image = render('IMAGE_OFFSETS_MM', 'Where the image landmarks lie.', fitImageOffsets(samples));
  const world = render('WORLD_OFFSETS_MM', 'Where the world landmarks lie.', fitWorldOffsets(samples));
  writeFileSync(target, `${header}*/\n\n${image}\n${world}`);
}

await main();
