import { ERRORS } from '@gaitway/motion/errors';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { maintain, sweepOrphans } from '../../src/jobs/maintenance.ts';
import type { ApiUser } from '../support/api-user.ts';
import { type Harness, startHarness } from '../support/harness.ts';

let harness: Harness;
let user: ApiUser;
beforeAll(async () => {
  harness = await startHarness({ plans: { monthly: { monthlyApiCredits: 30 } } });
  user = await harness.customer({ credits: 50 });
});
afterAll(async () => {
  expect(await harness.audit()).toMatchObject({ clean: true, faults: [] });
  await harness.stop();
});

async function keysOf(prefix: string): Promise<string[]> {
  const keys = [];
  for await (const object of harness.service.context.objects.list(prefix)) keys.push(object.key);
  return keys;
}

describe('lists', () => {
  it('page through jobs without gaps, newest first, by status', async () => {
    const lister = await harness.customer();
    const made = [];
    for (let index = 0; index < 5; index++) made.push((await lister.create({ title: `job ${index}` })).body.data.jobId);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await lister.get(`/api/v1/mocap/jobs?limit=2${cursor === null ? '' : `&cursor=${cursor}`}`);
      seen.push(...page.body.data.map((job: { id: string }) => job.id));
      cursor = page.body.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(made.reverse());
    expect((await lister.get('/api/v1/mocap/jobs?status=completed')).body.data).toEqual([]);
    // A form sends its empty fields too.
    expect((await lister.get('/api/v1/mocap/jobs?status=&cursor=&limit=')).body.data).toHaveLength(made.length);
    expect((await lister.get('/api/v1/mocap/jobs?limit=1000')).body.code).toBe('request_invalid');
  });

  it('names the targets and quotes a price', async () => {
    expect((await user.get('/api/v1/mocap/targets')).body.data.map((target: { id: string }) => target.id)).toEqual([
      'default',
      'unitree_g1',
    ]);
    const quoted = await user.post('/api/v1/mocap/quotes', { sourceDurationSec: 10, trimStartSec: 2, trimEndSec: 5.5 });
    expect(quoted.body.data).toMatchObject({ vCredits: 4, charged: 4, sufficient: true });
    expect((await user.post('/api/v1/mocap/quotes', { sourceDurationSec: 31 })).body.code).toBe('api_duration_limit_exceeded');
  });
});

