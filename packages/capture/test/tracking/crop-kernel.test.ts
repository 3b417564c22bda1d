import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CropMemory } from '../../src/tracking/crop-memory.ts';
import { noise } from './pictures.ts';

const NUMBERS = { lumaGain: 3e-9, lumaOffset: -0.9, rv: 4e-9, gu: -1e-9, gv: -2e-9, bu: 5e-9, low: -1, high: 0.75 };
const WIDTH = 61;
const HEIGHT = 47;
const PICTURE = noise(WIDTH, HEIGHT, false);
const CHROMA_WIDTH = (WIDTH + 1) >> 1;

/** A plane at a place in 1/2048 pixel, in units of 2⁻²². */
const bilinear = (plane: Uint8Array, width: number, x: number, y: number): number => {
  const [column, row, right, below] = [x >> 11, y >> 11, x & 2047, y & 2047];
  const at = row * width + column;
  const line = (start: number): number => plane[start] * (2048 - right) + plane[start + 1] * right;
  return line(at) * (2048 - below) + line(at + width) * below;
};

/** The colours of a pixel whose place is cut to 1/2048 pixel. */
const coloursAt = (x: number, y: number): number[] => {
  const [ix, iy] = [Math.trunc(x), Math.trunc(y)];
  const [jx, jy] = [ix >> 1, (iy - 1024) >> 1];
  const luma = bilinear(PICTURE.y, WIDTH, ix, iy) * NUMBERS.lumaGain + NUMBERS.lumaOffset;
  const [u, v] = [PICTURE.u, PICTURE.v].map((plane) => bilinear(plane, CHROMA_WIDTH, jx, jy) - 128 * 2 ** 22);
  const colours = [luma + NUMBERS.rv * v, luma + NUMBERS.gu * u + NUMBERS.gv * v, luma + NUMBERS.bu * u];
  return colours.map((colour) => Math.fround(Math.min(NUMBERS.high, Math.max(NUMBERS.low, colour))));
};

const SIDE = 32;
const coordinate = (from: number, to: number) => fc.double({ min: from * 2048, max: to * 2048, noNaN: true });

describe('the kernel of crops', () => {
  it('samples every pixel of a row by the same arithmetic, to the last bit', () => {
    const ends = fc.record({
      from: fc.tuple(coordinate(0, WIDTH - 3), coordinate(1, HEIGHT - 3)),
      to: fc.tuple(coordinate(0, WIDTH - 3), coordinate(1, HEIGHT - 3)),
      first: fc.nat(3 * SIDE),
      count: fc.integer({ min: 4, max: SIDE }),
    });
    fc.assert(
      fc.property(ends, ({ from: [x, y], to, first, count }) => {
        // A little shorter than from end to end, so that rounding does not lead outside.
        const [stepX, stepY] = [(to[0] - x) / SIDE, (to[1] - y) / SIDE];
        const memory = CropMemory.load(PICTURE, Math.min(y, to[1]) / 2048, Math.max(y, to[1]) / 2048, SIDE, { ...NUMBERS, stepX, stepY });
        memory.result.fill(7);
        const [originX, originY] = [x - first * stepX, y - first * stepY];
        memory.sampleRow(originX, originY, first, first + count);
        for (let i = 0; i < SIDE * SIDE; i++) {
          const got = [0, 1, 2].map((k) => memory.result[k * SIDE * SIDE + i]);
          const isInside = i >= first && i < first + count;
          expect(got).toEqual(isInside ? coloursAt(originX + i * stepX, originY + i * stepY) : [7, 7, 7]);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('keeps its memory from crop to crop, and takes more for a larger picture', () => {
    const load = (side: number) =>
      CropMemory.load(noise(side, side, false), 0, side, SIDE, { ...NUMBERS, stepX: 1, stepY: 1 }).result.buffer;
    const first = load(40);
    expect(load(30)).toBe(first);
    expect(load(1200)).not.toBe(first);
  });
});
