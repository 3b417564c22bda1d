import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layoutFor } from '../src/layout.ts';

describe('layoutFor', () => {
  it('fills the picture with a landscape and a portrait source', () => {
    expect(layoutFor(1920, 1080)).toEqual({
      widthPx: 1280,
      heightPx: 460,
      sourceWidthPx: 818,
      sourceHeightPx: 460,
      sourceTopPx: 0,
      stageWidthPx: 462,
    });
    expect(layoutFor(720, 1280)).toMatchObject({ heightPx: 720, sourceWidthPx: 406, stageWidthPx: 874 });
  });

  it('keeps every source whole, undistorted and inside an even picture', () => {
    const side = fc.integer({ min: 16, max: 8192 });
    fc.assert(
      fc.property(side, side, (width, height) => {
        const layout = layoutFor(width, height);
        for (const value of Object.values(layout)) expect(value % 2).toBe(0);
        expect(layout.sourceWidthPx + layout.stageWidthPx).toBe(layout.widthPx);
        expect(layout.sourceTopPx).toBeGreaterThanOrEqual(0);
        expect(layout.sourceTopPx + layout.sourceHeightPx).toBeLessThanOrEqual(layout.heightPx);
        // Rounding to even sizes moves a side by one pixel at most.
        const expectedHeight = (layout.sourceWidthPx * height) / width;
        if (layout.sourceHeightPx > 2) expect(Math.abs(layout.sourceHeightPx - expectedHeight)).toBeLessThanOrEqual(1 + height / width);
      }),
    );
  });
});
