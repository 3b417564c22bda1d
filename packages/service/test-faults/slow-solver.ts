/** The fixture of test keys, but slow enough to be killed in the middle, and charged for: the lane's jobs run on live keys. */
import { setTimeout as sleep } from 'node:timers/promises';
import { fixtureSolver } from '../src/worker/fixture-solver.ts';
import type { Solver } from '../src/worker/solver.ts';

const STEPS = 8;
const STEP_MS = 100;

export const slowSolver: Solver = {
  async solve(request, running) {
    for (let step = 0; step < STEPS; step++) {
      await sleep(STEP_MS, undefined, { signal: running.signal });
      running.onProgress(step < STEPS / 2 ? 'capturing' : 'retargeting', (step + 1) / (STEPS + 1));
    }
    return fixtureSolver.solve(request, running);
  },
};
