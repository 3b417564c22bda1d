import type { Clip } from '@gaitway/motion/clip';
import { GaitwayError } from '@gaitway/motion/errors';
import { defaultTarget } from '@gaitway/targets/default/default-target';
import type { Delivery, Target, TargetContext } from '@gaitway/targets/target';
import { unitreeG1Target } from '@gaitway/targets/unitree-g1/g1-target';

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
  deliver(clip: Clip, context: TargetContext): Promise<Delivery>;
}

type Preparing = (raw: unknown) => PreparedTarget;

const preparing =
  <Options>(target: Target<Options>): Preparing =>
  (raw) => {
    const options = target.parseOptions(raw);
    return { id: target.id, resultType: target.resultType, deliver: (clip, context) => target.deliver(clip, options, context) };
  };

/** Every target there is, by id. A new one is one line here. */
const TARGETS: ReadonlyMap<string, Preparing> = new Map([
  [defaultTarget.id, preparing(defaultTarget)],
  [unitreeG1Target.id, preparing(unitreeG1Target)],
]);

export const targetIds = (): string[] => [...TARGETS.keys()];

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
    return prepare({ ...shared, ...options });
  });
}
