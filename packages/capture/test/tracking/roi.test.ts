import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canBeSamePerson, isSamePerson } from '../../src/tracking/continuity.ts';
import { OneEuroFilter } from '../../src/tracking/one-euro.ts';
import { RegionFilter } from '../../src/tracking/region-filter.ts';
import { type Roi, roiFromAlignment } from '../../src/tracking/roi.ts';
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
