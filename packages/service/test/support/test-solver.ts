import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { GaitwayError } from '@gaitway/motion/errors';
import { fixtureSolver } from '../../src/worker/fixture-solver.ts';
import type { SolveRunning, Solver } from '../../src/worker/solver.ts';
import { readFixture } from './fixture-probe.ts';

const KEPT = 'a clip';

async function keepClip(outDir: string, running: SolveRunning): Promise<void> {
  const path = `${outDir}.clip`;
  await writeFile(path, KEPT);
  await running.onClip?.(path);
}

/** Does what the source says; `solved` counts the runs by job. */
export interface TestSolver extends Solver {
  readonly solved: Map<string, number>;
  /** Jobs of which a run began from a kept clip. */
  readonly fromClip: Set<string>;
}

export function createTestSolver(): TestSolver {
  const solved = new Map<string, number>();
  const fromClip = new Set<string>();
  return {
    solved,
    fromClip,
    async solve(request, running) {
      const source = await readFixture(request.sourcePath);
      const run = (solved.get(request.jobId) ?? 0) + 1;
      solved.set(request.jobId, run);
      if (request.clipPath !== undefined && (await readFile(request.clipPath, 'utf8')) === KEPT) fromClip.add(request.jobId);
      running.onProgress('capturing', 0.2);
      if (source.keepsClip) await keepClip(request.outDir, running);
      if (source.solveMs !== undefined && run >= (source.slowFromRun ?? 1))
        await sleep(source.solveMs, undefined, { signal: running.signal });
      if (source.solveFault !== undefined && run >= (source.faultyFromRun ?? 1)) throw new GaitwayError(source.solveFault);
      if (run <= (source.failures ?? 0)) throw new Error('a fault of the machine');
      const { files } = await fixtureSolver.solve(request, running);
      const failed = source.failTargets?.at(Math.min(run, source.failTargets.length) - 1) ?? [];
      return {
        files: files.filter(({ targetId }) => targetId === null || !failed.includes(targetId)),
        failedTargets: failed.map((targetId) => ({ targetId, code: 'target_failed', message: 'This target could not be made.' })),
      };
    },
  };
}
