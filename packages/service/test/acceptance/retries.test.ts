/** The vendor's own acceptance list, row by row, and what must hold when things are repeated. */
import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { retryJob } from '../../src/jobs/commands.ts';
import type { ApiUser } from '../support/api-user.ts';
import { sourceBytes } from '../support/fixture-probe.ts';
import { type Harness, startHarness } from '../support/harness.ts';

let harness: Harness;
let user: ApiUser;
beforeAll(async () => {
  harness = await startHarness({ plans: { wide: { maxConcurrentJobs: 100 } } });
  user = await harness.customer({ credits: 1_000 });
});
afterAll(async () => {
  expect(await harness.audit()).toMatchObject({ clean: true, faults: [] });
  await harness.stop();
});

/** A solve that does not end by itself while a test looks. */
const LONG_MS = 3_600_000;

const spentBy = async (customer: ApiUser): Promise<number> => (await customer.get('/api/v1/credits')).body.data.api.spent;

/** Sends the headers and half of the body, then cuts the connection. */
async function interruptedUpload(uploadUrl: string, body: Buffer): Promise<void> {
  const { hostname, port, pathname, search } = new URL(uploadUrl);
  const socket = connect(Number(port), hostname);
  await new Promise((resolve) => socket.once('connect', resolve));
  socket.write(
    `PUT ${pathname}${search} HTTP/1.1\r\nHost: ${hostname}\r\nContent-Type: video/mp4\r\nContent-Length: ${body.length}\r\n\r\n`,
  );
  socket.write(body.subarray(0, Math.floor(body.length / 2)));
  await sleep(100);
  socket.destroy();
}

describe('the vendor’s retry list', () => {
  it('the job id is there before the upload', async () => {
    const { body } = await user.create();
    expect((await user.get(user.job(body.data.jobId))).body.data).toMatchObject({
      job: { status: 'draft', phase: 'uploading' },
      result: null,
    });
  });

  it('an interrupted upload is never admitted; the repeated one is', async () => {
    const { body } = await user.create();
    const { jobId, uploadUrl } = body.data;
    await interruptedUpload(uploadUrl, sourceBytes({ durationSec: 2 }));
    expect((await user.complete(jobId)).body.code).toBe('source_not_uploaded');
    expect((await user.upload(uploadUrl)).status).toBe(200);
    expect((await user.upload(uploadUrl, { durationSec: 3 })).status).toBe(200);
    expect((await user.complete(jobId)).body.data).toMatchObject({ status: 'queued', vCredits: 3 });
    expect((await user.upload(uploadUrl, { durationSec: 1 })).body.code).toBe('source_replaced');
    await user.waitFor(jobId);
  });

  it('complete-upload repeated, also at once: same job, one charge', async () => {
    const payer = await harness.customer({ credits: 10 });
    const jobId = await payer.draft({ durationSec: 4 });
    const answers = await Promise.all(Array.from({ length: 6 }, () => payer.complete(jobId)));
    for (const answer of answers) expect(answer.body.data).toMatchObject({ jobId, attempt: 1 });
    await payer.waitFor(jobId);
    const late = await payer.complete(jobId);
    expect(late.body.data).toMatchObject({ jobId, status: 'completed' });
    expect(await spentBy(payer)).toBe(4);
    expect(harness.solver.solved.get(jobId)).toBe(1);
  });

  it('a complete-upload cut off after it had moved the file is repeated', async () => {
    const jobId = await user.draft({ durationSec: 2 });
    const { db, objects } = harness.service.context;
    const { upload_key } = await db.selectFrom('jobs').select('upload_key').where('id', '=', jobId).executeTakeFirstOrThrow();
    await objects.move(upload_key, `sources/${jobId}`, (await objects.stat(upload_key))?.sha256 ?? '');
    expect((await user.complete(jobId)).body.data).toMatchObject({ status: 'queued' });
    expect((await user.waitFor(jobId)).job).toMatchObject({ status: 'completed', runs: 1 });
  });

  it('a terminal failure is shown with its stage', async () => {
    const jobId = await user.submit({ solveFault: 'no_person_detected' });
    const { job } = await user.waitFor(jobId);
    expect(job).toMatchObject({ status: 'failed', error: { code: 'no_person_detected', stage: 'preflight', retryable: false } });
    expect(harness.solver.solved.get(jobId)).toBe(1);
    expect(job.billing).toBe('refunded');
  });

  it('a download is repeated and verified by its checksum, with fresh URLs each time', async () => {
    const jobId = await user.submit({}, { targetIds: ['unitree_g1'] });
    await user.waitFor(jobId);
    for (let time = 0; time < 2; time++) {
      const { data } = (await user.get(user.job(jobId, '/result'))).body;
      const [file] = data.outputs[0].files;
      const bytes = Buffer.from(await (await fetch(data.motionJsonUrl)).arrayBuffer());
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(file.sha256);
      expect(JSON.parse(bytes.toString())).toMatchObject({ version: 1, robotType: 'unitree_g1' });
    }
  });
});

