import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { goingOn, isAsGood } from '../../src/tracking/region-forecast.ts';
import type { Roi } from '../../src/tracking/roi.ts';

const roi = fc.record({
  centerXPx: fc.double({ min: -500, max: 2500, noNaN: true }),
  centerYPx: fc.double({ min: -500, max: 2500, noNaN: true }),
  sidePx: fc.double({ min: 20, max: 2000, noNaN: true }),
  angleRad: fc.double({ min: -3.14, max: 3.14, noNaN: true }),
});

/** Somebody who moves, grows and turns evenly: the region at a time, seconds. */
const evenly = (timeSec: number): Roi => {
  const angleRad = 3 + 2 * timeSec;
  return {
    centerXPx: 100 + 90 * timeSec,
    centerYPx: 200 - 30 * timeSec,
    sidePx: 80 * 1.5 ** timeSec,
    angleRad: Math.atan2(Math.sin(angleRad), Math.cos(angleRad)),
  };
};

describe('a region that is foreseen', () => {
  it('is where an even motion leads, whatever the steps in time and however often it turns', () => {
    const time = fc.double({ min: 0.02, max: 0.2, noNaN: true });
    fc.assert(
      fc.property(fc.double({ min: 0, max: 4, noNaN: true }), time, time, (start, first, second) => {
        const times = [start, start + first];
        const foreseen = goingOn(
          times.map((timeSec) => ({ roi: evenly(timeSec), timeSec })),
          start + first + second,
        ) as Roi;
        const due = evenly(start + first + second);
        expect(foreseen.centerXPx).toBeCloseTo(due.centerXPx, 6);
        expect(foreseen.centerYPx).toBeCloseTo(due.centerYPx, 6);
        expect(foreseen.sidePx).toBeCloseTo(due.sidePx, 6);
        expect(Math.cos(foreseen.angleRad - due.angleRad)).toBeCloseTo(1, 9);
        expect(Math.abs(foreseen.angleRad)).toBeLessThanOrEqual(Math.PI);
      }),
    );
  });

  it('is the only one known, or none', () => {
    expect(goingOn([{ roi: evenly(1), timeSec: 1 }], 1.1)).toEqual(evenly(1));
    expect(goingOn([], 1)).toBeUndefined();
  });

  it('is the last one where times are equal, or so near that a step says nothing about a longer one', () => {
    for (const apartSec of [0, 1e-6, 1e-3]) {
      const course = [
        { roi: evenly(0), timeSec: 1 },
        { roi: evenly(1), timeSec: 1 + apartSec },
      ];
      expect(goingOn(course, 1 + apartSec)).toEqual(evenly(1));
      expect(goingOn(course, 11)).toEqual(evenly(1));
    }
  });

  it('is the last one after a square without any size', () => {
    const course = [
      { roi: { ...evenly(0), sidePx: 0 }, timeSec: 1 },
      { roi: evenly(1), timeSec: 1.1 },
    ];
    expect(goingOn(course, 1.2)).toEqual(evenly(1));
  });
});

describe('a region that is as good as another', () => {
  it('is itself, a full turn further, too', () => {
    fc.assert(
      fc.property(roi, (one) => {
        expect(isAsGood(one, one)).toBe(true);
        expect(isAsGood({ ...one, angleRad: one.angleRad + 2 * Math.PI }, one)).toBe(true);
      }),
    );
  });

  it.each([0.5, 2, 10])('differs in each respect by less than the network notices (%s times as much)', (times) => {
    fc.assert(
      fc.property(roi, (one) => {
        const others: Roi[] = [
          { ...one, centerXPx: one.centerXPx + times * 0.01 * one.sidePx },
          { ...one, centerYPx: one.centerYPx - times * 0.01 * one.sidePx },
          { ...one, sidePx: one.sidePx * 1.02 ** times },
          { ...one, sidePx: one.sidePx / 1.02 ** times },
          { ...one, angleRad: one.angleRad - times * 0.02 },
        ];
        expect(others.map((other) => isAsGood(other, one))).toEqual(others.map(() => times < 1));
      }),
    );
  });
});
