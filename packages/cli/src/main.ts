import { createRequire } from 'node:module';
import { isGaitwayError } from '@gaitway/motion/errors';
import { printLine, type Terminal, UsageError } from './command.ts';
import { COMMANDS } from './commands/table.ts';
import { readEnvironment } from './environment.ts';
import { EXIT, exitCodeOf } from './exit-codes.ts';

const version = (): string => createRequire(import.meta.url)('../package.json').version;

const isUsage = (error: unknown): error is Error =>
  error instanceof UsageError || (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'));

async function dispatch([name = 'help', ...rest]: readonly string[], terminal: Terminal): Promise<number> {
  if (name === '--version' || name === '-v') {
    printLine(terminal.stdout, version());
    return EXIT.done;
  }
  const wantsHelp = name === '--help' || name === '-h';
  const entry = COMMANDS.get(wantsHelp ? 'help' : name);
  if (!entry) throw new UsageError(`There is no command "${name}"; gaitway help lists them.`);
  const command = await entry.load();
  const optionsEnd = rest.indexOf('--');
  const options = optionsEnd < 0 ? rest : rest.slice(0, optionsEnd);
  if (options.includes('--help') || options.includes('-h')) {
    printLine(terminal.stdout, command.help);
    return EXIT.done;
  }
  return command.run(rest, terminal);
}

/** One sentence on the error stream, never a stack trace unless GAITWAY_DEBUG asks for it; returns the exit code. */
function reportFailure(error: unknown, { stderr, environment }: Terminal): number {
  if (environment.debug) console.error(error);
  if (isUsage(error)) {
    printLine(stderr, `gaitway: ${error.message}`);
    return EXIT.usage;
  }
  if (isGaitwayError(error)) {
    printLine(stderr, `gaitway: ${error.message} (${error.code})`);
    return exitCodeOf(error.code);
  }
  printLine(stderr, 'gaitway: Something failed that should not have; run it again with GAITWAY_DEBUG=1 to see what, and report it.');
  return EXIT.ourFault;
}

/** Aborts on the first interrupt so that the command can clean up; a second one ends the process at once. */
function abortOnInterrupt(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => (controller.signal.aborted ? process.exit(EXIT.interrupted) : controller.abort()));
  }
  return controller.signal;
}

const terminal: Terminal = {
  stdout: process.stdout,
  stderr: process.stderr,
  environment: readEnvironment(process.env),
  signal: abortOnInterrupt(),
};
process.exitCode = await dispatch(process.argv.slice(2), terminal).catch((error: unknown) => reportFailure(error, terminal));
