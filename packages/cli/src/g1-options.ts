import { numberOf } from './command.ts';

/** Options of the command line that belong to the target unitree_g1, for every command that makes it. */
export const G1_OPTIONS = {
  'g1-fps': { type: 'string' },
  'start-end-blend': { type: 'string' },
  'hand-mode': { type: 'string' },
  'max-joint-velocity': { type: 'string' },
  'foot-contact-threshold': { type: 'string' },
} as const;

export type G1Values = Readonly<Partial<Record<keyof typeof G1_OPTIONS, string | undefined>>>;

export const G1_HELP = `Options of the target unitree_g1:
  --g1-fps N                24, 30, 50, 60 or 120 frames a second in its files (as --fps)
  --start-end-blend S       seconds of transition from and to a stance, added at both ends (0)
  --hand-mode MODE          follow or neutral wrists                           (follow)
  --max-joint-velocity N    rad/s that no joint should exceed                  (15)
  --foot-contact-threshold  m/s below which a foot is planted                  (as captured)`;

/** What the target calls them; the target checks the meaning. */
const NUMBERS = {
  'g1-fps': 'fps',
  'start-end-blend': 'startEndBlendSec',
  'max-joint-velocity': 'maxJointVelocityRadS',
  'foot-contact-threshold': 'footContactThreshold',
} as const;

/** Those options that were given, as the target takes them. */
export function g1OptionsOf(values: G1Values): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [name, key] of Object.entries(NUMBERS)) {
    const text = values[name as keyof typeof NUMBERS];
    if (text !== undefined) out[key] = numberOf(name, text);
  }
  if (values['hand-mode'] !== undefined) out.handMode = values['hand-mode'];
  return out;
}
