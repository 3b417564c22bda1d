import { parseDefaultOptions } from '@gaitway/targets/default/options';
import { parseG1Options } from '@gaitway/targets/unitree-g1/options';

/** Each target's own reader of its options, by the target's id; without the targets themselves, which are large. */
const READERS: ReadonlyMap<string, (raw: unknown) => unknown> = new Map<string, (raw: unknown) => unknown>([
  ['default', parseDefaultOptions],
  ['unitree_g1', parseG1Options],
]);

/**
 * Checks the options of one target exactly as the target will when it is made: a job that cannot succeed is refused before it is paid
 * for. Throws `option_invalid` with a sentence. Options of a target that is not known here are left to those who know it.
 */
export function checkTargetOptions(id: string, raw: unknown): void {
  READERS.get(id)?.(raw);
}
