import { multiply } from '@gaitway/motion/quaternion';
import { angleBetweenRad, fromAxisAngle } from '@gaitway/motion/rotation';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eulerXyzTrack } from '../src/euler.ts';

const RAD = Math.PI / 180;

/** The quaternion of Rz·Ry·Rx, angles in degrees. */
function fromEuler(x: number, y: number, z: number): Float64Array {
  const [qx, qy, qz] = [new Float64Array(4), new Float64Array(4), new Float64Array(4)];
  fromAxisAngle(qx, 0, 1, 0, 0, x * RAD);
  fromAxisAngle(qy, 0, 0, 1, 0, y * RAD);
  fromAxisAngle(qz, 0, 0, 0, 1, z * RAD);
  multiply(qy, 0, qy, 0, qx, 0);
  multiply(qz, 0, qz, 0, qy, 0);
  return qz;
}

/** Angles of a track of quaternions, `[frame] = [x, y, z]`. */
function anglesOf(track: readonly Float64Array[]): number[][] {
  const flat = Float64Array.from(track.flatMap((q) => [...q]));
  const [x, y, z] = eulerXyzTrack(flat, 0, track.length, 4);
  return track.map((_, f) => [x[f], y[f], z[f]]);
}

const angle = fc.double({ min: -720, max: 720, noNaN: true });
const steep = fc.constantFrom(90, -90, 89.9999, -89.9999, 270);

describe('Euler angles XYZ', () => {
  it('give the rotation back, gimbal lock included', () => {
    fc.assert(
      fc.property(angle, fc.oneof(angle, steep), angle, (x, y, z) => {
        const q = fromEuler(x, y, z);
        const [[ax, ay, az]] = anglesOf([q]);
        expect(angleBetweenRad(q, 0, fromEuler(ax, ay, az), 0)).toBeLessThan(1e-7);
      }),
      { numRuns: 300 },
    );
  });

  it('follow a joint that turns more than once without a jump', () => {
    const spin = Array.from({ length: 200 }, (_, f) => fromEuler(10, 20, f * 7));
    const angles = anglesOf(spin);
    expect(angles[199][2]).toBeCloseTo(199 * 7, 6);
    for (const [, y] of angles) expect(y).toBeCloseTo(20, 6);
  });

  it('pass the pole without a jump: the middle angle goes beyond 90°', () => {
    const over = anglesOf(Array.from({ length: 61 }, (_, f) => fromEuler(5, 60 + f, -15)));
    over.forEach(([x, y, z], f) => {
      expect(y).toBeCloseTo(60 + f, 5);
      expect(x).toBeCloseTo(5, 5);
      expect(z).toBeCloseTo(-15, 5);
    });
  });

  it('do not depend on the sign of the quaternion', () => {
    const q = fromEuler(30, 40, 50);
    expect(anglesOf([q.map((v) => -v)])[0]).toEqual(anglesOf([q])[0]);
  });
});
