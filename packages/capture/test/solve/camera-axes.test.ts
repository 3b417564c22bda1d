import { LANDMARK_COUNT } from '@gaitway/capture/landmarks';
import { inCameraAxes } from '@gaitway/capture/solve/camera-axes';
import type { Observations } from '@gaitway/capture/solve/observations';
import { rotate } from '@gaitway/motion/quaternion';
import { fromTo } from '@gaitway/motion/rotation';
import fc from 'fast-check';
import { expect, it } from 'vitest';

const camera = { focalPx: 900, centreXPx: 640, centreYPx: 360, logSigma: 0.02, source: 'given' } as const;

/** One frame: all landmarks at one pixel, the first of them at `bodyM` of the model's own axes. */
function seenAt(xPx: number, yPx: number, bodyM: readonly number[]): Observations {
  const imagePx = new Float64Array(LANDMARK_COUNT * 2);
  for (let i = 0; i < imagePx.length; i += 2) imagePx.set([xPx, yPx], i);
  const body = new Float64Array(LANDMARK_COUNT * 3);
  body.set(bodyM);
  const visibility = new Float64Array(LANDMARK_COUNT).fill(1);
  return { fps: 30, frameCount: 1, widthPx: 1280, heightPx: 720, imagePx, bodyM: body, visibility, gaps: [] };
}

const first = (seen: Observations): number[] => [...inCameraAxes(seen, camera).bodyM.subarray(0, 3)];

it('leaves alone whom the camera looks straight at', () => {
  expect(first(seenAt(640, 360, [0.1, 0.2, 0.3]))).toEqual([0.1, 0.2, 0.3]);
});

it('what lies towards the camera lies along the ray to the person', () => {
  const [x, y, z] = first(seenAt(1040, 160, [0, 0, 1]));
  expect(x / -z).toBeCloseTo(400 / 900, 12);
  expect(y / -z).toBeCloseTo(200 / 900, 12);
  expect(z).toBeGreaterThan(0);
});

it('is the smallest turn of the viewing direction to the ray', () => {
  const place = fc.double({ min: -2000, max: 2000, noNaN: true });
  const metres = fc.double({ min: -1, max: 1, noNaN: true });
  fc.assert(
    fc.property(place, place, fc.tuple(metres, metres, metres), (xPx, yPx, bodyM) => {
      const q = new Float64Array(4);
      const ray = Float64Array.of((xPx - 640) / 900, (360 - yPx) / 900, -1);
      fromTo(
        q,
        0,
        Float64Array.of(0, 0, -1),
        0,
        ray.map((v) => v / Math.hypot(...ray)),
        0,
      );
      const expected = new Float64Array(3);
      rotate(expected, 0, q, 0, Float64Array.from(bodyM), 0);
      first(seenAt(xPx, yPx, bodyM)).forEach((v, k) => {
        expect(v).toBeCloseTo(expected[k], 9);
      });
    }),
  );
});
