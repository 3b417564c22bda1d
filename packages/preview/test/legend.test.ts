import { CAPSULE_FINE, CAPSULE_FLOATS, CAPSULE_OVERLAPS, type CapsuleBody } from '@gaitway/motion/capsule-body';
import { createCanvas } from '@napi-rs/canvas';
import { describe, expect, it } from 'vitest';
import { drawLegend, legendOf, MARK_COLOURS } from '../src/legend.ts';
import { drawWord } from '../src/letters.ts';
import { FLOATS, OVERLAPS } from '../src/palette.ts';

const bodyWith = (...marks: number[]): CapsuleBody => ({
  shapes: [{ name: 'trunk', radiusM: 0.1 }],
  endsM: new Float32Array(6 * marks.length),
  marks: Uint8Array.from(marks),
  solesM: new Float32Array(12 * marks.length),
});

const canvasPixels = (draw: (context: ReturnType<ReturnType<typeof createCanvas>['getContext']>) => void): Uint8ClampedArray => {
  const context = createCanvas(120, 60).getContext('2d');
  draw(context);
  return context.getImageData(0, 0, 120, 60).data;
};

const has = (pixels: Uint8ClampedArray, [r, g, b]: readonly number[]): boolean => {
  for (let i = 0; i < pixels.length; i += 4) if (pixels[i] === r && pixels[i + 1] === g && pixels[i + 2] === b) return true;
  return false;
};

describe('the legend', () => {
  it('names the marks that occur and no others', () => {
    expect(legendOf(bodyWith(CAPSULE_FINE))).toEqual([]);
    expect(legendOf(bodyWith(CAPSULE_OVERLAPS, CAPSULE_FINE, CAPSULE_FLOATS))).toEqual([
      ['floats', FLOATS],
      ['touches', OVERLAPS],
    ]);
  });

  it('puts a colour and a word in the picture for each', () => {
    const pixels = canvasPixels((context) => drawLegend(context, legendOf(bodyWith(CAPSULE_FLOATS)), 0, 60));
    expect(has(pixels, FLOATS)).toBe(true);
    expect(has(pixels, OVERLAPS)).toBe(false);
  });

  it('has every letter of its words', () => {
    for (const mark of MARK_COLOURS.keys()) {
      for (const letter of (legendOf(bodyWith(mark))[0]?.[0] ?? '').replaceAll(' ', '')) {
        const pixels = canvasPixels((context) => {
          context.fillStyle = 'rgb(1,2,3)';
          drawWord(context, letter, 10, 10);
        });
        expect([letter, has(pixels, [1, 2, 3])]).toEqual([letter, true]);
      }
    }
  });
});
