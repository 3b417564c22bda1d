import { describe, expect, it } from 'vitest';
import { BODY_POINTS } from '../../src/lift/body-points.ts';
import { DEPTH, deviation, FLAT, LATERAL, mix, PLANE } from '../../src/lift/mixture.ts';
import { normals } from '../solve/synthetic.ts';

const POINTS = BODY_POINTS.length;
const LENGTH = POINTS * 8;

const member = (seed: number): Float32Array => {
  const next = normals(seed);
  return Float32Array.from({ length: LENGTH }, (_, i) => (i < LATERAL ? 0.3 * next() : -3 + 0.5 * next()));
};

const mixed = (...members: readonly Float32Array[]): Float32Array => {
  const out = new Float32Array(LENGTH);
  mix(out, members);
  return out;
};

describe('several networks together', () => {
  it('say what one says if it is alone, or if all say the same', () => {
    const one = member(1);
    for (const out of [mixed(one), mixed(one, one, one)]) {
      out.forEach((value, i) => {
        expect(value).toBeCloseTo(one[i], 6);
      });
    }
  });

  it('have the variance of a draw from one of them, whichever comes', () => {
    const members = [member(2), member(3), member(4)];
    const out = mixed(...members);
    const variance = (mean: number, log: number, of: number): number => {
      // E[x²] − E[x]² over the mixture.
      const square = members.reduce((sum, m) => sum + (deviation(m[log]) ** 2 + m[mean] ** 2) / members.length, 0);
      expect(out[mean]).toBeCloseTo(members.reduce((sum, m) => sum + m[mean], 0) / members.length, 6);
      return (square - out[mean] ** 2) * of;
    };
    for (let p = 0; p < POINTS; p++) {
      const across = [0, 1].reduce((sum, k) => sum + variance(p * 3 + k, LATERAL + p, 0.5), 0);
      const flat = [0, 1].reduce((sum, k) => sum + variance(PLANE + p * 2 + k, FLAT + p, 0.5), 0);
      expect(deviation(out[LATERAL + p]) ** 2).toBeCloseTo(across, 5);
      expect(deviation(out[DEPTH + p]) ** 2).toBeCloseTo(variance(p * 3 + 2, DEPTH + p, 1), 5);
      expect(deviation(out[FLAT + p]) ** 2).toBeCloseTo(flat, 5);
    }
  });

  it('do not believe widths that nobody was trained on', () => {
    const wild = member(5).map((value, i) => (i < LATERAL ? value : 50));
    expect(deviation(mixed(wild)[DEPTH])).toBeCloseTo(Math.SQRT2 * Math.E, 5);
    expect(mixed(wild).every(Number.isFinite)).toBe(true);
  });
});
