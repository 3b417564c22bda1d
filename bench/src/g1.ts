/**
 * `npm run bench:g1 [-- FOLDER [word …] [--noise]]`
 *
 * Retargeting to the G1: the table of the quality report, the speed of both passes on one core, and what the field's default
 * publishes. Over the procedural motion of bench:synthetic, or a folder of BVH files (any: LAFAN1, CMU conversions, Mixamo …).
 * `--noise` adds each motion as the body solve gets it back from landmarks that err as the pose network was measured to err.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { solve } from '@gaitway/capture/solve/solve';
import { parseBvh } from '@gaitway/formats/bvh/parse';
import { bvhToClip } from '@gaitway/formats/bvh/to-clip';
import type { Clip } from '@gaitway/motion/clip';
import { g1Model } from '@gaitway/targets/unitree-g1/model';
import { G1_HEAD, g1Row, PUBLISHED } from './g1/row.ts';
import { CASES } from './synthetic/cases.ts';
import { motionCases } from './synthetic/motion-files.ts';
import { motionOf, seenOf } from './synthetic/run-case.ts';

interface Motion {
  readonly name: string;
  readonly clip: Clip;
}

/** Of the procedural cases, those that differ by motion and not by camera. */
const MOVES = [
  'walk towards',
  'walk a circle',
  'run sideways',
  'jump',
  'squats',
  'punches',
  'kicks',
  'sit and rise',
  'whirl',
  'crawl',
  'lie down',
];

const { values, positionals } = parseArgs({ options: { noise: { type: 'boolean', default: false } }, allowPositionals: true });
const [folder, ...words] = positionals;
const wanted = (name: string): boolean => words.length === 0 || words.some((word) => name.startsWith(word));

function motions(): Motion[] {
  if (folder === undefined) return CASES.filter(({ name }) => MOVES.includes(name)).map((one) => ({ name: one.name, clip: motionOf(one) }));
  return readdirSync(folder)
    .filter((file) => file.toLowerCase().endsWith('.bvh') && wanted(file))
    .sort()
    .map((file) => ({ name: file.replace(/\.bvh$/i, ''), clip: bvhToClip(parseBvh(readFileSync(path.join(folder, file)))).clip }));
}

/** The same motion out of the body solve. */
function captured(): Motion[] {
  const cases =
    folder === undefined
      ? CASES.filter(({ name }) => MOVES.includes(name)).map((one) => ({ one, clip: motionOf(one) }))
      : motionCases(folder).filter(({ one }) => wanted(one.name));
  return cases.map(({ one, clip }) => ({ name: `${one.name}, captured`, clip: solve(seenOf(one, clip), one.told).clip }));
}

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const model = g1Model();
console.log(line(G1_HEAD));
console.log(line(G1_HEAD.map(() => '---')));
for (const { name, clip } of [...motions(), ...(values.noise ? captured() : [])]) console.log(line(g1Row(model, name, clip)));
console.log(`\n${PUBLISHED}`);
