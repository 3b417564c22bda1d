import { checkTargetOptions, prepareTargets, targetIds } from '@gaitway/pipeline/target-registry';
import { describe, expect, it } from 'vitest';

const WRONG = [
  { id: 'default', options: { rootMotion: 'sideways' } },
  { id: 'default', options: { skeleton: 'mixamo', rootMotion: 'root' } },
  { id: 'default', options: { formats: [] } },
  { id: 'unitree_g1', options: { startEndBlendSec: 5.1 } },
  { id: 'unitree_g1', options: { maxJointVelocityRadS: 41 } },
  { id: 'unitree_g1', options: { handMode: 'wave' } },
];

describe('options of targets', () => {
  it.each(WRONG)('$id refuses $options in the same words before and while it is made', ({ id, options }) => {
    const refusal = (check: () => unknown): unknown => {
      try {
        check();
      } catch (error) {
        return error;
      }
      return undefined;
    };
    const early = refusal(() => checkTargetOptions(id, options));
    expect(early).toMatchObject({ code: 'option_invalid' });
    expect(refusal(() => prepareTargets([{ id, options }], {}))).toEqual(early);
  });

  it('knows every target', () => {
    for (const id of targetIds()) expect(() => checkTargetOptions(id, 'none')).toThrow();
  });
});
