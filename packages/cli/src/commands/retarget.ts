import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { locateFfmpeg } from '@gaitway/capture/video/ffmpeg';
import type { UpAxis } from '@gaitway/formats/bvh/axes';
import { parseBvh } from '@gaitway/formats/bvh/parse';
import { type BvhClip, type BvhToClipOptions, bvhToClip } from '@gaitway/formats/bvh/to-clip';
import { GaitwayError } from '@gaitway/motion/errors';
import { shownDelivery, storeAll } from '@gaitway/pipeline/deliver-clip';
import { OutputFolder, type StoredFile } from '@gaitway/pipeline/output-folder';
import { filmMotion } from '@gaitway/pipeline/preview-stage';
import { prepareTargets } from '@gaitway/pipeline/target-registry';
import type { Delivery } from '@gaitway/targets/target';
import { type Command, numberOf, printLine, type Terminal, UsageError } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { G1_HELP, G1_OPTIONS } from '../g1-options.ts';
import { targetsOf } from '../process/arguments.ts';

const UP_AXES: readonly UpAxis[] = ['x', 'y', 'z', '-x', '-y', '-z'];

const OPTIONS = {
  out: { type: 'string' },
  targets: { type: 'string', default: 'unitree_g1' },
  fps: { type: 'string' },
  up: { type: 'string' },
  unit: { type: 'string' },
  ...G1_OPTIONS,
  'no-preview': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const;

export const retargetCommand: Command = {
  help: `Usage: gaitway retarget FILE.bvh --out DIR [options]

Takes existing motion instead of a video and makes the same files from it. Limbs, units and the up axis are found by themselves
(hierarchies of LAFAN1, CMU, Mixamo, Character Creator, Unreal and alike).

  --out DIR               folder for the result (made if missing)
  --targets LIST          unitree_g1, default (default: unitree_g1)
  --fps N                 rate of the result: 24, 30, 60 or 120 (default 30)
  --up AXIS               up axis of the file: x, y, z, -x, -y, -z (default: found)
  --unit METRES           metres in one unit of the file, e.g. 0.01 (default: found)
  --no-preview            do not film the result (preview.mp4)
  --json                  print the quality numbers as JSON

${G1_HELP}

Example: gaitway retarget walk1_subject1.bvh --targets unitree_g1,default --out out`,
  run,
};

async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parse(args);
  const [file, ...surplus] = positionals;
  if (file === undefined || surplus.length > 0) throw new UsageError('Name one file: gaitway retarget FILE.bvh --out DIR.');
  if (!values.out) throw new UsageError('Name a folder for the result: --out DIR.');
  const targets = prepareTargets(targetsOf(values), { fps: values.fps === undefined ? 30 : numberOf('fps', values.fps) });
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new GaitwayError('motion_unreadable', { message: `${file} cannot be read.`, cause });
  });
  const source = bvhToClip(parseBvh(bytes), readingOf(values));
  await OutputFolder.use(values.out, async (output) => {
    const deliveries: Delivery[] = [];
    for (const target of targets) deliveries.push(await target.deliver(source.clip, { signal: terminal.signal }));
    const files = (await storeAll(deliveries, output)).flatMap((delivered) => delivered.files);
    if (!values['no-preview']) files.push(await film(deliveries, output, terminal));
    await output.commit();
    printLine(terminal.stdout, values.json ? jsonOf(source, deliveries) : textOf(path.basename(file), source, deliveries, files));
  });
  return EXIT.done;
}

/** There is no video to put beside it: the motion alone. */
async function film(deliveries: readonly Delivery[], output: OutputFolder, { environment, signal }: Terminal): Promise<StoredFile> {
  const located = await locateFfmpeg(environment);
  return filmMotion(shownDelivery(deliveries), output, { ffmpegPath: located.ffmpeg, signal });
}

const parse = (args: readonly string[]) => parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true, strict: true });
type Values = ReturnType<typeof parse>['values'];

function readingOf(values: Values): BvhToClipOptions {
  const up = values.up === undefined ? undefined : UP_AXES.find((axis) => axis === values.up);
  if (values.up !== undefined && up === undefined) throw new UsageError(`--up is one of ${UP_AXES.join(', ')}, not "${values.up}".`);
  const unit = values.unit === undefined ? undefined : numberOf('unit', values.unit);
  if (unit !== undefined && !(unit > 0)) throw new UsageError('--unit must be above 0.');
  return { ...(up !== undefined && { upAxis: up }), ...(unit !== undefined && { metersPerUnit: unit }) };
}

const jsonOf = (source: BvhClip, deliveries: readonly Delivery[]): string =>
  JSON.stringify(
    {
      upAxis: source.upAxis,
      metersPerUnit: source.metersPerUnit,
      warnings: source.warnings,
      targets: deliveries.map(({ targetId, quality, warnings }) => ({ targetId, quality, warnings })),
    },
    null,
    2,
  );

function textOf(name: string, source: BvhClip, deliveries: readonly Delivery[], files: readonly StoredFile[]): string {
  const { clip } = source;
  return [
    `${name}: ${clip.frameCount} frames at ${Number(clip.fps.toFixed(3))} fps, ${source.upAxis} up, 1 unit = ${Number(source.metersPerUnit.toPrecision(4))} m. Files:`,
    ...files.map((file) => `  ${file.name}  ${Math.ceil(file.bytes / 1000)} kB`),
    ...deliveries.flatMap(({ targetId, quality }) => [
      '',
      `Quality of ${targetId}:`,
      ...Object.entries(quality).map(([key, value]) => `  ${key.padEnd(46)} ${value}`),
    ]),
    ...[...source.warnings, ...deliveries.flatMap((d) => d.warnings)].map((warning) => `\nNote: ${warning}`),
  ].join('\n');
}
