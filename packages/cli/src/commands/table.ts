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
  ['probe', { summary: 'say in a moment whether a video fits, and why not', load: async () => (await import('./probe.ts')).probeCommand }],
  ['export', { summary: 'make the files of a motion.clip again', load: async () => (await import('./export.ts')).exportCommand }],
  [
    'retarget',
    { summary: 'turn existing motion (BVH) into the same files', load: async () => (await import('./retarget.ts')).retargetCommand },
  ],
  ['inspect', { summary: "report on robot motion, ours or anybody's", load: async () => (await import('./inspect.ts')).inspectCommand }],
  [
    'doctor',
    { summary: 'check this machine: Node, ffmpeg, models, runtime', load: async () => (await import('./doctor.ts')).doctorCommand },
  ],
  [
    'serve',
    { summary: 'run the job API, its database and a worker', load: async () => (await import('../service/serve.ts')).serveCommand },
  ],
  ['worker', { summary: 'run jobs of a server', load: async () => (await import('../service/worker.ts')).workerCommand }],
  ['admin', { summary: 'accounts, keys, credits, jobs, audit', load: async () => (await import('../service/admin.ts')).adminCommand }],
  [
    'submit',
    { summary: 'send a video to a server and download the result', load: async () => (await import('../service/submit.ts')).submitCommand },
  ],
  ['help', { summary: 'show this list, or the help of a command', load: async () => (await import('./help.ts')).helpCommand }],
]);
