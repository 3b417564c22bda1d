import { describe, expect, it } from 'vitest';
import { type PreviewFrame, toRgba } from '../src/source-picture.ts';

const picture = (luma: number, cb: number, cr: number, facts: Pick<PreviewFrame, 'fullRange' | 'matrix'>): PreviewFrame => ({
  timeSec: 0,
  widthPx: 3,
  heightPx: 3,
  y: new Uint8Array(9).fill(luma),
  u: new Uint8Array(4).fill(cb),
  v: new Uint8Array(4).fill(cr),
  ...facts,
});

const colourOf = (frame: PreviewFrame): number[] => {
  const out = new Uint8ClampedArray(36);
  toRgba(out, frame);
  // Every pixel of an even picture has the same colour, also at the odd right and bottom edge.
  for (let i = 4; i < 36; i++) expect(out[i]).toBe(out[i % 4]);
  return [...out.subarray(0, 4)];
};

describe('toRgba', () => {
  it('maps the ends of both ranges to black and white', () => {
    expect(colourOf(picture(16, 128, 128, { fullRange: false, matrix: 'bt709' }))).toEqual([0, 0, 0, 255]);
    expect(colourOf(picture(235, 128, 128, { fullRange: false, matrix: 'bt601' }))).toEqual([255, 255, 255, 255]);
    expect(colourOf(picture(255, 128, 128, { fullRange: true, matrix: 'bt2020' }))).toEqual([255, 255, 255, 255]);
  });

  it('gives the primaries of the standards, whose code values are published', () => {
    // ITU-R BT.601: red is Y 81, Cb 90, Cr 240. ITU-R BT.709: blue is Y 32, Cb 240, Cr 118.
    const red = colourOf(picture(81, 90, 240, { fullRange: false, matrix: 'bt601' }));
    const blue = colourOf(picture(32, 240, 118, { fullRange: false, matrix: 'bt709' }));
    for (const [k, value] of [255, 0, 0, 255].entries()) expect(Math.abs(red[k] - value)).toBeLessThanOrEqual(2);
    for (const [k, value] of [0, 0, 255, 255].entries()) expect(Math.abs(blue[k] - value)).toBeLessThanOrEqual(2);
  });
});
