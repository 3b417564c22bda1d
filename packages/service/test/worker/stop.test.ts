import { afterAll, beforeAll, expect, it } from 'vitest';
import { fixtureSolver } from '../../src/worker/fixture-solver.ts';
import { startWorker } from '../../src/worker/start-worker.ts';
import { fixtureProbe } from '../support/fixture-probe.ts';
import { type Harness, startHarness } from '../support/harness.ts';
import { createTestSolver } from '../support/test-solver.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ worker: false });
});
afterAll(async () => {
  expect(await harness.audit()).toMatchObject({ clean: true, faults: [] });
  await harness.stop();
});

const worker = (solver = createTestSolver()) =>
  startWorker({ config: harness.config, connectionString: harness.connectionString, solver, probe: fixtureProbe });

it('a worker that stops hands its job back; the next one ends it, charged once', async () => {
  const user = await harness.customer({ credits: 10 });
  const first = await worker();
  const jobId = await user.submit({ durationSec: 2, solveMs: 3_600_000 });
  await user.waitFor(jobId, (job) => job.phase === 'capturing');
  await first.stop();
  const { job, events } = (await user.get(user.job(jobId))).body.data;
  expect(job).toMatchObject({ status: 'queued', attempt: 1, runs: 0, billing: 'settled' });
  expect(events.at(-1)).toMatchObject({ type: 'run_handed_back', code: 'worker_stopped' });
  const second = await worker({ ...createTestSolver(), solve: fixtureSolver.solve });
  expect((await user.waitFor(jobId)).job).toMatchObject({ status: 'completed', runs: 1 });
  await second.stop();
  expect((await user.get('/api/v1/credits')).body.data.api).toEqual({ available: 8, reserved: 0, spent: 2 });
});

it('a server that closes ends its event streams', async () => {
  const closing = await startHarness({ worker: false });
  const user = await closing.customer();
  const { jobId } = (await user.create()).body.data;
  const stream = await fetch(closing.url + user.job(jobId, '/events'), { headers: { authorization: `Bearer ${user.key}` } });
  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  const read = async (): Promise<boolean> => {
    const chunk = await reader?.read();
    text += chunk?.value ?? '';
    return chunk?.done ?? true;
  };
  while (!text.includes('event: job_created\n')) expect(await read()).toBe(false);
  const stopped = closing.stop();
  while (!(await read()));
  await stopped;
});
