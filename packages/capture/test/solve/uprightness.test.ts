import { expect, test } from 'vitest';
import { LANDMARK_COUNT } from '../../src/landmarks.ts';
import type { Observations } from '../../src/solve/observations.ts';
import { bodyLines } from '../../src/solve/uprightness.ts';

/** A straight body that leans forward by `leanRad` from the ankles and faces `headingRad` (0: the camera). */
function leaning(leanRad: number, headingRad: number): Float64Array {
  const points = new Float64Array(LANDMARK_COUNT * 3);
  const put = (landmark: number, heightM: number, halfM: number): void => {
    for (const side of [0, 1]) {
      const left = side === 0 ? halfM : -halfM;
      const forward = heightM * Math.sin(leanRad);
      const x = left * Math.cos(headingRad) + forward * Math.sin(headingRad);
      const z = forward * Math.cos(headingRad) - left * Math.sin(headingRad);
      points.set([x, heightM * Math.cos(leanRad), z - 4], (landmark + side) * 3);
    }
  };
  put(11, 1.35, 0.2);
  put(23, 0.85, 0.1);
  put(25, 0.4, 0.1);
  put(27, 0, 0.1);
  return points;
}

const seen = { frameCount: 1, visibility: new Float32Array(LANDMARK_COUNT).fill(1) } as unknown as Observations;

test.each([0, 1, 2.5, -1.2])('the usual forward lean is taken off, whichever way the body faces: %s rad', (headingRad) => {
  const { posture, lines } = bodyLines(leaning((4 * Math.PI) / 180, headingRad), seen, true);
  expect(posture).toBe('upright');
  const [x, y, z] = lines[0];
  expect(Math.atan2(x, y)).toBeCloseTo(0, 6);
  expect(Math.atan2(z, y)).toBeCloseTo(0, 6);
  expect(Math.hypot(x, y, z)).toBeCloseTo(1.35, 6);
});
