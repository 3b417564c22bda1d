import { describe, expect, it } from 'vitest';
import { align, transformed } from '../src/alignment.ts';
import { BODY12, score } from '../src/scores.ts';
import type { Truth } from '../src/truth.ts';
import { truthTracks } from '../src/truth.ts';

/** A body that walks on a circle, with joints that swing: nothing degenerate about it. */
const truth: Truth = {
  clip: 'synthetic',
  fps: 30,
  joints: BODY12,
  contact_names: ['l_heel'],
  subject: { height_m: 1.7 },
  camera: { R: [1, 0, 0, 0, 1, 0, 0, 0, 1], t: [0, 0, 0] },
  frames: Array.from({ length: 60 }, (_, f) => ({
    joints: BODY12.map(
      (_, j) => [Math.cos(f / 20) + 0.2 * Math.sin(j), j * 0.12 + 0.03 * Math.sin(f / 5 + j), Math.sin(f / 20) + 0.1 * j] as const,
    ),
    contact: [1],
  })),
};

const moved = (change: (p: [number, number, number], f: number) => [number, number, number]) => {
  const tracks = truthTracks(truth);
  const points = new Map(
    [...tracks.points].map(([name, xyz]) => {
      const out = new Float64Array(xyz.length);
      for (let f = 0; f < xyz.length / 3; f++) out.set(change([xyz[f * 3], xyz[f * 3 + 1], xyz[f * 3 + 2]], f), f * 3);
      return [name, out] as const;
    }),
  );
  return { ...tracks, points };
};

describe('alignment', () => {
  it('finds a similarity back', () => {
    const from = Float64Array.from({ length: 30 }, (_, i) => Math.sin(i * 1.7) * (1 + (i % 3)));
    const T = { s: 1.3, R: Float64Array.of(0, -1, 0, 1, 0, 0, 0, 0, 1), t: Float64Array.of(1, -2, 3) };
    const found = align(from, transformed(T, from), { scale: true });
    expect(found.s).toBeCloseTo(1.3, 9);
    for (let k = 0; k < 9; k++) expect(found.R[k]).toBeCloseTo(T.R[k], 9);
    for (let k = 0; k < 3; k++) expect(found.t[k]).toBeCloseTo(T.t[k], 9);
  });
});

describe('scores', () => {
  it('are zero for the truth itself, wherever it stands and whichever way it faces', () => {
    const s = score(
      truth,
      moved(([x, y, z]) => [z + 4, y, -x - 1]),
    );
    for (const value of [s.mpjpeMm, s.paMpjpeMm, s.waMetricMm, s.wMetricMm, s.rootErrorMm, s.boneLengthErrorPct])
      expect(value).toBeCloseTo(0, 6);
    expect(s.jitter).toBeCloseTo(s.jitterTruth, 9);
    expect(s.scale).toBeCloseTo(1, 9);
  });

  it('tell size from shape: 10 % too large is an error of MPJPE and scale, not of PA-MPJPE', () => {
    const s = score(
      truth,
      moved(([x, y, z]) => [x * 1.1, y * 1.1, z * 1.1]),
    );
    expect(s.scale).toBeCloseTo(1 / 1.1, 9);
    expect(s.paMpjpeMm).toBeCloseTo(0, 6);
    expect(s.mpjpeMm).toBeGreaterThan(10);
    expect(s.boneLengthErrorPct).toBeCloseTo(10, 6);
  });

  it('tell tilt: a body leaning by 5 degrees', () => {
    const a = (5 * Math.PI) / 180;
    const s = score(
      truth,
      moved(([x, y, z]) => [x, y * Math.cos(a) - z * Math.sin(a), y * Math.sin(a) + z * Math.cos(a)]),
    );
    expect(s.tiltDeg).toBeCloseTo(5, 6);
  });

  it('tell a world that drifts from one that does not', () => {
    const s = score(
      truth,
      moved(([x, y, z], f) => [x + f * 0.01, y, z]),
    );
    expect(s.paMpjpeMm).toBeCloseTo(0, 6);
    expect(s.wMetricMm).toBeGreaterThan(100);
  });
});
