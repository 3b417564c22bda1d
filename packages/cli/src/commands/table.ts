import type { Command } from '../command.ts';

export interface CommandEntry {
  /** One line for `gaitway help`. */
  readonly summary: string;
  /** Loaded when called, so that no command pays for another's dependencies. */
  load(): Promise<Command>;
}

/** Every command, in the order in which `gaitway help` lists them. A new one is a file and an entry here. */
export const COMMANDS: ReadonlyMap<string, CommandEntry> = new Map<string, CommandEntry>([
  ['process', { summary: 'turn a video into animation files', load: async () => (await import('./process.ts')).processCommand }],
  [
    'doctor',
    { summary: 'check this machine: Node, ffmpeg, models, runtime', load: async () => (await import('./doctor.ts')).doctorCommand },
  ],
  ['help', { summary: 'show this list, or the help of a command', load: async () => (await import('./help.ts')).helpCommand }],
]);
