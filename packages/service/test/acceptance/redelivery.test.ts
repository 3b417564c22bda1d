/** One target of a completed job failed alone: it is retried without a new charge, and what was delivered is never lost. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ApiUser, Body } from '../support/api-user.ts';
import type { FixtureSource } from '../support/fixture-probe.ts';
import { type Harness, startHarness } from '../support/harness.ts';

const LONG_MS = 3_600_000;

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(async () => {
  expect(await harness.audit()).toMatchObject({ clean: true, faults: [] });
  await harness.stop();
});

/** A completed job whose G1 failed in the first run. */
async function halfDelivered(source: FixtureSource): Promise<{ user: ApiUser; jobId: string; before: Body }> {
  const user = await harness.customer({ credits: 10 });
  const first = { durationSec: 2, failTargets: [['unitree_g1'], []], ...source };
  const jobId = await user.submit(first, { targetIds: ['default', 'unitree_g1'] });
  const { job, result } = await user.waitFor(jobId);
  expect(job).toMatchObject({ status: 'completed', attempt: 1, billing: 'settled' });
  expect(statusesOf(result)).toEqual({ default: 'completed', unitree_g1: 'failed' });
  return { user, jobId, before: result };
}

const statusesOf = (result: Body): object =>
  Object.fromEntries(result.outputs.map((output: { targetId: string; status: string }) => [output.targetId, output.status]));
const retry = (user: ApiUser, jobId: string) => user.post(user.job(jobId, '/retry'));
const moneyOf = async (user: ApiUser) => (await user.get('/api/v1/credits')).body.data.api;

it('the failed target is made again, and the job paid for once', async () => {
  const { user, jobId } = await halfDelivered({});
  expect((await retry(user, jobId)).body.data).toMatchObject({ jobId, status: 'queued', attempt: 2 });
  const { job, result } = await user.waitFor(jobId);
  expect(job).toMatchObject({ status: 'completed', attempt: 2, runs: 1, billing: 'settled', vCredits: 2 });
  expect(statusesOf(result)).toEqual({ default: 'completed', unitree_g1: 'completed' });
  expect(result.outputs[1]).not.toHaveProperty('error');
  expect((await fetch(result.motionJsonUrl)).status).toBe(200);
  expect(await moneyOf(user)).toEqual({ available: 8, reserved: 0, spent: 2 });
  expect(await retry(user, jobId)).toMatchObject({ status: 409, body: { code: 'job_state_invalid' } });
});

it('what was delivered can be downloaded meanwhile; a cancel leaves it as it was', async () => {
  const { user, jobId, before } = await halfDelivered({ solveMs: LONG_MS, slowFromRun: 2 });
  await retry(user, jobId);
  const during = await user.waitFor(jobId, (job) => job.phase === 'capturing');
  expect(statusesOf(during.result)).toEqual({ default: 'completed' });
  const { status, body } = await user.get(user.job(jobId, '/result'));
  expect([status, body.data.status]).toEqual([200, 'processing']);
  expect((await fetch(body.data.fbxUrl)).status).toBe(200);
  expect((await user.post(user.job(jobId, '/cancel'))).body.data.status).toBe('completed');
  const after = (await user.get(user.job(jobId, '/result'))).body.data;
  expect(after.outputs[1]).toMatchObject({ status: 'failed', error: before.outputs[1].error });
  expect(after.outputs[0].files[0].sha256).toBe(before.outputs[0].files[0].sha256);
  expect(await moneyOf(user)).toEqual({ available: 8, reserved: 0, spent: 2 });
});

it.each([
  ['fails as a whole', { solveFault: 'packaging_failed', faultyFromRun: 2 } as FixtureSource, 'packaging_failed'],
  ['loses another target', { failTargets: [['unitree_g1'], ['default']] } as FixtureSource, 'target_failed'],
])('a retry that %s takes nothing away', async (_how, source, code) => {
  const { user, jobId, before } = await halfDelivered(source);
  await retry(user, jobId);
  const { job, result } = await user.waitFor(jobId, ({ status }) => status === 'completed');
  expect(job).toMatchObject({ attempt: 2, billing: 'settled', error: null });
  expect(statusesOf(result)).toEqual({ default: 'completed', unitree_g1: 'failed' });
  expect(result.outputs[1].error.code).toBe(code);
  expect(result.outputs[0].files[0].sha256).toBe(before.outputs[0].files[0].sha256);
  expect((await fetch(result.fbxUrl)).status).toBe(200);
  expect(await moneyOf(user)).toEqual({ available: 8, reserved: 0, spent: 2 });
});
