import path from 'node:path';
import { parseArgs } from 'node:util';
import type { CreateJobRequest } from '@gaitway/client/wire-types';
import { UsageError } from '../command.ts';

export const SUBMIT_HELP = `Usage: gaitway submit VIDEO --out DIR [--server URL] [--key KEY] [options]

Sends a video to a Gaitway server, waits, and downloads the result into DIR, each file verified by its sha256. Killed at any moment,
the same command goes on where it was: no job is made, uploaded or charged twice (DIR.submit.json remembers).

Options:
  --out DIR                 where the files go; made if missing
  --server URL              default: GAITWAY_SERVER, or http://127.0.0.1:8080
  --key KEY                 sk-…; better given as GAITWAY_API_KEY, which other users of the machine cannot see
  --targets LIST            default, unitree_g1, avatar:ID, with commas        (default)
  --title TEXT              what the job is called                             (the file name)
  --fps N                   24, 30, 60 or 120                                  (30)
  --trim START:END          the part to use, in seconds; either may be empty
  --quality LEVEL           fast, balanced or accurate
  --mocap-type TYPE         full_body or upper_body                            (full_body)
  --height METRES           body height of the person, if known
  --json                    print the result instead of a summary

Exit codes: 0 done · 2 wrong usage · 3 the source cannot be read · 4 nobody was found in it · 5 a target failed · 1 anything else.`;

const OPTIONS = {
  out: { type: 'string' },
  server: { type: 'string' },
  key: { type: 'string' },
  targets: { type: 'string', default: 'default' },
  title: { type: 'string' },
  fps: { type: 'string' },
  trim: { type: 'string' },
  quality: { type: 'string' },
  'mocap-type': { type: 'string' },
  height: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

export interface SubmitArguments {
  readonly videoPath: string;
  readonly outDir: string;
  readonly server: string;
  readonly key: string;
  readonly json: boolean;
  /** All but what the file itself says. */
  readonly request: CreateJobRequest;
}

type Variables = Readonly<Record<string, string | undefined>>;
type Values = ReturnType<typeof parse>['values'];

const DEFAULT_SERVER = 'http://127.0.0.1:8080';
const parse = (args: readonly string[]) => parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true, strict: true });

export function parseSubmitArguments(args: readonly string[], variables: Variables): SubmitArguments {
  const { values, positionals } = parse(args);
  const [videoPath, ...surplus] = positionals;
  if (videoPath === undefined) throw new UsageError('Name a video: gaitway submit VIDEO --out DIR.');
  if (surplus.length > 0) throw new UsageError(`One video at a time; "${surplus[0]}" is a second one.`);
  if (!values.out) throw new UsageError('Name a folder for the result: --out DIR.');
  const key = values.key ?? variables.GAITWAY_API_KEY;
  if (!key) throw new UsageError('Give a key: --key sk-…, or the variable GAITWAY_API_KEY.');
  return {
    videoPath: path.resolve(videoPath),
    outDir: path.resolve(values.out),
    server: serverOf(values.server ?? variables.GAITWAY_SERVER ?? DEFAULT_SERVER),
    key,
    json: values.json,
    request: requestOf(path.basename(videoPath), values),
  };
}

function serverOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) throw new UsageError(`--server takes an http(s) address, not "${text}".`);
  return url.origin;
}

function numberOf(option: string, text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(value)) throw new UsageError(`--${option} takes a number, not "${text}".`);
  return value;
}

/** `1.2:13.8`, `1.2:` or `:13.8`. */
function trimOf(text: string): { trimStartSec?: number; trimEndSec?: number } {
  const [start, end, ...surplus] = text.split(':');
  if (end === undefined || surplus.length > 0) throw new UsageError(`--trim takes START:END in seconds, such as 1.2:13.8, not "${text}".`);
  return { ...(start && { trimStartSec: numberOf('trim', start) }), ...(end && { trimEndSec: numberOf('trim', end) }) };
}

/** Values are sent as given: the server knows best what it allows, and says so. */
function requestOf(sourceFilename: string, values: Values): CreateJobRequest {
  return {
    sourceFilename,
    targetIds: values.targets
      .split(',')
      .map((id) => id.trim())
      .filter((id) => id !== ''),
    ...(values.title && { title: values.title }),
    ...(values.fps && { exportFps: numberOf('fps', values.fps) as CreateJobRequest['exportFps'] }),
    ...(values.quality && { quality: values.quality as CreateJobRequest['quality'] }),
    ...(values['mocap-type'] && { mocapType: values['mocap-type'] as CreateJobRequest['mocapType'] }),
    ...(values.height && { subjectHeightM: numberOf('height', values.height) }),
    ...(values.trim && trimOf(values.trim)),
  };
}
