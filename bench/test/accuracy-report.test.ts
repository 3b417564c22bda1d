import { describe, expect, it } from 'vitest';
import { goalTable } from '../src/accuracy/goals.ts';
import type { Method, Result } from '../src/accuracy/methods.ts';
import { heightTable, means } from '../src/accuracy/report.ts';

const SAMPLES = ['walk_front', 'punch_34', 'bend_scoop', 'dance_portrait'];

/** Good at everything, but for what is changed. */
const result = (clip: string, method: Method, change: Partial<Result['scores']> = {}): Result => ({
  clip,
  group: 'samples',
  quality: 'balanced',
  method,
  jointsMm: { l_hip: 10 },
  rotationsDeg: {},
  heightM: { from: 1.5, to: 1.9, truth: 1.8 },
  scores: {
    ...{ coverage: 1, mpjpeMm: 50, paMpjpeMm: 40, w100Mm: 60, wa100Mm: 50, w100MetricMm: 60, wa100MetricMm: 50 },
    ...{ wMm: 90, waMm: 60, wMetricMm: 90, waMetricMm: 60, rootErrorMm: 30, rootErrorPct: 1, jitter: 20, jitterTruth: 20 },
    ...{ footSlideMm: 2, footSlideTruthMm: 1.5, footHeightBiasMm: 5, boneLengthErrorPct: 3, boneVariationPct: 0 },
    ...{ scale: 1, tiltDeg: 2, rotationDeg: 15, lowestSoleMm: -5, lowestVertexMm: -6, ...change },
  },
});

const all = (change: Partial<Result['scores']> = {}): Result[] => SAMPLES.map((clip) => result(clip, 'Gaitway', change));
const misses = (results: readonly Result[]): string[] =>
  goalTable(results, means(results))
    .split('\n')
    .filter((line) => line.endsWith('✗'))
    .map((line) => line.replace(/ {2,}/g, '|').split('|').filter(Boolean)[1]);

describe('goals', () => {
  it('are met by a result that meets them', () => {
    expect(goalTable(all(), means(all()))).toContain('✓');
    expect(misses(all())).toEqual([]);
  });

  it('are missed one by one', () => {
    expect(misses(all({ paMpjpeMm: 49 }))).toEqual(['PA-MPJPE mm']);
    expect(misses(all({ jitter: 12 }))).toEqual(['jitter / truth']);
    expect(misses([...all().slice(1), result('walk_front', 'Gaitway', { lowestSoleMm: -21 })])).toEqual(['lowest sole of any clip, mm']);
    const without = SAMPLES.map((clip) => result(clip, 'Gaitway, no height', { mpjpeMm: 65 }));
    expect(misses([...all(), ...without])).toEqual(['MPJPE without height, worse by mm']);
  });

  it('say nothing about a part of the samples', () => {
    expect(goalTable(all().slice(1), means(all().slice(1)))).toBe('');
  });
});

describe('means', () => {
  it('are over clips, by method, and leave out what is not known', () => {
    const [mean] = means([result('a', 'Gaitway', { mpjpeMm: 40 }), result('b', 'Gaitway', { mpjpeMm: 60, rotationDeg: Number.NaN })]);
    expect(mean.scores.mpjpeMm).toBe(50);
    expect(mean.scores.rotationDeg).toBe(15);
    expect(means([result('a', 'Gaitway'), result('a', 'raw model')])).toHaveLength(2);
  });
});

describe('height table', () => {
  it('says what an unknown height costs and whether the truth lies inside', () => {
    const rows = heightTable([result('a', 'Gaitway'), result('a', 'Gaitway, no height', { mpjpeMm: 57 })]);
    expect(rows).toMatch(/7\.00 +1\.50–1\.90 +1\.80 +✓/);
  });
});
