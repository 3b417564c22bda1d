import { parseArgs } from 'node:util';
import { processClip } from '@gaitway/pipeline/process-clip';
import { type Command, numberOf, printLine, type Terminal, UsageError } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { G1_HELP, G1_OPTIONS } from '../g1-options.ts';
import { targetsOf } from '../process/arguments.ts';
import { summaryOf } from '../process/summary.ts';

const OPTIONS = {
  out: { type: 'string' },
  targets: { type: 'string', default: 'default' },
  fps: { type: 'string', default: '30' },
  formats: { type: 'string' },
  skeleton: { type: 'string' },
  proportions: { type: 'string' },
  'rest-pose': { type: 'string' },
  'root-motion': { type: 'string' },
  ...G1_OPTIONS,
  json: { type: 'boolean', default: false },
} as const;

export const exportCommand: Command = {
  help: `Usage: gaitway export MOTION.clip --out DIR [options]

Makes the files of a motion.clip again, in other formats, at another rate or for another target, in a moment: the video is neither
needed nor watched again.

  --out DIR            where the files go; made if missing
  --targets LIST       default, unitree_g1, or both with a comma              (default)
  --fps N              24, 30, 60 or 120                                      (30)
  --formats LIST       fbx, glb, bvh; FBX is always made                      (fbx)
  --skeleton KIND      ue5 or mixamo                                          (ue5)
  --proportions KIND   standard (one rig for all clips) or person             (standard)
  --rest-pose POSE     a or t                                                 (a)
  --root-motion KIND   pelvis, root or in-place                               (pelvis)
  --json               print the manifest instead of a summary

${G1_HELP}

Exit codes: 0 done · 2 wrong usage · 3 not a clip that can be read · 5 a target failed · 1 our fault.

Example: gaitway export out/walk/motion.clip --out out/walk-60 --fps 60 --formats fbx,glb`,
  run,
};

async function run(args: readonly string[], { stdout, signal }: Terminal): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  const [clipPath, ...surplus] = positionals;
  if (clipPath === undefined || surplus.length > 0) throw new UsageError('Name one clip: gaitway export MOTION.clip --out DIR.');
  if (!values.out) throw new UsageError('Name a folder for the result: --out DIR.');
  const exportFps = numberOf('fps', values.fps);
  const result = await processClip({ clipPath, outDir: values.out, targets: targetsOf(values), exportFps, preview: false }, { signal });
  printLine(stdout, values.json ? JSON.stringify(result.manifest, null, 2) : summaryOf(result));
  return result.failedTargets.length > 0 ? EXIT.targetFailed : EXIT.done;
}
