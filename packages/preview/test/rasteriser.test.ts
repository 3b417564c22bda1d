import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cameraAt, fittingDistanceM, toView, type View } from '../src/camera.ts';
import { type Cone, Rasteriser } from '../src/rasteriser.ts';

const SIZE = 96;
const view: View = { azimuthRad: 0, elevationRad: 0, fovRad: 0.5, widthPx: SIZE, heightPx: SIZE };
const camera = cameraAt(view, [0, 0, 0], 10);
const RED = [255, 0, 0] as const;
const BLUE = [0, 0, 255] as const;

const cone = (a: Cone['a'], b: Cone['b'], radiusA: number, radiusB: number, colour: Cone['colourA']): Cone => ({
  a,
  b,
  radiusA,
  radiusB,
  colourA: colour,
  colourB: colour,
});

const draw = (cones: readonly Cone[]): Uint8ClampedArray => {
  const pixels = new Uint8ClampedArray(SIZE * SIZE * 4);
  new Rasteriser(SIZE, SIZE).draw(pixels, camera, cones);
  return pixels;
};
const at = (pixels: Uint8ClampedArray, x: number, y: number): number[] => [...pixels.subarray((y * SIZE + x) * 4, (y * SIZE + x) * 4 + 3)];
const covered = (pixels: Uint8ClampedArray): number => pixels.filter((value, i) => i % 4 === 3 && value > 0).length;

describe('Rasteriser', () => {
  it('covers the area of a ball', () => {
    const radiusPx = (0.5 / 10) * camera.focalPx;
    const area = covered(draw([cone([0, 0, 0], [0, 0, 0], 0.5, 0.5, RED)]));
    // Every pixel touched by the soft edge counts: the area lies between those of the ball and of one a pixel larger.
    expect(area).toBeGreaterThan(Math.PI * (radiusPx - 0.5) ** 2);
    expect(area).toBeLessThan(Math.PI * (radiusPx + 1) ** 2);
  });

  it('shows the nearer of two limbs, whichever comes first', () => {
    const near = cone([-0.5, 0, 1], [0.5, 0, 1], 0.1, 0.1, RED);
    const far = cone([0, -0.5, -1], [0, 0.5, -1], 0.1, 0.1, BLUE);
    for (const order of [
      [near, far],
      [far, near],
    ]) {
      const [red, , blue] = at(draw(order), SIZE / 2, SIZE / 2);
      expect(red).toBeGreaterThan(blue);
    }
  });

  it('shows the surface of two limbs that cross where each is nearer', () => {
    const leaning = cone([-0.8, 0, 0.8], [0.8, 0, -0.8], 0.15, 0.15, RED);
    const other = cone([-0.8, 0, -0.8], [0.8, 0, 0.8], 0.15, 0.15, BLUE);
    const pixels = draw([leaning, other]);
    expect(at(pixels, SIZE / 2 - 10, SIZE / 2)[0]).toBeGreaterThan(100);
    expect(at(pixels, SIZE / 2 + 10, SIZE / 2)[2]).toBeGreaterThan(100);
  });

  it('never draws outside the outline of the two balls, and always inside it', () => {
    const coordinate = fc.double({ min: -0.8, max: 0.8, noNaN: true });
    const radius = fc.double({ min: 0.05, max: 0.5, noNaN: true });
    fc.assert(
      fc.property(coordinate, coordinate, coordinate, coordinate, radius, radius, (x1, y1, x2, y2, r1, r2) => {
        const pixels = draw([cone([x1, y1, 0], [x2, y2, 0], r1, r2, RED)]);
        const scale = camera.focalPx / 10;
        for (let i = 0; i < SIZE * SIZE; i += 7) {
          const x = ((i % SIZE) + 0.5 - SIZE / 2) / scale;
          const y = (SIZE / 2 - Math.floor(i / SIZE) - 0.5) / scale;
          const distancePx = hullDistance(x, y, x1, y1, x2, y2, r1, r2) * scale;
          if (distancePx > 1) expect(pixels[i * 4 + 3]).toBe(0);
          if (distancePx < -1) expect(pixels[i * 4 + 3]).toBe(255);
        }
      }),
      { numRuns: 30 },
    );
  });
});

/** Signed distance to the hull of two discs, by brute force over the discs between them. */
function hullDistance(x: number, y: number, x1: number, y1: number, x2: number, y2: number, r1: number, r2: number): number {
  let nearest = Number.POSITIVE_INFINITY;
  for (let i = 0; i <= 200; i++) {
    const t = i / 200;
    nearest = Math.min(nearest, Math.hypot(x - x1 - t * (x2 - x1), y - y1 - t * (y2 - y1)) - (r1 + t * (r2 - r1)));
  }
  return nearest;
}

describe('fittingDistanceM', () => {
  it('puts every point inside the picture', () => {
    const coordinate = fc.double({ min: -3, max: 3, noNaN: true });
    const angle = fc.double({ min: -1.4, max: 1.4, noNaN: true });
    fc.assert(
      fc.property(fc.array(coordinate, { minLength: 3, maxLength: 30 }), angle, angle, (values, azimuthRad, elevationRad) => {
        const points = Float64Array.from(values.slice(0, values.length - (values.length % 3)));
        const turned: View = { ...view, azimuthRad, elevationRad };
        const fitted = cameraAt(turned, [0, 0, 0], fittingDistanceM(turned, points) + 1e-9);
        for (let i = 0; i < points.length; i += 3) {
          const [vx, vy, vz] = toView(fitted, points[i], points[i + 1], points[i + 2]);
          expect(vz).toBeLessThanOrEqual(1e-6);
          if (vz > -1e-3) continue;
          expect(Math.abs((fitted.focalPx * vx) / vz)).toBeLessThanOrEqual(SIZE / 2);
          expect(Math.abs((fitted.focalPx * vy) / vz)).toBeLessThanOrEqual(SIZE / 2);
        }
      }),
    );
  });
});
