import { type ChildProcess, type ChildProcessByStdio, type SpawnOptions, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { availableParallelism, constants } from 'node:os';
import type { Readable } from 'node:stream';
import { LineSplitter } from './line-splitter.ts';

/** What a program may use at most; enforced by the operating system, not by us. */
export interface ToolLimits {
  readonly memoryBytes: number;
  /** Processor time. Whoever uses it up is ended with SIGXCPU. */
  readonly cpuSec: number;
}

export type ToolChild = ChildProcessByStdio<null, Readable, Readable>;
/** One whose standard output goes elsewhere. */
export type SilentToolChild = ChildProcessByStdio<null, null, Readable>;

const DEFAULT_LIMITS: ToolLimits = { memoryBytes: 2 * 2 ** 30, cpuSec: 600 };

/** The child sees only these of our environment: neither secrets nor switches such as FFREPORT reach a parser of hostile files. */
const PASSED_ON = ['PATH', 'LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR'];

/**
 * The shell sets the limits and replaces itself by the program. Nothing is interpolated: everything arrives as a positional
 * parameter. -f 0: it can write no file; -c 0: nor leave a core. A limit that this system does not know is passed over. The hard limit
 * of processor time lies above the soft one: at the latter the system says why it ends the program, at the former it does not.
 */
const LIMITING_SHELL =
  '{ ulimit -c 0; ulimit -f 0; ulimit -H -t "$(($1 + 5))"; ulimit -S -t "$1"; ulimit -v "$2"; } 2>/dev/null; shift 2; exec "$@"';

const childEnvironment = (): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(PASSED_ON.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]))),
  // One heap per thread would reserve 64 MiB of address space each and meet the limit on machines with many cores.
  MALLOC_ARENA_MAX: '2',
  // The bundled ffprobe is linked statically and crashes when it loads a character set of this system (MPEG-TS names its service).
  GCONV_PATH: '/dev/null',
});

/** Starts a program in a process group of its own, without standard input. */
export const startTool = (command: string, args: readonly string[], limits: ToolLimits = DEFAULT_LIMITS): ToolChild =>
  start(command, args, limits, 'pipe') as ToolChild;

/** The same with standard output going into a socket, which this process should destroy then. */
export const startToolInto = (output: Socket, command: string, args: readonly string[], limits: ToolLimits): SilentToolChild =>
  start(command, args, limits, output) as SilentToolChild;

const start = (command: string, args: readonly string[], limits: ToolLimits, output: 'pipe' | Socket): ChildProcess => {
  const options: SpawnOptions = { stdio: ['ignore', output, 'pipe'], env: childEnvironment(), windowsHide: true };
  if (process.platform === 'win32') return spawn(command, [...args], options);
  const shellArgs = ['-c', LIMITING_SHELL, 'sh', String(Math.ceil(limits.cpuSec)), String(Math.ceil(limits.memoryBytes / 1024))];
  return spawn('/bin/sh', [...shellArgs, command, ...args], { ...options, detached: true });
};

/** Ends a program and whatever it started, at once. */
export const killTool = (child: ToolChild | SilentToolChild): void => {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
};

export interface RunOptions {
  /** The longest time that is waited for. It tells a program that hangs, not one that has much to do on a busy machine: see `cpuSec`. */
  readonly timeoutMs: number;
  /** The most processor time, seconds. Default: as much as all cores together can give in `timeoutMs`. */
  readonly cpuSec?: number;
  readonly signal?: AbortSignal;
  readonly memoryBytes?: number;
  /** Called with each line of standard output; return false to stop the program. */
  readonly onLine?: (line: string) => unknown;
}

export type RunResult =
  | { readonly kind: 'exited'; readonly code: number; readonly errorText: string }
  | { readonly kind: 'crashed'; readonly signal: string; readonly errorText: string }
  | { readonly kind: 'missing' | 'timeout' | 'aborted' | 'stopped' };

const ERROR_TEXT_LIMIT = 4000;

/** Runs a program to its end, handing its output over line by line; never rejects for what the program does. */
export const runTool = (command: string, args: readonly string[], options: RunOptions): Promise<RunResult> =>
  new Promise((resolve) => {
    if (options.signal?.aborted) return resolve({ kind: 'aborted' });
    const cpuSec = options.cpuSec ?? (options.timeoutMs / 1000) * availableParallelism();
    const child = startTool(command, args, { memoryBytes: options.memoryBytes ?? DEFAULT_LIMITS.memoryBytes, cpuSec });
    let early: RunResult | null = null;
    let errorText = '';
    const stop = (kind: 'timeout' | 'aborted' | 'stopped' | 'missing'): void => {
      early ??= { kind };
      killTool(child);
    };
    const onAbort = (): void => stop('aborted');
    const timer = setTimeout(() => stop('timeout'), options.timeoutMs);
    options.signal?.addEventListener('abort', onAbort, { once: true });
    const lines = new LineSplitter((line) => {
      if (early === null && options.onLine?.(line) === false) stop('stopped');
    });
    child.stdout.on('data', (chunk: Buffer) => lines.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => {
      if (errorText.length < ERROR_TEXT_LIMIT) errorText += chunk.toString('utf8').slice(0, ERROR_TEXT_LIMIT);
    });
    child.on('error', () => finish({ kind: 'missing' }));
    child.on('close', (code, signal) => {
      lines.end();
      finish(early ?? exitOf(code, signal, errorText));
    });
    const finish = (result: RunResult): void => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', onAbort);
      resolve(result);
    };
  });

/** How the system ends a program that has used up its processor time; as an exit code where a shell passes it on. */
export const OUT_OF_TIME = 'SIGXCPU';
const OUT_OF_TIME_CODE = 128 + constants.signals.SIGXCPU;

/** 126 and 127 are how the limiting shell says that it could not start the program. */
const exitOf = (code: number | null, signal: string | null, errorText: string): RunResult => {
  if (code === 126 || code === 127) return { kind: 'missing' };
  if (signal === OUT_OF_TIME || code === OUT_OF_TIME_CODE) return { kind: 'timeout' };
  if (code === null) return { kind: 'crashed', signal: signal ?? 'unknown', errorText };
  return code > 128 ? { kind: 'crashed', signal: String(code - 128), errorText } : { kind: 'exited', code, errorText };
};
