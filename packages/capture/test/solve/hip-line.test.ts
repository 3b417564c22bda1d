import { keepHipsNear } from '@gaitway/capture/solve/hip-line';
import fc from 'fast-check';
import { expect, it } from 'vitest';

const metres = fc.double({ min: -0.5, max: 0.5, noNaN: true });
const line = fc.tuple(metres, metres, metres).filter((v) => Math.hypot(...v) > 0.05);
const dot = (a: readonly number[], b: readonly number[]): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const unit = (v: readonly number[]): number[] => v.map((x) => x / Math.hypot(...v));

function near(hips: readonly number[], shoulders: readonly number[]): number[] {
  const v = Float64Array.of(...hips, ...shoulders);
  keepHipsNear(v, 0, 3);
  return [...v.subarray(0, 3)];
}

it('hips that a spine can reach keep their direction', () => {
  fc.assert(
    fc.property(line, line, (hips, shoulders) => {
      fc.pre(dot(unit(hips), unit(shoulders)) > Math.SQRT1_2 + 1e-6);
      expect(dot(near(hips, shoulders), unit(hips))).toBeCloseTo(1, 9);
    }),
  );
});

it('hips beyond are turned back to an eighth of a turn, the short way', () => {
  fc.assert(
    fc.property(line, line, (hips, shoulders) => {
      const cosine = dot(unit(hips), unit(shoulders));
      fc.pre(cosine < Math.SQRT1_2 - 1e-6 && cosine > -1 + 1e-6);
      const out = near(hips, shoulders);
      expect(Math.hypot(...out)).toBeCloseTo(1, 9);
      expect(dot(out, unit(shoulders))).toBeCloseTo(Math.SQRT1_2, 9);
      // In the plane of both lines, on the side of the hips: the angles add up.
      expect(Math.acos(dot(out, unit(hips)))).toBeCloseTo(Math.acos(cosine) - Math.PI / 4, 6);
    }),
  );
});

it('lines without a length stay finite', () => {
  expect(near([0, 0, 0], [0.3, 0, 0])).toEqual([1, 0, 0]);
  expect(near([0.2, 0, 0], [0, 0, 0])).toEqual([0.2, 0, 0]);
  expect(near([-0.2, 0, 0], [0.3, 0, 0]).every(Number.isFinite)).toBe(true);
});
