import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CAMERA_PITCH, CAMERA_ROLL, likelyTiltRad } from '../../src/solve/camera-tilt.ts';

const rad = (degrees: number): number => (degrees * Math.PI) / 180;
const tilt = fc.double({ min: -1, max: 1, noNaN: true });

test('the likely tilt lies between what the body shows and the usual camera', () => {
  fc.assert(
    fc.property(tilt, (body) => {
      for (const belief of [CAMERA_PITCH, CAMERA_ROLL]) {
        const likely = likelyTiltRad(body, belief);
        expect(likely).toBeGreaterThanOrEqual(Math.min(body, belief.usualRad) - 1e-12);
        expect(likely).toBeLessThanOrEqual(Math.max(body, belief.usualRad) + 1e-12);
      }
    }),
  );
});

test('more tilt of the body never means less tilt of the camera', () => {
  fc.assert(
    fc.property(tilt, tilt, (a, b) => {
      const [low, high] = [Math.min(a, b), Math.max(a, b)];
      expect(likelyTiltRad(high, CAMERA_PITCH)).toBeGreaterThanOrEqual(likelyTiltRad(low, CAMERA_PITCH) - 0.01);
    }),
  );
});

test('a little lean is the person, a lot of it the camera', () => {
  expect(likelyTiltRad(rad(3), CAMERA_ROLL)).toBeLessThan(rad(1));
  expect(likelyTiltRad(rad(35), CAMERA_PITCH)).toBeGreaterThan(rad(31));
});

test('a room that shows its edges is believed the more, the surer it is, and not against everything', () => {
  const body = rad(14);
  const alone = likelyTiltRad(body, CAMERA_PITCH);
  const tilts = [20, 4, 1].map((sigma) => likelyTiltRad(body, CAMERA_PITCH, { tiltRad: rad(4), sigmaRad: rad(sigma) }));
  expect(Math.abs(tilts[0] - alone)).toBeLessThan(rad(1));
  expect(tilts[1]).toBeLessThan(tilts[0] - rad(1));
  expect(Math.abs(tilts[2] - rad(4))).toBeLessThan(rad(0.5));
  // Edges of something that stands askew.
  const askew = likelyTiltRad(rad(2), CAMERA_ROLL, { tiltRad: rad(45), sigmaRad: rad(1) });
  expect(Math.abs(askew)).toBeLessThan(rad(3));
});
