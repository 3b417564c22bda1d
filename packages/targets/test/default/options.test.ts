import { describe, expect, it } from 'vitest';
import { DEFAULT_OPTIONS, parseDefaultOptions } from '../../src/default/options.ts';

const codeOf = (raw: unknown): unknown => {
  try {
    return parseDefaultOptions(raw);
  } catch (error) {
    return (error as { code?: string }).code;
  }
};

describe('options of the default target', () => {
  it('have defaults, and ignore fields that are not theirs', () => {
    expect(parseDefaultOptions(undefined)).toEqual(DEFAULT_OPTIONS);
    expect(parseDefaultOptions({ somethingElse: 1, fps: 60 })).toEqual({ ...DEFAULT_OPTIONS, fps: 60 });
  });

  it('refuse values that are not offered', () => {
    for (const fps of [29.97, '30', 0, Number.NaN, null]) expect(codeOf({ fps })).toBe('export_fps_invalid');
    const wrong = [
      { rootMotion: 'none' },
      { restPose: 'T' },
      { proportions: 2 },
      { skeleton: 'r15' },
      { formats: [] },
      { formats: ['dae'] },
    ];
    for (const raw of [...wrong, { formats: 'fbx' }, [], 'fbx', 7]) expect(codeOf(raw)).toBe('option_invalid');
  });

  it('name the allowed values in the message', () => {
    expect(() => parseDefaultOptions({ restPose: 'x' })).toThrow('restPose must be a or t.');
  });
});
