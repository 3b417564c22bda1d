import { GaitwayError } from '@gaitway/motion/errors';

export type ResultType = 'fbx' | 'robot_motion_json';

export interface TargetEntry {
  readonly id: string;
  readonly name: string;
  readonly resultType: ResultType;
  readonly version: number | null;
  readonly limitations: string | null;
  readonly fallback: string | null;
}

const BUILT_IN: readonly TargetEntry[] = [
  { id: 'default', name: 'Standard humanoid skeleton', resultType: 'fbx', version: null, limitations: null, fallback: null },
  {
    id: 'unitree_g1',
    name: 'Unitree G1 reference motion',
    resultType: 'robot_motion_json',
    version: null,
    limitations: 'Reviewable target data for simulation or controller validation, not hardware commands.',
    fallback: null,
  },
];

export const listTargets = (): readonly TargetEntry[] => BUILT_IN;

/** Throws `api_target_unsupported` for what does not exist or is not this account's. */
export function requireTarget(id: string): TargetEntry {
  const found = BUILT_IN.find((target) => target.id === id);
  if (found === undefined) throw new GaitwayError('api_target_unsupported', { facts: { targetId: id } });
  return found;
}
