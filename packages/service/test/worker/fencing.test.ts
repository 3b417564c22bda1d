import { GaitwayError } from '@gaitway/motion/errors';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { maintain } from '../../src/jobs/maintenance.ts';
import { beginRun, completeRun, failRun, type Run, RunLost, reportProgress, settleRun } from '../../src/jobs/runs.ts';
import { SOLVE_QUEUE } from '../../src/queue/boss.ts';
import type { ApiUser } from '../support/api-user.ts';
import { type Harness, startHarness } from '../support/harness.ts';

let harness: Harness;
let user: ApiUser;
beforeAll(async () => {
  harness = await startHarness({ worker: false });
  user = await harness.customer({ credits: 100 });
});
afterAll(async () => {
  expect(await harness.audit()).toMatchObject({ clean: true, faults: [] });
  await harness.stop();
});

const nothing = async (): Promise<void> => {};
const plans = () => harness.config.plans;
const db = () => harness.service.context.db;

async function begun(jobId: string): Promise<Run> {
  const run = await beginRun(db(), { jobId, attempt: 1 });
  if (run === null) throw new Error('the run did not begin');
  return run;
}

describe('a worker thought dead', () => {
  it('can write nothing once another run has begun', async () => {
    const jobId = await user.submit({ durationSec: 2 });
    const [dead, alive] = [await begun(jobId), await begun(jobId)];
    const result = { artifacts: [], failedTargets: [] };
    const attempts = [
      () => reportProgress(db(), dead, 'solving', 0.5),
      () => settleRun(db(), dead),
      () => completeRun(db(), dead, result, plans(), nothing),
      () => failRun(db(), dead, new GaitwayError('processing_failed'), plans(), nothing),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toBeInstanceOf(RunLost);
    await completeRun(db(), alive, result, plans(), nothing);
    expect((await user.get(user.job(jobId))).body.data.job).toMatchObject({ status: 'completed', runs: 2, billing: 'settled' });
  });

  it('can write nothing once the job is canceled', async () => {
    const jobId = await user.submit();
    const run = await begun(jobId);
    await user.post(user.job(jobId, '/cancel'));
    await expect(settleRun(db(), run)).rejects.toBeInstanceOf(RunLost);
    expect(await beginRun(db(), { jobId, attempt: 1 })).toBeNull();
    expect((await user.get(user.job(jobId))).body.data.job).toMatchObject({ status: 'canceled', billing: 'released' });
  });

  it('cannot begin an attempt that is over', async () => {
    const jobId = await user.submit();
    await failRun(db(), await begun(jobId), new GaitwayError('processing_failed'), plans(), nothing);
    await user.post(user.job(jobId, '/retry'));
    expect(await beginRun(db(), { jobId, attempt: 1 })).toBeNull();
    expect(await beginRun(db(), { jobId, attempt: 2 })).not.toBeNull();
  });
});

describe('a job whose message is gone', () => {
  it('fails by our fault, with its money given back', async () => {
    const jobId = await user.submit({ durationSec: 3 });
    const { queue_id } = await db().selectFrom('jobs').select('queue_id').where('id', '=', jobId).executeTakeFirstOrThrow();
    await harness.service.context.boss.deleteJob(SOLVE_QUEUE, queue_id ?? '');
    await db()
      .updateTable('jobs')
      .set({ queued_at: new Date(Date.now() - 60_000) })
      .where('id', '=', jobId)
      .execute();
    await maintain(harness.service.context);
    expect((await user.get(user.job(jobId))).body.data.job).toMatchObject({
      status: 'failed',
      errorCode: 'processing_failed',
      billing: 'released',
    });
  });
});

describe('the queue', () => {
  it('serves plans by priority, and accounts in turn', async () => {
    const { boss } = harness.service.context;
    await boss.deleteQueuedJobs(SOLVE_QUEUE);
    const [many, few, vip] = [await harness.customer(), await harness.customer(), await harness.customer({ plan: 'owner' })];
    const names = new Map<string, string>();
    for (let index = 0; index < 3; index++) names.set(await many.submit(), `many ${index}`);
    names.set(await few.submit(), 'few 0');
    names.set(await vip.submit(), 'vip 0');
    const order = [];
    for (let index = 0; index < 5; index++) {
      const [message] = await boss.fetch<{ jobId: string }>(SOLVE_QUEUE);
      order.push(names.get(message.data.jobId));
    }
    expect(order).toEqual(['vip 0', 'many 0', 'few 0', 'many 1', 'many 2']);
  });
});
