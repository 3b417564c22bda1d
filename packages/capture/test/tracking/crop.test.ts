import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CropOptions, cropToRgb } from '../../src/tracking/crop.ts';
import type { Picture } from '../../src/tracking/picture.ts';
import type { Roi } from '../../src/tracking/roi.ts';
import type { ColourMatrix } from '../../src/video-info.ts';
import { cropByDefinition } from './crop-reference.ts';
import { noise, picture } from './pictures.ts';

const SIDE = 16;
const OPTIONS: CropOptions = { sidePx: SIDE, border: 'replicate', low: 0, high: 1 };

const crop = (source: Picture, roi: Roi, options: Partial<CropOptions> = {}): Float32Array => {
  const out = new Float32Array(3 * SIDE * SIDE);
  cropToRgb(source, roi, { ...OPTIONS, ...options }, out);
  return out;
};

const middle = (source: Picture): Roi => ({ centerXPx: source.widthPx / 2, centerYPx: source.heightPx / 2, sidePx: SIDE, angleRad: 0 });
const rgbOf = (source: Picture): number[] => {
  const out = crop(source, middle(source));
  return [out[0], out[SIDE * SIDE], out[2 * SIDE * SIDE]];
};

describe('colours', () => {
  // Standard 8-bit codes of the primaries, computed from the definition of each matrix.
  it.each<[ColourMatrix, boolean, [number, number, number], [number, number, number]]>([
    ['bt601', false, [235, 128, 128], [1, 1, 1]],
    ['bt601', false, [16, 128, 128], [0, 0, 0]],
    ['bt601', false, [81, 90, 240], [1, 0, 0]],
    ['bt601', true, [76, 85, 255], [1, 0, 0]],
    ['bt601', true, [29, 255, 107], [0, 0, 1]],
    ['bt709', false, [63, 102, 240], [1, 0, 0]],
    ['bt709', false, [173, 42, 26], [0, 1, 0]],
    ['bt709', false, [32, 240, 118], [0, 0, 1]],
    ['bt2020', false, [74, 97, 240], [1, 0, 0]],
  ])('%s, full range %s, %j', (matrix, fullRange, [y, u, v], rgb) => {
    const got = rgbOf(picture({ matrix, fullRange, luma: () => y, u, v }));
    got.forEach((value, i) => {
      expect(Math.abs(value - rgb[i])).toBeLessThan(0.012);
    });
  });
});

describe('geometry', () => {
  const ramp = picture({ luma: (x, y) => 2 * x + y });

  it('copies pixels where the scale is one', () => {
    const out = crop(ramp, middle(ramp));
    for (let j = 0; j < SIDE; j++) for (let i = 0; i < SIDE; i++) expect(out[j * SIDE + i] * 255).toBeCloseTo(2 * (24 + i) + 16 + j, 3);
  });

  it('samples a plane exactly for any region inside, rotated and scaled', () => {
    const inside = fc.record({
      centerXPx: fc.double({ min: 28, max: 36, noNaN: true }),
      centerYPx: fc.double({ min: 20, max: 28, noNaN: true }),
      sidePx: fc.double({ min: 4, max: 24, noNaN: true }),
      angleRad: fc.double({ min: -3.2, max: 3.2, noNaN: true }),
    });
    fc.assert(
      fc.property(inside, fc.nat(SIDE - 1), fc.nat(SIDE - 1), fc.boolean(), (roi, i, j, mirrored) => {
        const out = crop(ramp, roi, { mirrored });
        const step = roi.sidePx / SIDE;
        const a = (i + 0.5 - SIDE / 2) * step * (mirrored ? -1 : 1);
        const b = (j + 0.5 - SIDE / 2) * step;
        const x = roi.centerXPx + Math.cos(roi.angleRad) * a - Math.sin(roi.angleRad) * b - 0.5;
        const y = roi.centerYPx + Math.sin(roi.angleRad) * a + Math.cos(roi.angleRad) * b - 0.5;
        expect(out[j * SIDE + i] * 255).toBeCloseTo(2 * x + y, 2);
      }),
    );
  });

  it('repeats the edge, or is black, outside the picture', () => {
    const roi: Roi = { centerXPx: 0, centerYPx: 24, sidePx: SIDE, angleRad: 0 };
    const white = picture({ luma: () => 255 });
    expect(crop(white, roi)[0]).toBeCloseTo(1, 5);
    const black = crop(white, roi, { border: 'black', low: -1 });
    expect(black[0]).toBe(-1);
    expect(black[SIDE - 1]).toBeCloseTo(1, 5);
  });

  it('never reads outside a plane, whatever the region and the size', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        fc.double({ min: -50, max: 50, noNaN: true }),
        (w, h, c) => {
          const out = crop(picture({ widthPx: w, heightPx: h }), { centerXPx: c, centerYPx: -c, sidePx: 30, angleRad: c });
          expect(out.every((value) => value >= 0 && value <= 1)).toBe(true);
        },
      ),
    );
  });
});

describe('against the definition', () => {
  it('is the same to a level of 255, for any picture and region, inside, across the edge and outside', () => {
    const side = fc.integer({ min: 1, max: 40 });
    const facts = fc.record({
      size: fc.tuple(side, side),
      centre: fc.tuple(fc.double({ min: -0.3, max: 1.3, noNaN: true }), fc.double({ min: -0.3, max: 1.3, noNaN: true })),
      sidePx: fc.double({ min: 1, max: 60, noNaN: true }),
      angleRad: fc.oneof(fc.constantFrom(0, Math.PI / 2, Math.PI), fc.double({ min: -4, max: 4, noNaN: true })),
      border: fc.constantFrom<CropOptions['border']>('replicate', 'black'),
      mirrored: fc.boolean(),
      fullRange: fc.boolean(),
    });
    fc.assert(
      fc.property(facts, ({ size: [w, h], centre: [cx, cy], sidePx, angleRad, border, mirrored, fullRange }) => {
        const source = noise(w, h, fullRange);
        // Off any grid, so that no pixel lies so exactly on the border that rounding decides whether it is black.
        const roi: Roi = { centerXPx: cx * w + 1e-4 * Math.SQRT2, centerYPx: cy * h + 1e-4 * Math.SQRT2, sidePx, angleRad };
        const options: CropOptions = { sidePx: SIDE, border, mirrored, low: -1, high: 1 };
        const expected = cropByDefinition(source, roi, options);
        const got = crop(source, roi, options);
        expect(got.reduce((worst, value, i) => Math.max(worst, Math.abs(value - expected[i])), 0)).toBeLessThan(2 / 255);
      }),
      { numRuns: 300 },
    );
  });
});
