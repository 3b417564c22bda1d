import { type Command, printLine, UsageError } from '../command.ts';
import { COMMANDS } from './table.ts';

const overview = (): string => {
  const width = Math.max(...[...COMMANDS.keys()].map((name) => name.length));
  const lines = [...COMMANDS].map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`);
  return [
    'gaitway: video of a person in, animation out.',
    '',
    'Usage: gaitway COMMAND [options]',
    '',
    'Commands:',
    ...lines,
    '',
    'gaitway help COMMAND (or COMMAND --help) shows the options of a command; gaitway --version the version.',
  ].join('\n');
};

export const helpCommand: Command = {
  help: 'Usage: gaitway help [COMMAND]',

  async run([name], { stdout }) {
    if (name === undefined) {
      printLine(stdout, overview());
      return 0;
    }
    const entry = COMMANDS.get(name);
    if (!entry) throw new UsageError(`There is no command "${name}".`);
    printLine(stdout, (await entry.load()).help);
    return 0;
  },
};
