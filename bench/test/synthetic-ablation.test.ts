import { expect, it, vi } from 'vitest';
import { broken, recordedBounds } from '../src/synthetic/bounds.ts';
import { caseNamed } from '../src/synthetic/cases.ts';
import { runCase } from '../src/synthetic/run-case.ts';

/** The solve without its repair of exchanged sides. */
vi.mock('@gaitway/capture/solve/repair-swaps', () => ({ repairSwaps: (seen: unknown) => ({ seen, repairs: [] }) }));

const BOUNDS = recordedBounds();

it('the bounds break when exchanged sides are not repaired', () => {
  const one = caseNamed('squats, faults');
  const found = broken(runCase(one), BOUNDS[one.name]);
  expect(found).toContain('repairedPct');
  expect(found).toContain('mpjpeMm');
});
