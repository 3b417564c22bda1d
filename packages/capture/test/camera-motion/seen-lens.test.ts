import { describe, expect, it } from 'vitest';
import type { CameraMotion } from '../../src/camera-motion/camera-motion.ts';
import { seenLens, taggedLensLog } from '../../src/camera-motion/seen-lens.ts';
import type { LensProfile } from '../../src/lens/lens-profile.ts';
import { FOCAL_COUNT, FOCAL_REACH, FOCAL_STEP } from '../../src/lens/lens-profile.ts';

const motion: CameraMotion = { focalPx: 1000, rotations: Float64Array.of(0, 0, 0, 1), referenceFrame: 0, panRad: 0.3 };
const STEADY = { motion, zoom: 1 };
const seenLensLog = (track: Parameters<typeof seenLens>[0], verdict: Parameters<typeof seenLens>[1]): number =>
  seenLens(track, verdict).mean;
const logs = (...values: number[]): { lensLogs: Float32Array } => ({ lensLogs: Float32Array.from(values) });

describe('what pictures say about the lens', () => {
  it('is nothing where no picture tells, and in tracks of old', () => {
    expect(seenLensLog({}, STEADY)).toBe(0);
    expect(seenLensLog(logs(), STEADY)).toBe(0);
    expect(seenLensLog(logs(Number.NaN, Number.NaN), STEADY)).toBe(0);
  });

  it('is believed the more, the more pictures agree, and never beyond what they say', () => {
    const [one, four, many] = [1, 4, 40].map((count) => seenLensLog(logs(...new Array<number>(count).fill(0.2), Number.NaN), STEADY));
    expect(one).toBeGreaterThan(0.1);
    expect(four).toBeGreaterThan(one);
    expect(many).toBeGreaterThan(four);
    expect(many).toBeLessThan(0.2);
  });

  it('does not hang on one picture', () => {
    const agreed = seenLensLog(logs(0.1, 0.1, 0.1, 0.1, 0.1), STEADY);
    expect(Math.abs(seenLensLog(logs(0.1, 0.1, 0.1, 0.1, 0.25), STEADY) - agreed)).toBeLessThan(1e-6);
  });

  it('is nothing where pictures contradict each other or the background grows', () => {
    expect(seenLensLog(logs(-0.3, 0.3, 0.1, -0.2), STEADY)).toBe(0);
    expect(seenLensLog(logs(0.2, 0.2, 0.2), { motion, zoom: 1.3 })).toBe(0);
  });
});

describe('what edges of the background say about the lens', () => {
  /** Edges of a room that fit best with one logarithm of the focal length, `deep` nats better than far from it. */
  const edges = (log: number, deep: number): { edges: { frame: number; profile: LensProfile }[] } => {
    const scores = Float64Array.from({ length: FOCAL_COUNT }, (_, i) => {
      const off = (i - FOCAL_REACH) * FOCAL_STEP - log;
      return 60 - deep * (1 - Math.exp(-0.5 * (off / 0.02) ** 2));
    });
    return {
      edges: [{ frame: 0, profile: { scores, downs: new Float64Array(FOCAL_COUNT * 3), sigmas: new Float64Array(FOCAL_COUNT * 2) } }],
    };
  };
  const still = { motion: undefined, zoom: 1 };

  it('is believed where they are sure', () => {
    const { mean, sd, source } = seenLens(edges(0.15, 80), still);
    expect(source).toBe('lines');
    expect(Math.abs(mean - 0.15)).toBeLessThan(sd);
    expect(sd).toBeLessThan(0.06);
  });

  it('is nothing where all focal lengths fit alike, or the room is chance', () => {
    expect(seenLens(edges(0.15, 0), still)).toMatchObject({ mean: 0, source: 'prior' });
    const { edges: chance } = edges(0.15, 80);
    const weak = chance.map((seen) => ({ ...seen, profile: { ...seen.profile, scores: seen.profile.scores.map((v) => v - 70) } }));
    expect(seenLens({ edges: weak }, still)).toMatchObject({ mean: 0, source: 'prior' });
  });

  it('is nothing for a camera that zooms', () => {
    expect(seenLens(edges(0.15, 80), { motion: undefined, zoom: 1.3 })).toMatchObject({ mean: 0, source: 'prior' });
  });

  it('is weighed against what pans have shown', () => {
    const both = seenLens({ ...edges(0.1, 80), ...logs(0.2, 0.2, 0.2, 0.2, 0.2, 0.2) }, STEADY);
    expect(both.source).toBe('background');
    expect(both.mean).toBeGreaterThan(0.1);
    expect(both.mean).toBeLessThan(0.2);
    expect(both.sd).toBeLessThan(seenLens(logs(0.2, 0.2, 0.2, 0.2, 0.2, 0.2), STEADY).sd);
  });

  it('is no surer after a second look at the same background', () => {
    const {
      edges: [one],
    } = edges(0.15, 80);
    expect(seenLens({ edges: [one, one] }, still).sd).toBeCloseTo(seenLens({ edges: [one] }, still).sd, 12);
  });
});

describe('what the file says about the lens', () => {
  const still = { motion: undefined, zoom: 1 };

  it('is where the search begins, and gives way to what is seen', () => {
    expect(Math.abs(taggedLensLog(26))).toBeLessThan(0.05);
    const wide = { taggedLog: taggedLensLog(13) };
    expect(seenLens(wide, still)).toMatchObject({ mean: taggedLensLog(13), source: 'file' });
    expect(seenLens({ ...wide, ...logs(-0.5, -0.5, -0.5, -0.5) }, STEADY).mean).toBeGreaterThan(taggedLensLog(13) + 0.05);
  });

  it('stands beyond the lenses that edges are compared with', () => {
    const flat: LensProfile = {
      scores: new Float64Array(FOCAL_COUNT).fill(40),
      downs: new Float64Array(FOCAL_COUNT * 3),
      sigmas: new Float64Array(FOCAL_COUNT * 2),
    };
    const long = { taggedLog: taggedLensLog(120), edges: [{ frame: 0, profile: flat }] };
    expect(seenLens(long, still)).toMatchObject({ mean: taggedLensLog(120), source: 'file' });
  });
});
