import { type Command, printLine, type Terminal, UsageError } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { ACTIONS, findAction } from './admin/actions.ts';
import { openAdmin } from './admin/open-admin.ts';
import { printOutcome } from './admin/print-outcome.ts';
import { openDatabase, readServiceConfig } from './service-config.ts';

const list = (): string => {
  const width = Math.max(...ACTIONS.map(({ usage }) => usage.length));
  return ACTIONS.map(({ usage, summary }) => `  ${usage.padEnd(width)}  ${summary}`).join('\n');
};

const HELP = `Usage: gaitway admin ACTION [options] [--json]

Administers an installation from its own machine: of GAITWAY_DATA_DIR (./data), beside a running server or without one, or of DATABASE_URL.

Actions:
${list()}

--json prints rows as JSON. Example: gaitway admin accounts create "Studio A" --plan starter`;

const isJson = (arg: string): boolean => arg === '--json';

async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const found = findAction(args.filter((arg) => !isJson(arg)));
  if (found === null) throw new UsageError('Name an action; gaitway help admin lists them.');
  const config = await readServiceConfig({});
  const database = await openDatabase(config, { share: true });
  try {
    const admin = await openAdmin(config, database.connectionString);
    try {
      const outcome = await found.action.run(admin.context, found.rest);
      printOutcome(terminal.stdout, outcome, args.some(isJson));
      if (outcome.code === EXIT.ourFault) printLine(terminal.stderr, 'gaitway: this needs a person; see docs/operations.md.');
      return outcome.code ?? EXIT.done;
    } finally {
      await admin.close();
    }
  } finally {
    await database.stop();
  }
}

export const adminCommand: Command = { help: HELP, run };
