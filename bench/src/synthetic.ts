/**
 * `npm run bench:synthetic [-- --cases walk,squats] [--motion DIR] [--noise 0..1] [--record] [--json out.json]`
 *
 * The body solve on known motion, without video and without a network: procedural motion is projected into landmarks that err as
 * BlazePose was measured to err, solved, and scored against what it was. Judges the solve alone, in seconds.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { BOUNDS_FILE, boundsOf, recordedBounds } from './synthetic/bounds.ts';
import type { SyntheticCase } from './synthetic/cases.ts';
import { CASES } from './synthetic/cases.ts';
import { motionCases } from './synthetic/motion-files.ts';
import { syntheticTable } from './synthetic/report.ts';
import type { CaseResult } from './synthetic/run-case.ts';
import { runCase, runClip } from './synthetic/run-case.ts';

const { values } = parseArgs({
  options: {
    cases: { type: 'string' },
    motion: { type: 'string' },
    noise: { type: 'string', default: '1' },
    record: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
});

const wanted = (name: string): boolean => !values.cases || values.cases.split(',').some((part) => name.includes(part));
const noise = Number(values.noise);
const results: CaseResult[] = values.motion
  ? motionCases(values.motion)
      .filter(({ one }) => wanted(one.name))
      .map(({ one, clip }) => runClip(one, clip, {}, noise))
  : CASES.filter(({ name }) => wanted(name)).map((one: SyntheticCase) => runCase(one, {}, noise));

console.log(syntheticTable(results, noise === 1 ? recordedBounds() : {}));
if (values.json) writeFileSync(values.json, JSON.stringify(results, null, 1));
if (values.record) writeFileSync(BOUNDS_FILE, `${JSON.stringify({ ...recordedBounds(), ...boundsOf(results) }, null, 2)}\n`);
