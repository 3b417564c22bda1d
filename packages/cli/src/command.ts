import type { Environment } from './environment.ts';

/** Where a command writes and what it may know of the outside; given in, so that tests can look. */
export interface Terminal {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
  readonly environment: Environment;
  /** Aborted by the first Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal;
}

/** One command of `gaitway`: one file, one entry in `commands/table.ts`. */
export interface Command {
  /** What `gaitway NAME --help` prints: usage, options, examples. */
  readonly help: string;
  /** Resolves to the exit code. Throws `UsageError` or `GaitwayError`; `main` turns them into a sentence and a code. */
  run(args: readonly string[], terminal: Terminal): Promise<number>;
}

/** The command line itself is wrong: exit code 2. The message is one sentence. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The number that an option was given. */
export function numberOf(option: string, text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(value)) throw new UsageError(`--${option} takes a number, not "${text}".`);
  return value;
}

export const printLine = (stream: NodeJS.WritableStream, line = ''): void => {
  stream.write(`${line}\n`);
};
