import { setTimeout as sleep } from 'node:timers/promises';
import { GaitwayError } from '@gaitway/motion/errors';
import { fixtureSolver } from '../../src/worker/fixture-solver.ts';
import type { Solver } from '../../src/worker/solver.ts';
import { readFixture } from './fixture-probe.ts';

/** Does what the source says; `solved` counts the runs by job. */
export function createTestSolver(): Solver & { readonly solved: Map<string, number> } {
  const solved = new Map<string, number>();
  return {
    solved,
    async solve(request, running) {
      const source = await readFixture(request.sourcePath);
      const run = (solved.get(request.jobId) ?? 0) + 1;
      solved.set(request.jobId, run);
      running.onProgress('capturing', 0.2);
      if (source.solveMs !== undefined) await sleep(source.solveMs, undefined, { signal: running.signal });
      if (source.solveFault !== undefined) throw new GaitwayError(source.solveFault);
      if (run <= (source.failures ?? 0)) throw new Error('a fault of the machine');
      const { files } = await fixtureSolver.solve(request, running);
      const failed = source.failTargets ?? [];
      return {
        files: files.filter(({ targetId }) => targetId === null || !failed.includes(targetId)),
        failedTargets: failed.map((targetId) => ({ targetId, code: 'target_failed', message: 'This target could not be made.' })),
      };
    },
  };
}