describe('events', () => {
  it('stream from the beginning or from Last-Event-ID, and end with the job', async () => {
    const jobId = await user.submit({ solveMs: 300 });
    const headers = { authorization: `Bearer ${user.key}` };
    const whole = await (await fetch(harness.url + user.job(jobId, '/events'), { headers })).text();
    const ids = [...whole.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
    expect(ids).toEqual(ids.map((_, index) => index + 1));
    expect(whole).toContain('event: job_completed');
    const rest = await (await fetch(harness.url + user.job(jobId, '/events'), { headers: { ...headers, 'last-event-id': '2' } })).text();
    expect(rest.match(/^id: (\d+)$/m)?.[1]).toBe('3');
  });
});

describe('credits', () => {
  it('list entries with a cursor, and as CSV', async () => {
    const payer = await harness.customer({ credits: 9 });
    await payer.waitFor(await payer.submit({ durationSec: 2 }));
    const first = await payer.get('/api/v1/credits/entries?limit=2');
    expect(first.body.data.map((entry: { kind: string }) => entry.kind)).toEqual(['settle', 'reserve']);
    const second = await payer.get(`/api/v1/credits/entries?limit=2&cursor=${first.body.nextCursor}`);
    expect(second.body).toMatchObject({ data: [{ kind: 'grant', amount: 9, availableChange: 9 }], nextCursor: null });
    const csv = await payer.get('/api/v1/credits/entries?format=csv');
    expect(csv.headers.get('content-type')).toContain('text/csv');
    expect(csv.body.trim().split('\r\n')).toHaveLength(4);
  });

  it('are topped up once a month', async () => {
    const month = (): string => new Date().toISOString().slice(0, 7);
    const begun = month();
    const member = await harness.customer({ credits: 5, plan: 'monthly' });
    for (let time = 0; time < 2; time++) expect((await member.get('/api/v1/credits')).body.data.api.available).toBe(30);
    await member.waitFor(await member.submit({ durationSec: 3 }));
    const { available } = (await member.get('/api/v1/credits')).body.data.api;
    // A run across the turn of the month is topped up again, as it should be.
    expect(available).toBe(month() === begun ? 27 : 30);
  });

  it('cost a test key nothing, which still gets a result', async () => {
    const tester = await harness.customer({ credits: 0 + 1, key: { mode: 'test' } });
    expect(tester.key).toMatch(/^sk-test-/);
    const { job, result } = await tester.waitFor(await tester.submit({ durationSec: 20 }));
    expect(job).toMatchObject({ status: 'completed', billing: 'none', testMode: true });
    expect(result.fbxUrl).toContain('/objects/');
    expect((await tester.get('/api/v1/credits')).body.data.api).toEqual({ available: 1, reserved: 0, spent: 0 });
  });

  it('are no limit for the owner of an installation', async () => {
    const owner = await harness.customer({ credits: 1, plan: 'owner' });
    expect((await owner.waitFor(await owner.submit({ durationSec: 25 }))).job.status).toBe('completed');
    expect((await owner.get('/api/v1/credits')).body.data).toMatchObject({ unlimited: true, api: { available: 1 } });
  });
});

describe('review and delete', () => {
  it('store a verdict by target', async () => {
    const jobId = await user.submit();
    await user.waitFor(jobId);
    const review = { reviews: [{ targetId: 'default', verdict: 'rejected', reason: 'feet', cleanupNotes: 'lock them' }] };
    expect((await user.call('PUT', user.job(jobId, '/review'), review)).status).toBe(200);
    expect((await user.get(user.job(jobId, '/result'))).body.data.outputs[0].review).toMatchObject({ verdict: 'rejected', reason: 'feet' });
    const unknown = { reviews: [{ targetId: 'unitree_g1', verdict: 'approved' }] };
    expect((await user.call('PUT', user.job(jobId, '/review'), unknown)).body.code).toBe('api_target_unsupported');
  });

  it('remove record and objects, keep the ledger', async () => {
    const payer = await harness.customer();
    const jobId = await payer.submit({ durationSec: 2 });
    await payer.waitFor(jobId);
    expect(await keysOf(`artifacts/${jobId}/`)).not.toEqual([]);
    expect((await payer.call('DELETE', payer.job(jobId))).body.data).toEqual({ jobId, deleted: true });
    expect((await payer.get(payer.job(jobId))).status).toBe(404);
    expect([...(await keysOf(`artifacts/${jobId}/`)), ...(await keysOf('sources/'))].filter((key) => key.includes(jobId))).toEqual([]);
    expect((await payer.get('/api/v1/credits')).body.data.api.spent).toBe(2);
  });
});

describe('time', () => {
  const expire = (jobId: string) =>
    harness.service.context.db
      .updateTable('jobs')
      .set({ expires_at: new Date(0) })
      .where('id', '=', jobId)
      .execute();

  it('ends drafts and removes what is kept too long', async () => {
    const draft = await user.draft();
    const done = await user.submit();
    await user.waitFor(done);
    await Promise.all([expire(draft), expire(done)]);
    await maintain(harness.service.context);
    expect((await user.get(user.job(draft))).body.data.job.status).toBe('canceled');
    expect((await user.complete(draft)).body.data.status).toBe('canceled');
    expect((await user.get(user.job(done))).status).toBe(404);
    expect(await keysOf(`uploads/${draft}/`)).toEqual([]);
  });

  it('sweeps objects that no job speaks of, and no other', async () => {
    const jobId = await user.submit();
    await user.waitFor(jobId);
    const kept = await keysOf(`artifacts/${jobId}/`);
    const orphan = 'artifacts/mocap_00000000-0000-7000-8000-000000000000/run/0-a.fbx';
    const body = (async function* () {
      yield new Uint8Array(3);
    })();
    await harness.service.context.objects.put(orphan, body, { maxBytes: 10 });
    expect(await sweepOrphans(harness.service.context, -1_000)).toBeGreaterThanOrEqual(1);
    expect(await keysOf('artifacts/mocap_00000000-0000-7000-8000-000000000000/')).toEqual([]);
    expect(await keysOf(`artifacts/${jobId}/`)).toEqual(kept);
  });
});

describe('operation', () => {
  it('answers liveness, readiness, metrics and an OpenAPI 3.1 document', async () => {
    expect((await user.get('/health/live')).body).toEqual({ status: 'ok' });
    expect((await user.get('/health/ready')).body).toEqual({ status: 'ok' });
    const metrics = await user.get('/metrics');
    expect(metrics.body).toContain('gaitway_jobs_unfinished{status="queued"}');
    expect(metrics.body).toContain('gaitway_http_request_seconds_count');
    const { openapi, paths, components } = (await user.get('/openapi.json')).body;
    expect(openapi).toBe('3.1.0');
    expect(Object.keys(paths)).toContain('/api/v1/mocap/jobs/{jobId}/complete-upload');
    expect(components.schemas).toHaveProperty('Problem');
  });

  it('shows every operation and every code on a page without scripts', async () => {
    const page = await user.get('/docs');
    expect(page.headers.get('content-type')).toContain('text/html');
    const { paths } = (await user.get('/openapi.json')).body;
    for (const path of Object.keys(paths)) expect(page.body).toContain(path);
    for (const code of Object.keys(ERRORS)) expect(page.body).toContain(`<code>${code}</code>`);
    expect(page.body).not.toContain('<script');
  });

  it('tells the place in the queue as it will be served: by plan, then in turn', async () => {
    const closed = await startHarness({ worker: false });
    const [many, few, vip] = [await closed.customer(), await closed.customer(), await closed.customer({ plan: 'owner' })];
    const owners = [many, many, many, few, vip];
    const jobs: string[] = [];
    for (const owner of owners) jobs.push(await owner.submit());
    const places = await Promise.all(
      owners.map(async (owner, index) => (await owner.get(owner.job(jobs[index]))).body.data.job.queuePosition),
    );
    expect(places).toEqual([2, 4, 5, 3, 1]);
    await vip.post(vip.job(jobs[4], '/cancel'));
    expect((await many.get(many.job(jobs[0]))).body.data.job.queuePosition).toBe(1);
    await closed.stop();
  });

  it('predicts from measured jobs', async () => {
    const jobId = await user.submit({ solveMs: 3_600_000, durationSec: 10 });
    const { job } = (await user.get(user.job(jobId))).body.data;
    expect(job.pollAfterSec).toBeGreaterThan(0);
    expect(job.queuePosition === null || job.queuePosition >= 1).toBe(true);
    await user.post(user.job(jobId, '/cancel'));
  });
});
