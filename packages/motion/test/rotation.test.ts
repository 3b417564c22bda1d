import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { multiply, multiplyInverse, normalize, rotate, rotateInverse } from '../src/quaternion.ts';
import {
  angleBetweenRad,
  expMap,
  fromAxisAngle,
  fromBasis,
  fromTo,
  logMap,
  setBlend,
  slerp,
  toMatrix,
  twistAngleRad,
  unrollQuaternions,
} from '../src/rotation.ts';
import { cross, dot, length } from '../src/vector.ts';

const component = fc.double({ min: -1, max: 1, noNaN: true });
const vector = fc.tuple(component, component, component).map((v) => Float64Array.from(v));
const nonZero = vector.filter((v) => length(v, 0) > 0.05);
const quaternion = fc
  .tuple(component, component, component, component)
  .filter((q) => Math.hypot(...q) > 0.1)
  .map((q) => {
    const out = Float64Array.from(q);
    normalize(out, 0);
    return out;
  });

const product = (a: Float64Array, b: Float64Array): Float64Array => {
  const out = new Float64Array(4);
  multiply(out, 0, a, 0, b, 0);
  return out;
};
const rotated = (q: Float64Array, v: Float64Array): Float64Array => {
  const out = new Float64Array(3);
  rotate(out, 0, q, 0, v, 0);
  return out;
};
const near = (a: ArrayLike<number>, b: ArrayLike<number>, digits = 10): void => {
  expect(a.length).toBe(b.length);
  for (let i = 0; i < a.length; i++) expect(a[i]).toBeCloseTo(b[i], digits);
};

describe('the group of rotations', () => {
  it('is associative, has an identity and inverses', () => {
    fc.assert(
      fc.property(quaternion, quaternion, quaternion, (a, b, c) => {
        near(product(product(a, b), c), product(a, product(b, c)));
        near(product(a, Float64Array.of(0, 0, 0, 1)), a);
        const back = new Float64Array(4);
        multiplyInverse(back, 0, a, 0, product(a, b), 0);
        near(back, b);
      }),
    );
  });

  it('acts on vectors: (ab)v = a(bv), lengths stay, the inverse undoes', () => {
    fc.assert(
      fc.property(quaternion, quaternion, vector, (a, b, v) => {
        near(rotated(product(a, b), v), rotated(a, rotated(b, v)));
        expect(length(rotated(a, v), 0)).toBeCloseTo(length(v, 0), 10);
        const back = new Float64Array(3);
        rotateInverse(back, 0, a, 0, rotated(a, v), 0);
        near(back, v);
      }),
    );
  });

  it('may write over an argument', () => {
    fc.assert(
      fc.property(quaternion, quaternion, (a, b) => {
        const out = product(a, b);
        const over = b.slice();
        multiply(over, 0, a, 0, over, 0);
        near(over, out, 15);
      }),
    );
  });
});

describe('exponential map', () => {
  it('inverts: log(exp(v)) = v below π, exp(log(q)) = ±q', () => {
    fc.assert(
      fc.property(vector, quaternion, (v, q) => {
        const e = new Float64Array(4);
        const back = new Float64Array(3);
        expMap(e, 0, v, 0);
        logMap(back, 0, e, 0);
        near(back, v, 9);
        logMap(back, 0, q, 0);
        expMap(e, 0, back, 0);
        expect(Math.abs(e[0] * q[0] + e[1] * q[1] + e[2] * q[2] + e[3] * q[3])).toBeCloseTo(1, 10);
      }),
    );
  });

  it('is exact where the series takes over', () => {
    for (const angle of [1e-12, 9.9e-5, 1.01e-4]) {
      const e = new Float64Array(4);
      const back = new Float64Array(3);
      expMap(e, 0, [angle, 0, 0], 0);
      logMap(back, 0, e, 0);
      expect(back[0] / angle).toBeCloseTo(1, 12);
    }
  });

  it('has the derivative of a rotation: d/dt exp(tv)x = v × x at 0 (finite differences)', () => {
    fc.assert(
      fc.property(vector, vector, (v, x) => {
        const h = 1e-6;
        const e = new Float64Array(4);
        const at = (t: number): Float64Array => {
          expMap(
            e,
            0,
            v.map((c) => c * t),
            0,
          );
          return rotated(e, x);
        };
        const plus = at(h);
        const minus = at(-h);
        const expected = new Float64Array(3);
        cross(expected, 0, v, 0, x, 0);
        near(
          plus.map((p, k) => (p - minus[k]) / (2 * h)),
          expected,
          7,
        );
      }),
    );
  });
});

