import { measureFrameRate } from '@gaitway/capture/video/frame-rate';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const evenly = (fps: number, count: number): Float64Array => Float64Array.from({ length: count }, (_, i) => i / fps);
const toMilliseconds = (times: Float64Array): Float64Array => times.map((time) => Math.round(time * 1000) / 1000);

test.each([10, 12.5, 15, 23.976, 24, 25, 29.97, 30, 50, 59.94, 60, 119.88, 120, 240])('%s fps is recognised, also rounded to ms', (fps) => {
  for (const times of [evenly(fps, 200), toMilliseconds(evenly(fps, 200))]) {
    const rate = measureFrameRate(times);
    expect(rate.fps).toBeCloseTo(fps, 2);
    expect(rate.variable).toBe(false);
  }
});

test('an uncommon constant rate stays what it is', () => {
  expect(measureFrameRate(evenly(17, 50))).toMatchObject({ variable: false, fps: expect.closeTo(17, 6) });
});

test('one dropped frame in a hundred leaves the nominal rate alone', () => {
  const times = evenly(30, 101).filter((_, i) => i !== 50);
  expect(measureFrameRate(times)).toMatchObject({ variable: false, fps: 30 });
});

test('a variable rate is the average', () => {
  const times = Float64Array.of(0, 0.1, 0.12, 0.3, 0.33, 0.5);
  expect(measureFrameRate(times)).toMatchObject({ variable: true, fps: 10 });
});

test('two frames are enough', () => expect(measureFrameRate(Float64Array.of(0, 0.04)).fps).toBe(25));

test('no increasing times give a rate outside 1..240', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 1e-9, max: 1e5, noNaN: true }), { minLength: 1, maxLength: 40 }), (intervals) => {
      const times = new Float64Array(intervals.length + 1);
      intervals.forEach((interval, i) => {
        times[i + 1] = times[i] + interval;
      });
      const { fps } = measureFrameRate(times);
      expect(fps).toBeGreaterThanOrEqual(1);
      expect(fps).toBeLessThanOrEqual(240);
    }),
  );
});
