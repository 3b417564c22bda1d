import { describe, expect, it } from 'vitest';
import { broken, recordedBounds } from '../src/synthetic/bounds.ts';
import { CASES, caseNamed, QUICK_CASES } from '../src/synthetic/cases.ts';
import { motionOf, runCase, seenOf, solveSeen } from '../src/synthetic/run-case.ts';

const BOUNDS = recordedBounds();

describe('the body solve on known motion', () => {
  it.each(QUICK_CASES)('%s: within the recorded bounds', (name) => {
    expect(broken(runCase(caseNamed(name)), BOUNDS[name])).toEqual([]);
  });

  it('has a recorded bound for every case', () => {
    expect(CASES.map(({ name }) => name).filter((name) => !BOUNDS[name])).toEqual([]);
  });

  it('is deterministic', () => {
    const one = caseNamed('walk, 10 fps');
    expect(runCase(one).scores).toEqual(runCase(one).scores);
  });
});

describe('the bounds', () => {
  it('break when feet that stand are not held', () => {
    const one = caseNamed('squats');
    expect(broken(runCase(one, { footLock: 'off' }), BOUNDS[one.name])).toContain('slideMm');
  });

  it('break when the turning of the camera is not known', () => {
    const one = caseNamed('walk past, panning camera');
    const real = motionOf(one);
    const { camera: _, ...blind } = seenOf(one, real);
    expect(broken(solveSeen(one, real, blind), BOUNDS[one.name])).toContain('waMetricMm');
  });
});
