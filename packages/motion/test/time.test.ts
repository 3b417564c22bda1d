import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clipDurationSec } from '../src/clip.ts';
import { gaussian, lowPass, lowPassRotations, median } from '../src/filters.ts';
import { jointPositions } from '../src/kinematics.ts';
import { resampleClip } from '../src/resample.ts';
import { angleBetweenRad, expMap } from '../src/rotation.ts';
import { walker } from './walker.ts';

const wave = (count: number, hz: number, fps: number): Float64Array =>
  Float64Array.from({ length: count }, (_, f) => Math.sin((2 * Math.PI * hz * f) / fps + 0.4));

describe('resampling', () => {
  it('up and down again gives the source frames back exactly', () => {
    const clip = walker(30, 2);
    const back = resampleClip(resampleClip(clip, 120), 30);
    expect(back.frameCount).toBe(clip.frameCount);
    for (const [i, v] of back.rootTranslationM.entries()) expect(v).toBe(clip.rootTranslationM[i]);
    for (let i = 0; i < clip.rotations.length; i += 4) expect(angleBetweenRad(back.rotations, i, clip.rotations, i)).toBeLessThan(1e-6);
  });

  it('keeps duration, first and last frame at every rate', () => {
    fc.assert(
      fc.property(fc.constantFrom(24, 25, 30, 50, 60, 120), fc.integer({ min: 1, max: 60 }), (fps, frames) => {
        const clip = walker(30, frames / 30);
        const other = resampleClip(clip, fps);
        expect(other.frameCount).toBe(Math.round(clipDurationSec(clip) * fps) + 1);
        expect(other.rootTranslationM.slice(0, 3)).toEqual(clip.rootTranslationM.slice(0, 3));
        if (Number.isInteger((frames * fps) / 30)) expect(other.rootTranslationM.slice(-3)).toEqual(clip.rootTranslationM.slice(-3));
      }),
      { numRuns: 40 },
    );
  });

  it('follows smooth motion: 30 → 60 fps is within a millimetre of the true motion at 60', () => {
    const up = jointPositions(resampleClip(walker(30, 1), 60));
    const truth = jointPositions(walker(60, 1));
    let worst = 0;
    for (let i = 0; i < truth.length; i++) worst = Math.max(worst, Math.abs(up[i] - truth[i]));
    expect(worst).toBeLessThan(1e-3);
  });

  it('handles a clip of one frame', () => {
    expect(resampleClip(walker(30, 0), 60).frameCount).toBe(1);
  });
});

describe('zero-phase filters', () => {
  it('low-pass keeps constants and lines exactly, passes slow waves in phase, removes fast ones', () => {
    const line = Float64Array.from({ length: 90 }, (_, f) => 3 + 0.5 * f);
    const before = line.slice();
    lowPass(line, 0, 90, 1, 5, 30);
    for (const [f, v] of line.entries()) expect(v).toBeCloseTo(before[f], 2);
    const slow = wave(300, 0.5, 30);
    const kept = slow.slice();
    lowPass(kept, 0, 300, 1, 6, 30);
    for (const [f, v] of kept.entries()) expect(Math.abs(v - slow[f])).toBeLessThan(0.01);
    const fast = wave(300, 13, 30);
    lowPass(fast, 0, 300, 1, 3, 30);
    expect(Math.max(...fast.slice(30, 270).map(Math.abs))).toBeLessThan(0.01);
  });

  it('is half as strong (−6 dB) at the cutoff', () => {
    const signal = wave(600, 3, 60);
    lowPass(signal, 0, 600, 1, 3, 60);
    expect(Math.max(...signal.slice(150, 450))).toBeCloseTo(0.5, 1);
  });

  it('does not depend on the direction of time', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 20, maxLength: 60 }), (values) => {
        const forwards = Float64Array.from(values);
        const backwards = Float64Array.from(values).reverse();
        for (const x of [forwards, backwards]) gaussian(x, 0, x.length, 1, 2);
        for (const [f, v] of backwards.reverse().entries()) expect(v).toBeCloseTo(forwards[f], 10);
      }),
    );
  });

  it('touches only its own channel', () => {
    const rows = Float64Array.from({ length: 60 }, (_, i) => i % 7);
    const before = rows.slice();
    lowPass(rows, 1, 20, 3, 2, 30);
    for (let i = 0; i < rows.length; i++) if (i % 3 !== 1) expect(rows[i]).toBe(before[i]);
    expect(rows).not.toEqual(before);
  });

  it('median removes a spike and keeps a step', () => {
    const x = Float64Array.of(0, 0, 9, 0, 0, 1, 1, 1);
    median(x, 0, 8, 1, 1);
    expect([...x]).toEqual([0, 0, 0, 0, 0, 1, 1, 1]);
  });

  it('rotations stay unit, signs do not matter', () => {
    const q = new Float64Array(30 * 4);
    for (let f = 0; f < 30; f++) {
      expMap(q, f * 4, [f * 0.1, 0.2, 0], 0);
      if (f % 2) for (let k = 0; k < 4; k++) q[f * 4 + k] *= -1;
    }
    lowPassRotations(q, 0, 30, 4, 3, 30);
    for (let f = 0; f < 30; f++) expect(Math.hypot(...q.slice(f * 4, f * 4 + 4))).toBeCloseTo(1, 12);
    for (let f = 1; f < 30; f++) expect(angleBetweenRad(q, f * 4, q, f * 4 - 4)).toBeLessThan(0.15);
  });
});
