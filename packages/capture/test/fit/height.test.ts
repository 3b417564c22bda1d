import { describe, expect, it } from 'vitest';
import type { Ground } from '../../src/fit/contact-terms.ts';
import { createContactFrame, heightTerms } from '../../src/fit/contact-terms.ts';

const ground = (rests: boolean): Ground => ({
  contacts: new Uint8Array(4).fill(rests ? 1 : 0),
  soles: new Float64Array(12),
  up: Float64Array.of(0, 1, 0),
  floorM: 0,
});

/** Cost of one sole point at a height, the others on the floor. */
function cost(heightM: number, rests: boolean): number {
  const frame = createContactFrame();
  frame.points[1] = heightM;
  return heightTerms(ground(rests), 0, frame, undefined, 0);
}

/** How hard a point is pushed at a height. */
const push = (heightM: number, rests: boolean): number => (cost(heightM + 1e-6, rests) - cost(heightM - 1e-6, rests)) / 2e-6;

describe('the height of a sole', () => {
  it('is that of the floor for a point at rest near it', () => {
    expect(cost(0, true)).toBe(0);
    expect(push(0.01, true)).toBeGreaterThan(0);
    expect(push(-0.01, true)).toBeLessThan(0);
  });

  it('is its own where a point rests well above the floor: it is hardly pulled', () => {
    expect(push(0.2, true)).toBeLessThan(push(0.02, true) / 2);
  });

  it('is never below the floor, and free above it, for a point that moves', () => {
    expect(push(-0.01, false)).toBeLessThan(0);
    expect(cost(0.05, false)).toBe(0);
    expect(push(-0.2, true) / push(-0.02, true)).toBeCloseTo(10, 3);
  });
});
