import { describe, expect, it } from 'vitest';
import { seenLensLog } from '../../src/camera-motion/seen-lens.ts';

const STEADY = { zoom: 1 };
const logs = (...values: number[]): { lensLogs: Float32Array } => ({ lensLogs: Float32Array.from(values) });

describe('what pictures say about the lens', () => {
  it('is nothing where no picture tells, and in tracks of old', () => {
    expect(seenLensLog({}, STEADY)).toBe(0);
    expect(seenLensLog(logs(), STEADY)).toBe(0);
    expect(seenLensLog(logs(Number.NaN, Number.NaN), STEADY)).toBe(0);
  });

  it('is believed the more, the more pictures agree, and never beyond what they say', () => {
    const [one, four, many] = [1, 4, 40].map((count) => seenLensLog(logs(...new Array<number>(count).fill(0.2), Number.NaN), STEADY));
    expect(one).toBeGreaterThan(0.1);
    expect(four).toBeGreaterThan(one);
    expect(many).toBeGreaterThan(four);
    expect(many).toBeLessThan(0.2);
  });

  it('does not hang on one picture', () => {
    const agreed = seenLensLog(logs(0.1, 0.1, 0.1, 0.1, 0.1), STEADY);
    expect(Math.abs(seenLensLog(logs(0.1, 0.1, 0.1, 0.1, 0.25), STEADY) - agreed)).toBeLessThan(1e-6);
  });

  it('is nothing where pictures contradict each other or the background grows', () => {
    expect(seenLensLog(logs(-0.3, 0.3, 0.1, -0.2), STEADY)).toBe(0);
    expect(seenLensLog(logs(0.2, 0.2, 0.2), { zoom: 1.3 })).toBe(0);
  });
});
