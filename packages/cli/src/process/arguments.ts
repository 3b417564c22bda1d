import { parseArgs } from 'node:util';
import type { ProcessVideoOptions } from '@gaitway/pipeline/process-video';
import { numberOf, UsageError } from '../command.ts';
import { G1_OPTIONS, g1OptionsOf } from '../g1-options.ts';

/** What `gaitway process` was asked, checked for form; the pipeline checks the meaning. */
export interface ProcessArguments {
  readonly request: Omit<ProcessVideoOptions, 'cacheDir' | 'ffmpegPath' | 'ffprobePath'>;
  readonly json: boolean;
}

const OPTIONS = {
  out: { type: 'string' },
  targets: { type: 'string', default: 'default' },
  fps: { type: 'string', default: '30' },
  trim: { type: 'string' },
  quality: { type: 'string', default: 'balanced' },
  'mocap-type': { type: 'string', default: 'full_body' },
  subject: { type: 'string' },
  'max-duration': { type: 'string' },
  height: { type: 'string' },
  fov: { type: 'string' },
  smoothing: { type: 'string' },
  'foot-lock': { type: 'string' },
  proportions: { type: 'string' },
  'rest-pose': { type: 'string' },
  'root-motion': { type: 'string' },
  skeleton: { type: 'string' },
  formats: { type: 'string' },
  ...G1_OPTIONS,
  jobs: { type: 'string' },
  'no-preview': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const;

/** Options of the command line that belong to the default target, and what the target calls them. */
const DEFAULT_TARGET_OPTIONS = {
  proportions: 'proportions',
  'rest-pose': 'restPose',
  'root-motion': 'rootMotion',
  skeleton: 'skeleton',
} as const;

const QUALITIES = ['fast', 'balanced', 'accurate'] as const;
const MOCAP_TYPES = ['full_body', 'upper_body'] as const;
const FOOT_LOCKS = ['auto', 'off', 'strong'] as const;

type Values = ReturnType<typeof parse>['values'];
/** The options that say what the targets make. */
type TargetValues = Partial<Pick<Values, keyof typeof DEFAULT_TARGET_OPTIONS | keyof typeof G1_OPTIONS | 'formats'>> &
  Pick<Values, 'targets'>;

/** The command line as it was written. */
export const parse = (args: readonly string[]) => parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true, strict: true });

export function parseProcessArguments(args: readonly string[]): ProcessArguments {
  const { values, positionals } = parse(args);
  const [sourcePath, ...surplus] = positionals;
  if (sourcePath === undefined) throw new UsageError('Name a video: gaitway process VIDEO --out DIR.');
  if (surplus.length > 0) throw new UsageError(`One video at a time; "${surplus[0]}" is a second one.`);
  if (!values.out) throw new UsageError('Name a folder for the result: --out DIR.');
  return { request: { sourcePath, outDir: values.out, ...requestOf(values) }, json: values.json };
}

function requestOf(values: Values): Omit<ProcessArguments['request'], 'sourcePath' | 'outDir'> {
  return {
    targets: targetsOf(values),
    exportFps: numberOf('fps', values.fps),
    quality: oneOf('quality', values.quality, QUALITIES),
    mocapType: oneOf('mocap-type', values['mocap-type'], MOCAP_TYPES),
    preview: !values['no-preview'],
    ...trimOf(values.trim),
    ...(values.subject !== undefined && { subject: subjectOf(values.subject) }),
    ...(values['max-duration'] !== undefined && { maxDurationSec: numberOf('max-duration', values['max-duration']) }),
    ...(values.height !== undefined && { subjectHeightM: numberOf('height', values.height) }),
    ...(values.fov !== undefined && { cameraFovDeg: numberOf('fov', values.fov) }),
    ...(values.smoothing !== undefined && { smoothing: numberOf('smoothing', values.smoothing) }),
    ...(values['foot-lock'] !== undefined && { footLock: oneOf('foot-lock', values['foot-lock'], FOOT_LOCKS) }),
  };
}

const listOf = (text: string): string[] => [...new Set(text.split(',').map((part) => part.trim()))].filter((part) => part !== '');

/** The targets that were asked for, with their options. */
export function targetsOf(values: TargetValues): ProcessArguments['request']['targets'] {
  const options: Record<string, unknown> = {};
  for (const [name, key] of Object.entries(DEFAULT_TARGET_OPTIONS)) {
    const value = values[name as keyof typeof DEFAULT_TARGET_OPTIONS];
    if (value !== undefined) options[key] = value;
  }
  if (values.formats !== undefined) options.formats = listOf(values.formats);
  const optionsOf: Readonly<Record<string, Record<string, unknown>>> = { default: options, unitree_g1: g1OptionsOf(values) };
  return listOf(values.targets).map((id) => ({ id, ...(optionsOf[id] && { options: optionsOf[id] }) }));
}

function oneOf<T extends string>(option: string, text: string, allowed: readonly T[]): T {
  const found = allowed.find((value) => value === text);
  if (found === undefined) throw new UsageError(`--${option} is one of ${allowed.join(', ')}, not "${text}".`);
  return found;
}

/** `640,360@2.5`: pixels from the top left of the picture, at a time of the video in seconds; `1`: a number of the manifest's people. */
function subjectOf(text: string): ProcessVideoOptions['subject'] {
  if (/^\d{1,6}$/.test(text)) return { index: Number(text) };
  const match = /^([^,@]+),([^,@]+)@([^,@]+)$/.exec(text);
  if (!match) throw new UsageError(`--subject takes a person's number or X,Y@T (pixels and seconds), such as 640,360@2.5, not "${text}".`);
  const [xPx, yPx, timeSec] = match.slice(1).map((part) => numberOf('subject', part));
  return { xPx, yPx, timeSec };
}

/** `1.2:13.8`, `1.2:` or `:13.8`, in seconds. */
function trimOf(text: string | undefined): { trimStartSec?: number; trimEndSec?: number } {
  if (text === undefined) return {};
  const parts = text.split(':');
  if (parts.length !== 2) throw new UsageError(`--trim takes START:END in seconds, such as 1.2:13.8, not "${text}".`);
  const [start = '', end = ''] = parts;
  return {
    ...(start !== '' && { trimStartSec: numberOf('trim', start) }),
    ...(end !== '' && { trimEndSec: numberOf('trim', end) }),
  };
}
