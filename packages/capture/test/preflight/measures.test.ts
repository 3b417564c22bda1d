import { describe, expect, it } from 'vitest';
import { backgroundShift } from '../../src/preflight/background-shift.ts';
import { boxAround, clipBox, grown, isInside } from '../../src/preflight/box.ts';
import { type GrayMap, grayMap } from '../../src/preflight/gray-map.ts';
import { meanLuma } from '../../src/preflight/light.ts';
import { sharpnessOf } from '../../src/preflight/sharpness.ts';
import { stillOf } from '../../src/preflight/still.ts';
import { picture } from '../tracking/pictures.ts';

/** Smooth texture without a period, 0..1. */
const texture = (x: number, y: number): number =>
  0.5 + 0.25 * Math.sin(x * 0.61 + 2 * Math.sin(y * 0.37)) + 0.2 * Math.sin(y * 0.83 + x * 0.29);

const map = (value: (x: number, y: number) => number): GrayMap => ({
  widthPx: 160,
  heightPx: 90,
  values: Float32Array.from({ length: 160 * 90 }, (_, i) => value(i % 160, Math.floor(i / 160))),
});

describe('backgroundShift', () => {
  const everywhere = (): boolean => true;

  it.each([
    [0, 0],
    [3, -2],
    [-5.4, 1.3],
  ])('measures a shift of %d, %d pixels to a fifth of a pixel', (dx, dy) => {
    const shift = backgroundShift(
      map(texture),
      map((x, y) => texture(x - dx, y - dy)),
      everywhere,
    );
    expect((shift ?? Number.NaN) * 160).toBeCloseTo(Math.hypot(dx, dy), 0);
    expect(Math.abs((shift ?? Number.NaN) * 160 - Math.hypot(dx, dy))).toBeLessThan(0.2);
  });

  it('does not look at the person', () => {
    const isPerson = (x: number): boolean => x > 50 && x < 130;
    const later = map((x, y) => (isPerson(x) ? texture(x - 6, y) : texture(x, y)));
    expect(backgroundShift(map(texture), later, (x) => x < 40 || x > 140)).toBeLessThan(0.001);
  });

  it('has no opinion about a bare wall, or where everything moves its own way', () => {
    const wall = map(() => 0.5);
    expect(backgroundShift(wall, wall, everywhere)).toBeNull();
    const leaves = map((x, y) => texture(x + ((Math.floor(x / 12) * 7 + Math.floor(y / 12) * 3) % 11) - 5, y));
    expect(backgroundShift(map(texture), leaves, everywhere)).toBeNull();
  });
});

describe('light and sharpness', () => {
  const whole = { leftPx: 0, topPx: 0, widthPx: 200, heightPx: 200 };
  const textured = (soft: number) =>
    picture({ widthPx: 200, heightPx: 200, luma: (x, y) => 128 + 100 * Math.sin(x / soft) * Math.cos(y / soft) });

  it('luma is 0 for black and 1 for white in either range, and of the box alone', () => {
    for (const [fullRange, black, white] of [
      [true, 0, 255],
      [false, 16, 235],
    ] as const) {
      const half = picture({ widthPx: 20, heightPx: 10, fullRange, luma: (x) => (x < 10 ? black : white) });
      expect(meanLuma(half, { leftPx: -5, topPx: 0, widthPx: 15, heightPx: 10 })).toBeCloseTo(0, 6);
      expect(meanLuma(half, { leftPx: 10, topPx: 0, widthPx: 50, heightPx: 10 })).toBeCloseTo(1, 6);
      expect(meanLuma(half, { leftPx: 0, topPx: 0, widthPx: 20, heightPx: 10 })).toBeCloseTo(0.5, 6);
    }
  });

  it('sharpness falls with blur, does not depend on light, and is unknown for somebody small', () => {
    const [sharp, soft] = [sharpnessOf(textured(2), whole), sharpnessOf(textured(8), whole)];
    expect(sharp ?? 0).toBeGreaterThan(10 * (soft ?? Number.POSITIVE_INFINITY));
    const dim = picture({ widthPx: 200, heightPx: 200, luma: (x, y) => 40 + 30 * Math.sin(x / 8) * Math.cos(y / 8) });
    expect(sharpnessOf(dim, whole)).toBeCloseTo(soft ?? Number.NaN, 1);
    expect(sharpnessOf(textured(2), { ...whole, heightPx: 60 })).toBeNull();
  });
});

describe('boxes and maps', () => {
  it('the box holds what is visible, with room, and nothing else', () => {
    const imagePx = new Float32Array(33 * 3);
    const visibility = new Float32Array(33);
    [100, 200, 150, 120].forEach((x, i) => {
      imagePx.set([x, 2 * x, 0], i * 3);
      visibility[i] = 1;
    });
    imagePx.set([9000, -9000, 0], 30);
    expect(boxAround(imagePx, visibility)).toEqual({ leftPx: 84, topPx: 184, widthPx: 132, heightPx: 232 });
    visibility[0] = 0;
    expect(boxAround(imagePx, visibility)).toBeNull();
  });

  it('are clipped to the picture, grow about their centre and know what is inside', () => {
    const box = { leftPx: -10, topPx: 5, widthPx: 40, heightPx: 20 };
    expect(clipBox(box, { widthPx: 20, heightPx: 20 })).toEqual({ leftPx: 0, topPx: 5, widthPx: 20, heightPx: 15 });
    expect(grown(box, 0.5)).toEqual({ leftPx: -20, topPx: 0, widthPx: 60, heightPx: 30 });
    expect([isInside(box, -10, 5), isInside(box, 30, 5)]).toEqual([true, false]);
  });

  it('a map is the mean of what falls into each cell, also of a box that reaches beyond the picture', () => {
    const steps = picture({ widthPx: 8, heightPx: 4, luma: (x) => x * 20 });
    const { values } = grayMap(steps, { leftPx: 0, topPx: 0, widthPx: 8, heightPx: 4 }, 4, 2);
    expect([...values.slice(0, 4)].map((value) => Math.round(value * 255))).toEqual([10, 50, 90, 130]);
    expect(grayMap(steps, { leftPx: -100, topPx: -100, widthPx: 300, heightPx: 300 }, 5, 5).values.every(Number.isFinite)).toBe(true);
  });

  it('a still has the colours of the picture, and a frame around each person', () => {
    const red = picture({ widthPx: 16, heightPx: 16, luma: () => 76, u: 85, v: 255 });
    const { rgb } = stillOf(red, 1, [{ leftPx: 8, topPx: 8, widthPx: 100, heightPx: 100 }]);
    expect(rgb.length).toBe(16 * 16 * 3);
    expect([rgb[0] > 250, rgb[1] < 5, rgb[2] < 5]).toEqual([true, true, true]);
    expect([...rgb.slice((8 * 16 + 8) * 3, (8 * 16 + 9) * 3)]).toEqual([64, 224, 96]);
  });
});
