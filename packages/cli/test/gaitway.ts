import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const ffmpegPath: string = require('@ffmpeg-installer/ffmpeg').path;

/** The command as it is installed: the build, not the sources. */
export const BIN = fileURLToPath(new URL('../bin/gaitway.mjs', import.meta.url));
export const SAMPLE = fileURLToPath(new URL('../../../samples/walk_front.mp4', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

export function startGaitway(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Started {
  const child = spawn(process.execPath, [BIN, ...args], { env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<Ended>((resolve, reject) => {
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
  return { child, ended };
}

export const gaitway = (args: readonly string[], environment?: Readonly<Record<string, string>>): Promise<Ended> =>
  startGaitway(args, environment).ended;

/**
 * An ffmpeg that reads as ever and never gets to the end of a film it writes: a run with a preview lasts until somebody ends it, however
 * long this machine takes to look. Given to the command as GAITWAY_FFMPEG.
 */
export function endlessFfmpeg(folder: string): Readonly<Record<string, string>> {
  const program = path.join(folder, 'endless-ffmpeg');
  const untilParentEnds = 'while kill -0 $PPID 2>/dev/null; do sleep 0.1; done';
  writeFileSync(program, `#!/bin/sh\ncase "$*" in *libx264*) ${untilParentEnds} ;; *) exec "${ffmpegPath}" "$@" ;; esac\n`, {
    mode: 0o755,
  });
  return { GAITWAY_FFMPEG: program };
}

/** Makes a media file with the bundled ffmpeg, which is on every machine. */
export const makeMedia = (args: readonly string[]): void => {
  execFileSync(ffmpegPath, ['-v', 'error', '-nostdin', '-y', ...args]);
};
