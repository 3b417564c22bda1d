import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Landmarks } from '../../src/landmarks.ts';
import { firstSolve } from '../../src/solve/first-solve.ts';
import { solve } from '../../src/solve/solve.ts';
import { everyNumber } from './measure.ts';
import { firstFrames, readTruth, syntheticLandmarks } from './synthetic.ts';

const FRAMES = 20;
const good = syntheticLandmarks(firstFrames(readTruth('dance_portrait'), FRAMES), { seed: 3, imagePx: 2, worldM: 0.01 });

/** A copy that may be damaged. */
const copy = (frames = FRAMES): Landmarks => ({
  ...good,
  frameCount: frames,
  timesSec: good.timesSec.slice(0, frames),
  found: good.found.slice(0, frames),
  imagePx: good.imagePx.slice(0, frames * 99),
  worldM: good.worldM.slice(0, frames * 99),
  visibility: good.visibility.slice(0, frames * 33),
  score: good.score.slice(0, frames),
});

function lose(landmarks: Landmarks, f: number): void {
  landmarks.found[f] = 0;
  landmarks.imagePx.fill(0, f * 99, (f + 1) * 99);
  landmarks.worldM.fill(0, f * 99, (f + 1) * 99);
  landmarks.visibility.fill(0, f * 33, (f + 1) * 33);
}

function expectSound(landmarks: Landmarks): ReturnType<typeof solve> {
  for (const solver of [firstSolve, solve]) {
    const { clip } = solver(landmarks, {});
    expect(everyNumber(clip).every(Number.isFinite)).toBe(true);
    for (let i = 0; i < clip.rotations.length; i += 4) expect(Math.hypot(...clip.rotations.subarray(i, i + 4))).toBeCloseTo(1, 4);
    expect(clip.rootTranslationM.every((v) => Math.abs(v) < 200)).toBe(true);
    expect(clip.confidence.every((v) => v >= 0 && v <= 1)).toBe(true);
  }
  return solve(landmarks, {});
}

describe('landmarks that are hard to believe', () => {
  it('two frames', () => {
    const { clip, report } = expectSound(copy(2));
    expect(clip.frameCount).toBe(2);
    expect(report.warnings.join(' ')).toContain('shorter than a second');
  });

  it('all frames but one lost', () => {
    const landmarks = copy();
    for (let f = 0; f < FRAMES; f++) if (f !== 9) lose(landmarks, f);
    const { clip, report } = expectSound(landmarks);
    expect(clip.frameCount).toBe(FRAMES);
    expect(report.gaps).toEqual([
      { from: 0, to: 9 },
      { from: 10, to: FRAMES },
    ]);
  });

  it('the same picture over and over', () => {
    const landmarks = copy();
    for (let f = 1; f < FRAMES; f++) {
      landmarks.imagePx.copyWithin(f * 99, 0, 99);
      landmarks.worldM.copyWithin(f * 99, 0, 99);
    }
    expectSound(landmarks);
  });

  it('all landmarks in one point', () => {
    const landmarks = copy();
    landmarks.imagePx.fill(300);
    landmarks.worldM.fill(0);
    expectSound(landmarks);
  });

  it('nothing visible', () => {
    const landmarks = copy();
    landmarks.visibility.fill(0);
    expectSound(landmarks);
  });

  it('upside down', () => {
    const landmarks = copy();
    landmarks.imagePx.forEach((v, i) => {
      if (i % 3 === 1) landmarks.imagePx[i] = good.heightPx - v;
    });
    landmarks.worldM.forEach((v, i) => {
      if (i % 3 !== 2) landmarks.worldM[i] = -v;
    });
    expectSound(landmarks);
  });

  it('not a number here and there, and time running backwards', () => {
    const landmarks = copy();
    landmarks.imagePx[5 * 99 + 7] = Number.NaN;
    landmarks.worldM[7 * 99] = Number.POSITIVE_INFINITY;
    landmarks.visibility[8 * 33] = Number.NaN;
    landmarks.timesSec[12] = landmarks.timesSec[11];
    expectSound(landmarks);
  });

  it('any frames dropped, any landmarks hidden, any far-off outliers', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(FRAMES - 1), { maxLength: FRAMES - 1 }),
        fc.array(fc.tuple(fc.nat(FRAMES * 33 - 1), fc.double({ min: -5000, max: 5000, noNaN: true })), { maxLength: 60 }),
        (lost, outliers) => {
          const landmarks = copy();
          for (const [i, value] of outliers) {
            landmarks.imagePx[i * 3] = value;
            landmarks.worldM[i * 3 + 2] = value / 1000;
            landmarks.visibility[i] = Math.abs(value) / 5000;
          }
          for (const f of lost) lose(landmarks, f);
          const { clip } = solve(landmarks, {});
          expect(everyNumber(clip).every(Number.isFinite)).toBe(true);
        },
      ),
      { numRuns: 12, seed: 42 },
    );
  });

  it('nobody at all is an error with a name', () => {
    const landmarks = copy();
    landmarks.found.fill(0);
    expect(() => solve(landmarks, {})).toThrow(expect.objectContaining({ code: 'no_person_detected' }));
    expect(() => solve({ ...copy(1), frameCount: 1 }, {})).toThrow(expect.objectContaining({ code: 'source_too_short' }));
  });
});

describe('time', () => {
  it('resamples by real time stamps to round(d · fps) + 1 frames', () => {
    const landmarks = copy();
    const uneven = landmarks.timesSec.map((t, f) => t + (f % 2) * 0.01);
    const { clip } = solve({ ...landmarks, timesSec: uneven }, {});
    expect(clip.frameCount).toBe(Math.round((uneven[FRAMES - 1] - uneven[0]) * good.nominalFps) + 1);
  });
});

describe('swapped sides', () => {
  it('a whole-body flip of some frames is found, reported and mended', () => {
    const clean = syntheticLandmarks(firstFrames(readTruth('walk_front'), 30), { seed: 5, imagePx: 1, worldM: 0.005 });
    const flipped: Landmarks = { ...clean, imagePx: clean.imagePx.slice(), worldM: clean.worldM.slice() };
    for (let f = 10; f < 16; f++) flip(flipped, clean, f);
    const mended = solve(flipped, {});
    expect(mended.report.repairs).toEqual([{ from: 10, to: 16, kind: 'whole_body_flip' }]);
    const reference = solve(clean, {});
    expect(reference.report.repairs).toEqual([]);
    const worst = mended.clip.rotations.reduce((max, v, i) => Math.max(max, Math.abs(v - reference.clip.rotations[i])), 0);
    expect(worst).toBeLessThan(1e-3);
  });
});

/** Exchanges left and right and reverses the depth, as the pose model does. */
function flip(out: Landmarks, source: Landmarks, f: number): void {
  const twin = (i: number): number => (i === 0 ? 0 : i < 7 ? (i < 4 ? i + 3 : i - 3) : i % 2 === 1 ? i + 1 : i - 1);
  for (let i = 0; i < 33; i++) {
    const to = (f * 33 + i) * 3;
    const from = (f * 33 + twin(i)) * 3;
    for (let k = 0; k < 3; k++) {
      out.imagePx[to + k] = source.imagePx[from + k];
      out.worldM[to + k] = source.worldM[from + k] * (k === 2 ? -1 : 1);
    }
  }
}
