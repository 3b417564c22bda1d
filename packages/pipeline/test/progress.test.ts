import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PHASES, type PipelineProgress, ProgressReporter } from '../src/progress.ts';

describe('ProgressReporter', () => {
  it('only grows, stays within 0..1 and ends at 1', () => {
    const step = fc.record({ phase: fc.constantFrom(...PHASES), done: fc.nat(200), total: fc.nat(150) });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const seen: PipelineProgress[] = [];
        const reporter = new ProgressReporter({ onProgress: (progress) => seen.push(progress) });
        for (const { phase, done, total } of steps) reporter.report(phase, done, total);
        reporter.report('packaging', 1, 1, false);
        for (let i = 1; i < seen.length; i++) expect(seen[i].fraction).toBeGreaterThanOrEqual(seen[i - 1].fraction);
        expect(seen[0].fraction).toBeGreaterThanOrEqual(0);
        expect(seen.at(-1)).toEqual({ phase: 'packaging', fraction: 1, framesDone: 0, framesTotal: 0 });
      }),
    );
  });
});
