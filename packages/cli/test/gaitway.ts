import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
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

/** Makes a media file with the bundled ffmpeg, which is on every machine. */
export const makeMedia = (args: readonly string[]): void => {
  execFileSync(ffmpegPath, ['-v', 'error', '-nostdin', '-y', ...args]);
};