describe('faults of the machine', () => {
  it('are repeated by themselves, visibly, and charged once', async () => {
    const payer = await harness.customer();
    const jobId = await payer.submit({ failures: 1, durationSec: 2 });
    const { job, events } = await payer.waitFor(jobId);
    expect(job).toMatchObject({ status: 'completed', attempt: 1, runs: 2 });
    expect(events.map((event: { type: string }) => event.type)).toContain('run_handed_back');
    expect(await spentBy(payer)).toBe(2);
  });

  it('give the money back when they do not go away; a retry is a new attempt with its own charge', async () => {
    const payer = await harness.customer({ credits: 5 });
    const jobId = await payer.submit({ failures: 3, durationSec: 2 });
    const failed = await payer.waitFor(jobId);
    expect(failed.job).toMatchObject({
      status: 'failed',
      runs: 3,
      billing: 'refunded',
      error: { code: 'processing_failed', retryable: true },
    });
    expect((await payer.get('/api/v1/credits')).body.data.api).toEqual({ available: 5, reserved: 0, spent: 0 });
    expect((await payer.post(payer.job(jobId, '/retry'))).body.data).toMatchObject({ status: 'queued', attempt: 2 });
    const again = await payer.waitFor(jobId);
    expect(again.job).toMatchObject({ status: 'completed', attempt: 2, runs: 1 });
    expect(await spentBy(payer)).toBe(2);
  });

  it('that do not pass by themselves are retried by the operator, who has mended them, and not by the caller', async () => {
    const payer = await harness.customer({ credits: 5 });
    const jobId = await payer.submit({ solveFault: 'model_missing', durationSec: 2 });
    expect((await payer.waitFor(jobId)).job).toMatchObject({ status: 'failed', runs: 1, errorCode: 'model_missing' });
    expect((await payer.post(payer.job(jobId, '/retry'))).body.code).toBe('job_state_invalid');
    const operator = { accountId: payer.accountId, keyId: 'admin', mode: 'live', pool: 'api', scopes: [] } as const;
    const { attempt } = await retryJob(harness.service.context, operator, jobId, { mayPass: () => true });
    expect(attempt).toBe(2);
    expect((await payer.waitFor(jobId)).job).toMatchObject({ status: 'failed', attempt: 2, billing: 'refunded' });
    expect((await payer.get('/api/v1/credits')).body.data.api).toEqual({ available: 5, reserved: 0, spent: 0 });
  });

  it('begin again from the motion when that had been solved', async () => {
    const jobId = await user.submit({ keepsClip: true, failures: 1 });
    expect((await user.waitFor(jobId)).job).toMatchObject({ status: 'completed', runs: 2 });
    expect(harness.solver.fromClip.has(jobId)).toBe(true);
  });

  it('one target can fail alone', async () => {
    const jobId = await user.submit({ failTargets: [['unitree_g1']] }, { targetIds: ['default', 'unitree_g1'] });
    const { job, result } = await user.waitFor(jobId);
    expect(job).toMatchObject({ status: 'completed', billing: 'settled' });
    expect(result.outputs.map((output: { status: string }) => output.status)).toEqual(['completed', 'failed']);
    expect(result.outputs[1]).toMatchObject({ error: { code: 'target_failed' }, files: [] });
  });
});

describe('cancel', () => {
  it('stops a running job within seconds; what preflight has settled is kept', async () => {
    const payer = await harness.customer();
    const jobId = await payer.submit({ solveMs: LONG_MS, durationSec: 2 });
    await payer.waitFor(jobId, (job) => job.phase === 'capturing');
    expect((await payer.post(payer.job(jobId, '/cancel'))).body.data.status).toBe('canceled');
    expect((await payer.post(payer.job(jobId, '/cancel'))).status).toBe(200);
    expect((await payer.get(payer.job(jobId, '/result'))).body.data).toMatchObject({
      status: 'canceled',
      errorCode: 'canceled',
      outputs: [],
    });
    expect(await spentBy(payer)).toBe(2);
    expect((await payer.post(payer.job(jobId, '/retry'))).body.code).toBe('job_state_invalid');
  });
});

describe('Idempotency-Key', () => {
  it('gives the same job again, refuses another body, and forgets refused requests', async () => {
    const headers = { 'idempotency-key': 'create-1' };
    const first = await user.create({ title: 'A' }, headers);
    const again = await user.create({ title: 'A' }, headers);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    const other = await user.create({ title: 'B' }, headers);
    expect({ status: other.status, code: other.body.code }).toEqual({ status: 422, code: 'idempotency_key_conflict' });
    const refused = { 'idempotency-key': 'create-2' };
    expect((await user.create({ exportFps: 1 }, refused)).status).toBe(400);
    expect((await user.create({ exportFps: 30 }, refused)).status).toBe(200);
  });

  it('makes one job of many at once', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => user.create({ title: 'Once' }, { 'idempotency-key': 'burst' })));
    const made = new Set(answers.filter(({ status }) => status === 200).map(({ body }) => body.data.jobId));
    expect(made.size).toBe(1);
    for (const { status, body } of answers) expect(status === 200 || body.code === 'idempotency_key_in_use').toBe(true);
  });
});

describe('money under pressure', () => {
  it('twenty complete-uploads on credits for seven charge exactly seven', async () => {
    const payer = await harness.customer({ credits: 14, plan: 'wide' });
    const drafts = await Promise.all(Array.from({ length: 20 }, () => payer.draft({ durationSec: 2 })));
    const answers = await Promise.all(drafts.flatMap((jobId) => [payer.complete(jobId), payer.complete(jobId)]));
    const admitted = new Set(answers.filter(({ status }) => status === 200).map(({ body }) => body.data.jobId));
    expect(admitted.size).toBe(7);
    for (const { status, body } of answers) expect(status === 200 || body.code === 'insufficient_api_v_credits').toBe(true);
    for (const jobId of admitted) await payer.waitFor(jobId);
    expect((await payer.get('/api/v1/credits')).body.data.api).toEqual({ available: 0, reserved: 0, spent: 14 });
  });

  it('the concurrency cap holds under a burst', async () => {
    const payer = await harness.customer({ credits: 100 });
    const drafts = await Promise.all(Array.from({ length: 12 }, () => payer.draft({ durationSec: 1, solveMs: LONG_MS })));
    const answers = await Promise.all(drafts.map((jobId) => payer.complete(jobId)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(4);
    for (const jobId of drafts) await payer.post(payer.job(jobId, '/cancel'));
  });
});
