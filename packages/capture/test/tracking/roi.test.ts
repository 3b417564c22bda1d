import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canBeSamePerson, isAimedAt, isSamePerson } from '../../src/tracking/continuity.ts';
import { OneEuroFilter } from '../../src/tracking/one-euro.ts';
import { RegionFilter } from '../../src/tracking/region-filter.ts';
import { goneOn, type Roi, roiFromAlignment } from '../../src/tracking/roi.ts';
import { searchTiles } from '../../src/tracking/search.ts';

describe('roiFromAlignment', () => {
  it('turns with the person: the head is up in the square', () => {
    const angle = fc.double({ min: -3.1, max: 3.1, noNaN: true });
    fc.assert(
      fc.property(angle, fc.double({ min: 1, max: 500, noNaN: true }), (angleRad, radius) => {
        const roi = roiFromAlignment(100, 200, 100 + radius * Math.sin(angleRad), 200 - radius * Math.cos(angleRad));
        expect(roi.angleRad).toBeCloseTo(angleRad, 6);
        expect(roi.sidePx).toBeCloseTo(2.5 * radius, 6);
      }),
    );
  });
});

describe('goneOn', () => {
  const roi = fc.record({
    centerXPx: fc.double({ min: -500, max: 500, noNaN: true }),
    centerYPx: fc.double({ min: -500, max: 500, noNaN: true }),
    sidePx: fc.double({ min: 20, max: 500, noNaN: true }),
    angleRad: fc.double({ min: -3.1, max: 3.1, noNaN: true }),
  });
  const expectSame = (a: Roi, b: Roi): void => {
    expect(a.centerXPx).toBeCloseTo(b.centerXPx, 6);
    expect(a.centerYPx).toBeCloseTo(b.centerYPx, 6);
    expect(a.sidePx / b.sidePx).toBeCloseTo(1, 9);
    expect(Math.cos(a.angleRad - b.angleRad)).toBeCloseTo(1, 9);
  };

  it('stays for a share of 0, and goes back to where it came from for one of −1', () => {
    fc.assert(
      fc.property(roi, roi, (before, now) => {
        expectSame(goneOn(before, now, 0), now);
        expectSame(goneOn(before, now, -1), before);
      }),
    );
  });

  it('goes as far again for one of 1, by the short way round', () => {
    const before = { centerXPx: 10, centerYPx: 20, sidePx: 100, angleRad: 3.1 };
    const now = { centerXPx: 14, centerYPx: 17, sidePx: 110, angleRad: -3.1 };
    expectSame(goneOn(before, now, 1), { centerXPx: 18, centerYPx: 14, sidePx: 121, angleRad: -3.1 + (2 * Math.PI - 6.2) });
  });
});

describe('isAimedAt', () => {
  const here: Roi = { centerXPx: 300, centerYPx: 200, sidePx: 200, angleRad: 3.12 };

  it.each<[string, Partial<Roi>, boolean]>([
    ['a little beside', { centerXPx: 312 }, true],
    ['far beside', { centerXPx: 320 }, false],
    ['a little turned, across the half turn', { angleRad: -3.12 }, true],
    ['turned', { angleRad: 2.9 }, false],
    ['a little larger', { sidePx: 220 }, true],
    ['much smaller', { sidePx: 160 }, false],
  ])('%s', (_, change, expected) => {
    expect(isAimedAt({ ...here, ...change }, here)).toBe(expected);
    expect(isAimedAt(here, { ...here, ...change })).toBe(expected);
  });
});

describe('OneEuroFilter', () => {
  const options = { minCutoffHz: 0.01, beta: 10, derivativeCutoffHz: 1 };

  it('returns the first value and holds a constant one', () => {
    const filter = new OneEuroFilter(options);
    for (let i = 0; i < 20; i++) expect(filter.next(7, i / 30, 1)).toBe(7);
  });

  it('quiets noise of a still point, and follows a fast one closely', () => {
    const still = new OneEuroFilter(options);
    const fast = new OneEuroFilter(options);
    let spread = 0;
    let lag = 0;
    for (let i = 0; i < 90; i++) {
      const shake = i % 2 === 0 ? 0.5 : -0.5;
      const value = still.next(shake, i / 30, 1 / 500);
      if (i > 30) spread = Math.max(spread, Math.abs(value));
      lag = 20 * i - fast.next(20 * i, i / 30, 1 / 100);
    }
    expect(spread).toBeLessThan(0.45);
    expect(lag).toBeLessThan(20);
    expect(lag).toBeGreaterThan(0);
  });

  it('starts again after a reset and survives a repeated time stamp', () => {
    const filter = new OneEuroFilter(options);
    filter.next(0, 0, 1);
    filter.next(1, 1, 1);
    expect(filter.next(5, 1, 1)).toBe(5);
    filter.reset();
    expect(filter.next(-3, 2, 1)).toBe(-3);
  });
});

describe('RegionFilter', () => {
  it('gives the region of the points it was shown', () => {
    const roi = new RegionFilter().next(new Float32Array([10, 20, 10, -20]), 0, 100);
    expect(roi).toEqual({ centerXPx: 10, centerYPx: 20, sidePx: 100, angleRad: 0 });
  });
});

describe('continuity', () => {
  const at = (centerXPx: number, sidePx = 100): Roi => ({ centerXPx, centerYPx: 0, sidePx, angleRad: 0 });

  it('is symmetric in place and size', () => {
    const roi = fc.record({
      centerXPx: fc.double({ min: 0, max: 500, noNaN: true }),
      centerYPx: fc.double({ min: 0, max: 500, noNaN: true }),
      sidePx: fc.double({ min: 10, max: 300, noNaN: true }),
      angleRad: fc.constant(0),
    });
    fc.assert(
      fc.property(roi, roi, fc.double({ min: 0, max: 9, noNaN: true }), (a, b, sec) => {
        expect(canBeSamePerson(a, b, sec)).toBe(canBeSamePerson(b, a, sec));
        expect(isSamePerson(a, b)).toBe(isSamePerson(b, a));
      }),
    );
  });

  it('allows more with time, but never another size altogether', () => {
    expect(canBeSamePerson(at(0), at(100), 0.05)).toBe(false);
    expect(canBeSamePerson(at(0), at(100), 1)).toBe(true);
    expect(canBeSamePerson(at(0), at(0, 300), 60)).toBe(false);
    expect(canBeSamePerson(at(0), at(400), 60)).toBe(false);
  });
});

describe('searchTiles', () => {
  it('cover every pixel of the picture and stay inside it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 16, max: 2000 }),
        fc.integer({ min: 16, max: 2000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (w, h, t) => {
          fc.pre(Math.max(w, h) / Math.min(w, h) < 5);
          const tiles = searchTiles({ widthPx: w, heightPx: h });
          const [x, y] = [t * w, (1 - t) * h];
          const covers = (tile: Roi): boolean =>
            Math.abs(tile.centerXPx - x) <= tile.sidePx / 2 + 1e-6 && Math.abs(tile.centerYPx - y) <= tile.sidePx / 2 + 1e-6;
          expect(tiles.some(covers)).toBe(true);
          for (const tile of tiles) expect(tile.centerXPx + tile.sidePx / 2).toBeLessThanOrEqual(w + 1e-6);
        },
      ),
    );
  });
});
