import { describe, expect, it } from 'vitest';
import { detectStance, plantedOptions, restOptions } from '../../src/solve/stance.ts';

const FPS = 30;
const FRAMES = 60;
/** The camera stands at the origin, 1.2 m above the floor, and looks along −z. */
const EYE = new Float64Array(3);
const FLOOR_M = -1.2;
const DISTANCE_M = 4;

type Place = readonly [x: number, y: number, z: number];
const STANDS: Place = [0, 0, 0];

/** Soles of two feet; each function gives where a foot is against its place on the floor, `heelLift` what the left heel rises besides. */
function solesOf(left: (f: number) => Place, right: (f: number) => Place = () => STANDS, heelLift: (f: number) => number = () => 0) {
  const soles = new Float64Array(FRAMES * 12);
  for (let f = 0; f < FRAMES; f++) {
    [left, right].forEach((foot, side) => {
      const [x, y, z] = foot(f);
      const heel = side === 0 ? heelLift(f) : 0;
      soles.set([x + (side - 0.5) * 0.2, FLOOR_M + y + heel, z - DISTANCE_M - 0.1], f * 12 + side * 6);
      soles.set([x + (side - 0.5) * 0.2, FLOOR_M + y, z - DISTANCE_M + 0.1], f * 12 + side * 6 + 3);
    });
  }
  return soles;
}

/** 0 before frame `from`, 1 after frame `to`, smooth between. */
const ease = (f: number, from: number, to: number): number => {
  const t = Math.max(0, Math.min(1, (f - from) / (to - from)));
  return t * t * (3 - 2 * t);
};

/** Share of the frames `[from, to)` in which a point is planted. */
const planted = (contacts: Uint8Array, p: number, from = 0, to = FRAMES): number => {
  let sum = 0;
  for (let f = from; f < to; f++) sum += contacts[f * 4 + p];
  return sum / (to - from);
};

describe('what of the soles stands', () => {
  it('a foot that swings straight at the camera does not', () => {
    // Along the ray to the foot: it does not move in the picture at all.
    const swing = (f: number): Place => {
      const s = 0.25 * ease(f, 20, 32);
      return [0.1 * s, -FLOOR_M * s, DISTANCE_M * s];
    };
    const contacts = detectStance(solesOf(swing), EYE, FPS, { startSpeedMS: 0.22, endSpeedMS: 0.4, maxHeightM: 1 });
    expect(planted(contacts, 1, 24, 29)).toBe(0);
    expect(planted(contacts, 3)).toBe(1);
  });

  it('both feet do when the distance to them jumps', () => {
    const jump = (f: number): Place => [0, 0, 0.3 * ease(f, 20, 26)];
    const contacts = detectStance(solesOf(jump, jump), EYE, FPS, { startSpeedMS: 0.6, endSpeedMS: 0.8, maxHeightM: 0.2 });
    expect([0, 1, 2, 3].map((p) => planted(contacts, p))).toEqual([1, 1, 1, 1]);
  });

  it('the foot of a runner does, though smoothing leaves it no frame at rest', () => {
    const run = (f: number): Place => {
      const phase = (f % 20) / 20;
      const stands = phase < 0.3;
      return [Math.floor(f / 20) * 2.4 + (stands ? 0.06 * phase * 10 * 0.3 : 0.054 + 2.346 * ease(phase, 0.3, 1)), stands ? 0 : 0.1, 0];
    };
    expect(planted(detectStance(solesOf(run), EYE, FPS), 0, 21, 25)).toBe(1);
  });
});

describe('a foot that leaves its place', () => {
  const away = (f: number, farM: number): number => farM * (ease(f, 20, 25) - ease(f, 28, 33));

  it('is held when it never rose: the network strayed', () => {
    const contacts = detectStance(
      solesOf((f) => [away(f, 0.14), 0, 0]),
      EYE,
      FPS,
    );
    expect([0, 1].map((p) => planted(contacts, p))).toEqual([1, 1]);
  });

  it('is free when it rose: it took a step', () => {
    const contacts = detectStance(
      solesOf((f) => [0.14 * ease(f, 20, 30), 0.2 * ease(f, 20, 30) * (1 - ease(f, 20, 30)), 0]),
      EYE,
      FPS,
    );
    expect(planted(contacts, 0, 22, 28)).toBe(0);
  });

  it('is free when it went far: it slid', () => {
    const contacts = detectStance(
      solesOf((f) => [0.5 * ease(f, 20, 30), 0, 0]),
      EYE,
      FPS,
    );
    expect(planted(contacts, 0, 22, 28)).toBe(0);
  });

  it('is free when only the heel rose', () => {
    const contacts = detectStance(
      solesOf(
        () => STANDS,
        () => STANDS,
        (f) => 0.1 * (ease(f, 20, 25) - ease(f, 28, 33)),
      ),
      EYE,
      FPS,
    );
    expect(planted(contacts, 0, 21, 24)).toBe(0);
    expect(planted(contacts, 1)).toBe(1);
  });
});

describe('a heel that rests on its ball', () => {
  it('does not move, but does not stand on the floor either', () => {
    const onTiptoe = solesOf(
      () => STANDS,
      () => STANDS,
      () => 0.1,
    );
    const [resting, planted] = [restOptions('auto'), plantedOptions('auto')].map((options) => detectStance(onTiptoe, EYE, FPS, options));
    expect([0, 1, 2, 3].map((p) => resting.filter((_, i) => i % 4 === p).includes(0))).toEqual([false, false, false, false]);
    expect([0, 1, 2, 3].map((p) => planted.filter((_, i) => i % 4 === p).includes(1))).toEqual([false, true, true, true]);
  });
});
