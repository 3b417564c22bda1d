import type { Clip } from '@gaitway/motion/clip';
import { GaitwayError } from '@gaitway/motion/errors';
import { parseDefaultOptions } from '@gaitway/targets/default/options';
import type { Delivery, Target, TargetContext } from '@gaitway/targets/target';
import { parseG1Options } from '@gaitway/targets/unitree-g1/options';

/** What a caller asks of one target. */
export interface TargetRequest {
  readonly id: string;
  /** Untrusted; the target reads and checks them. */
  readonly options?: Readonly<Record<string, unknown>>;
}

/** A target with its options checked, ready to deliver. */
export interface PreparedTarget {
  readonly id: string;
  readonly resultType: Delivery['resultType'];
  /** Loads the target's code, so that `deliver` need not: for a time when there is nothing else to do. */
  load(): Promise<unknown>;
  deliver(clip: Clip, context: TargetContext): Promise<Delivery>;
}

/** A target whose options are read without its code, which most runs of another target never need. */
interface KnownTarget<Options> extends Pick<Target<Options>, 'resultType' | 'parseOptions'> {
  load(): Promise<Target<Options>>;
}

type Preparing = (id: string, raw: unknown) => PreparedTarget;

const preparing =
  <Options>({ resultType, parseOptions, load }: KnownTarget<Options>): Preparing =>
  (id, raw) => {
    const options = parseOptions(raw);
    return { id, resultType, load, deliver: async (clip, context) => (await load()).deliver(clip, options, context) };
  };

/** Every target there is, by id. A new one is an entry here. */
const TARGETS: ReadonlyMap<string, Preparing> = new Map([
  [
    'default',
    preparing({
      resultType: 'fbx',
      parseOptions: parseDefaultOptions,
      load: async () => (await import('@gaitway/targets/default/default-target')).defaultTarget,
    }),
  ],
  [
    'unitree_g1',
    preparing({
      resultType: 'robot_motion_json',
      parseOptions: parseG1Options,
      load: async () => (await import('@gaitway/targets/unitree-g1/g1-target')).unitreeG1Target,
    }),
  ],
]);

export const targetIds = (): string[] => [...TARGETS.keys()];

/**
 * Checks the options of one target as the target will when it is made: for a caller that takes orders long before that. Throws
 * `option_invalid` with a sentence. Options of a target that is not known here are left to those who know it.
 */
export function checkTargetOptions(id: string, raw: unknown): void {
  TARGETS.get(id)?.(id, raw);
}

/**
 * Checks every request before any work begins: an unknown id throws `api_target_unsupported`, a bad option `option_invalid`.
 * `shared` are options that each target gets unless its own request says otherwise (the job's frame rate).
 */
export function prepareTargets(requests: readonly TargetRequest[], shared: Readonly<Record<string, unknown>>): PreparedTarget[] {
  if (requests.length === 0) throw new GaitwayError('api_target_ids_required');
  return requests.map(({ id, options }) => {
    const prepare = TARGETS.get(id);
    if (!prepare) {
      const message = `There is no target "${id}"; the targets are ${targetIds().join(', ')}.`;
      throw new GaitwayError('api_target_unsupported', { message, facts: { targetId: id } });
    }
    return prepare(id, { ...shared, ...options });
  });
}