describe('construction and interpolation', () => {
  it('slerp hits its ends and moves at constant speed on the shorter arc', () => {
    fc.assert(
      fc.property(quaternion, quaternion, fc.double({ min: 0, max: 1, noNaN: true }), (a, b, t) => {
        const out = new Float64Array(4);
        slerp(out, 0, a, 0, b, 0, t);
        expect(angleBetweenRad(a, 0, out, 0)).toBeCloseTo(t * angleBetweenRad(a, 0, b, 0), 5);
        const part = b.slice();
        setBlend(part, 0, t);
        expect(angleBetweenRad([0, 0, 0, 1], 0, part, 0)).toBeCloseTo(t * angleBetweenRad([0, 0, 0, 1], 0, b, 0), 5);
      }),
    );
  });

  it('fromTo takes one direction to the other, also when they are opposite', () => {
    fc.assert(
      fc.property(nonZero, nonZero, (a, b) => {
        const q = new Float64Array(4);
        for (const target of [b, a.map((c) => -c)]) {
          fromTo(q, 0, a, 0, target, 0);
          const turned = rotated(q, a);
          expect(dot(turned, 0, target, 0) / (length(a, 0) * length(target, 0))).toBeCloseTo(1, 8);
        }
      }),
    );
  });

  it('fromBasis inverts toMatrix', () => {
    fc.assert(
      fc.property(quaternion, (q) => {
        const m = new Float64Array(9);
        toMatrix(m, 0, q, 0);
        const column = (k: number): number[] => [m[k], m[k + 3], m[k + 6]];
        const back = new Float64Array(4);
        fromBasis(back, 0, column(0), 0, column(1), 0, column(2), 0);
        expect(angleBetweenRad(q, 0, back, 0)).toBeLessThan(1e-7);
        near(rotated(q, Float64Array.of(1, 0, 0)), column(0));
      }),
    );
  });

  it('twistAngleRad reads back a pure twist and ignores swing across the axis', () => {
    fc.assert(
      fc.property(fc.double({ min: -3, max: 3, noNaN: true }), fc.double({ min: -1.5, max: 1.5, noNaN: true }), (twist, swing) => {
        const t = new Float64Array(4);
        const s = new Float64Array(4);
        fromAxisAngle(t, 0, 0, 1, 0, twist);
        fromAxisAngle(s, 0, 1, 0, 0, swing);
        expect(twistAngleRad(product(s, t), 0, 0, 1, 0)).toBeCloseTo(twist, 9);
      }),
    );
  });

  it('unrolling changes signs only, and makes neighbours agree', () => {
    fc.assert(
      fc.property(fc.array(quaternion, { minLength: 2, maxLength: 8 }), (track) => {
        const flat = Float64Array.from(track.flatMap((q) => [...q]));
        unrollQuaternions(flat, 0, track.length, 4);
        track.forEach((q, f) => {
          expect(Math.abs(flat[f * 4] * q[0] + flat[f * 4 + 1] * q[1] + flat[f * 4 + 2] * q[2] + flat[f * 4 + 3] * q[3])).toBeCloseTo(
            1,
            12,
          );
          if (f === 0) return;
          let d = 0;
          for (let k = 0; k < 4; k++) d += flat[f * 4 + k] * flat[f * 4 - 4 + k];
          expect(d).toBeGreaterThanOrEqual(0);
        });
      }),
    );
  });
});
