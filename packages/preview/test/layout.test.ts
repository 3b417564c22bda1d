import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layoutAlone, layoutFor } from '../src/layout.ts';

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

  it('has room for a second body beside the first', () => {
    expect(layoutFor(1920, 1080, 2)).toMatchObject({ heightPx: 400, sourceWidthPx: 712, stageWidthPx: 284 });
    expect(layoutFor(720, 1280, 2)).toMatchObject({ heightPx: 640, sourceWidthPx: 360, stageWidthPx: 460 });
    expect(layoutAlone(2)).toMatchObject({ widthPx: 1280, sourceWidthPx: 0, stageWidthPx: 640 });
  });

  it('keeps every source whole, undistorted and inside an even picture', () => {
    const side = fc.integer({ min: 16, max: 8192 });
    fc.assert(
      fc.property(side, side, fc.constantFrom(1 as const, 2 as const), (width, height, stages) => {
        const layout = layoutFor(width, height, stages);
        for (const value of Object.values(layout)) expect(value % 2).toBe(0);
        expect(layout.sourceWidthPx + stages * layout.stageWidthPx).toBe(layout.widthPx);
        expect(layout.sourceTopPx).toBeGreaterThanOrEqual(0);
        expect(layout.sourceTopPx + layout.sourceHeightPx).toBeLessThanOrEqual(layout.heightPx);
        // Rounding to even sizes moves a side by one pixel at most.
        const expectedHeight = (layout.sourceWidthPx * height) / width;
        if (layout.sourceHeightPx > 2) expect(Math.abs(layout.sourceHeightPx - expectedHeight)).toBeLessThanOrEqual(1 + height / width);
      }),
    );
  });
});
