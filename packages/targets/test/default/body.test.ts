import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RoundCone } from '../../src/default/body/round-cone.ts';
import { coneDistance, smoothUnion } from '../../src/default/body/round-cone.ts';
import { surfaceNets } from '../../src/default/body/surface-nets.ts';

const BALL: RoundCone = { joint: 0, a: [0, 0, 0], b: [0, 0, 0], radiusA: 0.1, radiusB: 0.1 };
const LIMB: RoundCone = { joint: 0, a: [0, 0, 0], b: [0, 1, 0], radiusA: 0.2, radiusB: 0.1 };

describe('a round cone', () => {
  it('is as far as its ball at the ends and as its interpolated radius in between', () => {
    expect(coneDistance(BALL, 0.3, 0, 0)).toBeCloseTo(0.2, 12);
    expect(coneDistance(LIMB, 0.5, 0.5, 0)).toBeCloseTo(0.35, 12);
    expect(coneDistance(LIMB, 0, -0.5, 0)).toBeCloseTo(0.3, 12);
    expect(coneDistance(LIMB, 0, 0.5, 0)).toBeLessThan(0);
  });
});

describe('the smooth union', () => {
  const unused = new Float64Array(3);

  it('is the solid alone where nothing else is near, and never outside of any', () => {
    const far: RoundCone = { ...BALL, a: [5, 0, 0], b: [5, 0, 0] };
    const both = smoothUnion([BALL, far], 0.02, -10);
    expect(both(unused, 0.1, 0, 0)).toBeCloseTo(0, 9);
    const point = fc.double({ min: -1, max: 6, noNaN: true });
    fc.assert(
      fc.property(point, point, point, (x, y, z) => {
        expect(both(unused, x, y, z)).toBeLessThanOrEqual(Math.min(coneDistance(BALL, x, y, z), coneDistance(far, x, y, z)) + 1e-9);
      }),
    );
  });

  it('holds nothing below the floor', () => {
    const gradient = new Float64Array(3);
    expect(smoothUnion([BALL], 0.02, 0)(gradient, 0, -0.01, 0)).toBeCloseTo(0.01, 12);
    expect([...gradient]).toEqual([0, -1, 0]);
  });

  it('knows its gradient', () => {
    const arm: RoundCone = { joint: 1, a: [0, 0.8, 0], b: [0.5, 1, 0.2], radiusA: 0.05, radiusB: 0.11 };
    const field = smoothUnion([LIMB, arm], 0.05, -10);
    const gradient = new Float64Array(3);
    const near = fc.double({ min: -0.4, max: 1.4, noNaN: true });
    fc.assert(
      fc.property(fc.tuple(near, near, near), (p) => {
        field(gradient, ...p);
        const h = 1e-6;
        const slope = p.map((_, k) => {
          const moved = (by: number): number =>
            field(unused, p[0] + (k === 0 ? by : 0), p[1] + (k === 1 ? by : 0), p[2] + (k === 2 ? by : 0));
          return { ahead: (moved(h) - moved(0)) / h, behind: (moved(0) - moved(-h)) / h };
        });
        // Where a limb ends, the field has an edge: no one gradient there.
        fc.pre(slope.every(({ ahead, behind }) => Math.abs(ahead - behind) < 1e-3));
        slope.forEach(({ ahead, behind }, k) => {
          expect(gradient[k]).toBeCloseTo((ahead + behind) / 2, 3);
        });
      }),
    );
  });
});

describe('surface nets', () => {
  const field = smoothUnion([BALL], 0.02, -10);
  const ball = surfaceNets(field, [-0.15, -0.15, -0.15], [0.15, 0.15, 0.15], 0.02);
  const vertex = (v: number): [number, number, number] => [ball.positionsM[v * 3], ball.positionsM[v * 3 + 1], ball.positionsM[v * 3 + 2]];

  it('put every vertex of a ball on the ball, with normals that point away from its centre', () => {
    const count = ball.positionsM.length / 3;
    expect(count).toBeGreaterThan(100);
    for (let v = 0; v < count; v++) {
      const p = vertex(v);
      expect(Math.hypot(...p)).toBeCloseTo(0.1, 6);
      const n = ball.normals.subarray(v * 3, v * 3 + 3);
      expect(n[0] * p[0] + n[1] * p[1] + n[2] * p[2]).toBeCloseTo(0.1, 5);
    }
  });

  it('close the ball: it has the Euler characteristic and nearly the volume of one', () => {
    const edges = new Set<string>();
    let volumeM3 = 0;
    for (let t = 0; t < ball.triangles.length; t += 3) {
      const [a, b, c] = [ball.triangles[t], ball.triangles[t + 1], ball.triangles[t + 2]];
      for (const [i, j] of [
        [a, b],
        [b, c],
        [c, a],
      ]) {
        edges.add(i < j ? `${i}-${j}` : `${j}-${i}`);
      }
      const [p, q, r] = [vertex(a), vertex(b), vertex(c)];
      volumeM3 += p[0] * (q[1] * r[2] - q[2] * r[1]) + p[1] * (q[2] * r[0] - q[0] * r[2]) + p[2] * (q[0] * r[1] - q[1] * r[0]);
    }
    expect(ball.positionsM.length / 3 - edges.size + ball.triangles.length / 3).toBe(2);
    const exact = (4 / 3) * Math.PI * 0.1 ** 3;
    expect(volumeM3 / 6 / exact).toBeGreaterThan(0.95);
    expect(volumeM3 / 6 / exact).toBeLessThan(1);
  });
});
