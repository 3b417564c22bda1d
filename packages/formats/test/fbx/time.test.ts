import { describe, expect, it } from 'vitest';
import { FBX_FRAME_RATES, frameTicks, TICKS_PER_SECOND, ticksAt, timeModeOf } from '../../src/fbx/time.ts';

describe('FBX time', () => {
  it.each(FBX_FRAME_RATES)('is exact at %i frames a second', (fps) => {
    const ticks = frameTicks(fps + 1, fps);
    expect(TICKS_PER_SECOND % BigInt(fps)).toBe(0n);
    expect(ticks[0]).toBe(0n);
    expect(ticks[fps]).toBe(TICKS_PER_SECOND);
    expect(ticksAt(fps, fps)).toBe(TICKS_PER_SECOND);
  });

  it('has the modes of the FBX SDK, and none for rates that drift', () => {
    expect([24, 25, 30, 48, 50, 60, 120].map(timeModeOf)).toEqual([11, 10, 6, 5, 4, 3, 1]);
    expect(() => timeModeOf(29.97)).toThrow(RangeError);
  });
});
