import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { readUnitreeCsv } from '@gaitway/formats/unitree/csv';
import { readRobotMotionJson } from '@gaitway/formats/unitree/json';
import { readRobotMotionNpz } from '@gaitway/formats/unitree/npz-motion';
import type { RobotMotion } from '@gaitway/formats/unitree/robot-motion';
import { GaitwayError } from '@gaitway/motion/errors';
import { type Inspection, inspectMotion } from '@gaitway/targets/unitree-g1/inspect';
import { g1Model } from '@gaitway/targets/unitree-g1/model';
import { type G1Variant, VARIANTS } from '@gaitway/targets/unitree-g1/model-data';
import { type Command, printLine, UsageError } from '../command.ts';
import { EXIT } from '../exit-codes.ts';

export const inspectCommand: Command = {
  help: `Usage: gaitway inspect FILE [options]

Reads motion of the Unitree G1, ours or anybody's, and prints the quality report: a robot_motion_json (.json), a CSV of 36
columns (x y z qx qy qz qw and 29 joint angles; Z up, metres, radians) or an NPZ (root_pos, root_rot xyzw, dof_pos as GMR has
them, or MuJoCo's qpos).

  --fps N        rate of a file that does not say it, as a CSV (default 30)
  --model NAME   ${Object.keys(VARIANTS).join(', ')}
  --json         the whole report as JSON

Exit code 0 if the file could be read, whatever the verdict.

Example: gaitway inspect walk1_subject1.csv --fps 30`,

  async run(args, { stdout }) {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { fps: { type: 'string', default: '30' }, model: { type: 'string' }, json: { type: 'boolean', default: false } },
      allowPositionals: true,
    });
    const [file, ...surplus] = positionals;
    if (file === undefined || surplus.length > 0) throw new UsageError('Name one file: gaitway inspect FILE.');
    const bytes = await readFile(file).catch((cause: unknown) => {
      throw new GaitwayError('motion_unreadable', { message: `${file} cannot be read.`, cause });
    });
    const motion = read(bytes, rateOf(values.fps));
    const inspection = inspectMotion(g1Model(variantOf(values.model)), motion);
    printLine(stdout, values.json ? JSON.stringify(inspection.summary, null, 2) : textOf(inspection));
    return EXIT.done;
  },
};

function read(bytes: Uint8Array, fps: number): RobotMotion {
  if (looksLikeZip(bytes)) return readRobotMotionNpz(bytes, fps);
  return looksLikeJson(bytes) ? readRobotMotionJson(bytes) : readUnitreeCsv(bytes, fps);
}

const looksLikeZip = (bytes: Uint8Array): boolean => bytes[0] === 0x50 && bytes[1] === 0x4b;
const looksLikeJson = (bytes: Uint8Array): boolean => bytes.find((b) => b > 32 && b < 128) === 0x7b;

function rateOf(text: string): number {
  const fps = Number(text);
  if (!(fps > 0 && fps <= 1000)) throw new UsageError(`--fps takes a number above 0 and up to 1000, not "${text}".`);
  return fps;
}

function variantOf(name: string | undefined): G1Variant {
  const variants = Object.keys(VARIANTS) as G1Variant[];
  const found = name === undefined ? variants[0] : variants.find((v) => v === name);
  if (found === undefined) throw new UsageError(`--model is one of ${variants.join(', ')}.`);
  return found;
}

function textOf({ report, summary }: Inspection): string {
  const checks = report.verdicts.map(
    (v) =>
      `  ${v.pass ? 'ok    ' : 'REVIEW'}  ${v.check.replaceAll('_', ' ').padEnd(30)} ${Number(v.value.toFixed(3))} (at most ${v.limit}) ${v.unit}`,
  );
  const rest = Object.entries(summary).filter(([key]) => key !== 'verdicts' && key !== 'disclaimers' && key !== 'contact_intervals');
  return [
    `Verdict: ${String(summary.verdict)} (judged as ${report.kind})`,
    ...checks,
    '',
    ...rest.map(([key, value]) => `  ${key.padEnd(28)} ${JSON.stringify(value)}`),
    '',
    ...(summary.disclaimers as readonly string[]),
  ].join('\n');
}
