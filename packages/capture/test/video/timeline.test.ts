import { Timeline, toDisplayOrder, typicalStep } from '@gaitway/capture/video/timeline';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const run = (stamps: readonly number[], intervalSec = 0.04, startSec = stamps[0]): number[] => {
  const timeline = new Timeline(startSec, intervalSec);
  return stamps.map((stamp) => Number(timeline.next(stamp).toFixed(6)));
};

test('good stamps are only shifted to start at zero', () => {
  expect(run([-0.08, -0.04, 0.01, 0.5])).toEqual([0, 0.04, 0.09, 0.58]);
});

test('a jump forwards or backwards becomes one ordinary step, and what follows keeps its own steps', () => {
  expect(run([0, 0.04, 95000, 95000.05])).toEqual([0, 0.04, 0.08, 0.13]);
  expect(run([7200, 7200.04, 0, 0.03])).toEqual([0, 0.04, 0.08, 0.11]);
});

test('a repeated stamp is put in between without moving what follows', () => {
  expect(run([0, 0.04, 0.04, 0.12])).toEqual([0, 0.04, 0.06, 0.12]);
});

test('missing stamps are made up', () => {
  const timeline = new Timeline(0, 0.5);
  expect([Number.NaN, Number.NaN, Number.NaN].map((stamp) => timeline.next(stamp))).toEqual([0, 0.5, 1]);
  expect(timeline.repairs).toBe(2);
});

test('whatever the stamps, times strictly increase from zero and never jump', () => {
  const stamp = fc.oneof(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.constant(Number.NaN));
  fc.assert(
    fc.property(fc.array(stamp, { minLength: 2, maxLength: 60 }), (stamps) => {
      const timeline = new Timeline(Number.isNaN(stamps[0]) ? 0 : stamps[0], 1 / 30);
      const times = stamps.map((value) => timeline.next(value));
      expect(times[0]).toBe(0);
      for (let i = 1; i < times.length; i++) {
        expect(times[i]).toBeGreaterThan(times[i - 1]);
        expect(times[i] - times[i - 1]).toBeLessThan(10.001);
      }
    }),
  );
});

test('display order sorts what a decoder reorders', () => {
  expect([...toDisplayOrder(Float64Array.of(0, 0.12, 0.08, 0.04, 0.2, 0.16))]).toEqual([0, 0.04, 0.08, 0.12, 0.16, 0.2]);
});

test('display order keeps joined recordings apart', () => {
  const joined = Float64Array.of(5, 5.08, 5.04, 0, 0.08, 0.04);
  expect([...toDisplayOrder(joined)]).toEqual([5, 5.04, 5.08, 0, 0.04, 0.08]);
});

test('display order leaves missing stamps where they are', () => {
  const gaps = Float64Array.of(Number.NaN, 0.08, 0.04, Number.NaN, Number.NaN, 0.2, 0.16);
  expect([...toDisplayOrder(gaps)]).toEqual([Number.NaN, 0.04, 0.08, Number.NaN, Number.NaN, 0.16, 0.2]);
});

test('the typical step ignores jumps, repetitions and gaps', () => {
  expect(typicalStep(Float64Array.of(0, 0.25, 0.5, 0.5, 100, Number.NaN, 3, 3.25, 3.75))).toBe(0.25);
  expect(typicalStep(Float64Array.of(5, 5, 5))).toBeCloseTo(1 / 30, 12);
});
