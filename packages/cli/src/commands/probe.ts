import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { PreflightReport } from '@gaitway/capture/preflight/report';
import { GaitwayError } from '@gaitway/motion/errors';
import { preflightSource } from '@gaitway/pipeline/preflight-source';
import { type Command, printLine, type Terminal, UsageError } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { encodePng } from '../probe/png.ts';
import { probeSummary } from '../probe/summary.ts';

export const probeCommand: Command = {
  help: `Usage: gaitway probe VIDEO [options]

Looks at a video in a moment, before any work is done on it, and says whether it fits: fits, fits with warnings, or does not fit, and
why: nobody in it, cuts, several people, legs out of the picture, a small, blurred or dark person, a moving camera, too short, too long.

  --still FILE   writes the picture that shows the verdict, people framed, as PNG
  --json         print the verdict, the findings and what was measured as JSON

Exit codes: 0 fits, also with warnings · 2 wrong usage · 3 the video cannot be read or does not fit · 4 nobody was found in it.

Example: gaitway probe clip.mp4 --still clip.png`,
  run,
};

async function run(args: readonly string[], { stdout, environment, signal }: Terminal): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { still: { type: 'string' }, json: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const [path, ...surplus] = positionals;
  if (path === undefined || surplus.length > 0) throw new UsageError('Name one video: gaitway probe VIDEO.');
  const report = await preflightSource(path, { ...environment, signal });
  if (values.still !== undefined) await writeStill(values.still, report);
  const { still: _, ...facts } = report;
  printLine(stdout, values.json ? JSON.stringify(facts, null, 2) : probeSummary(report));
  return exitCodeOf(report);
}

const exitCodeOf = ({ verdict, findings }: PreflightReport): number => {
  if (verdict !== 'does_not_fit') return EXIT.done;
  return findings.some(({ code }) => code === 'no_person') ? EXIT.noPerson : EXIT.sourceUnreadable;
};

async function writeStill(file: string, { still }: PreflightReport): Promise<void> {
  await writeFile(file, encodePng(still.widthPx, still.heightPx, still.rgb)).catch((cause: unknown) => {
    throw new GaitwayError('output_unwritable', { message: `${file} cannot be written.`, cause });
  });
}
