import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer, ApiUser } from '../support/api-user.ts';
import { type Harness, startHarness } from '../support/harness.ts';

let harness: Harness;
let user: ApiUser;
beforeAll(async () => {
  harness = await startHarness({
    plans: {
      small: { maxConcurrentJobs: 1, maxSourceBytes: 200, maxDurationSec: 5 },
      closed: { active: false },
    },
    limits: { queueLength: 3 },
    worker: false,
  });
  user = await harness.customer({ credits: 1_000 });
});
afterAll(() => harness.stop());

function expectProblem(answer: Answer, status: number, code: string, stage?: string): void {
  expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code });
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(answer.body).toMatchObject({ status, title: code, type: `urn:gaitway:error:${code}`, retryable: expect.any(Boolean) });
  expect(answer.body.requestId).toBe(answer.headers.get('x-request-id'));
  expect(answer.body.detail.length).toBeGreaterThan(10);
  if (stage !== undefined) expect(answer.body.stage).toBe(stage);
}

describe('codes of create', () => {
  const rows: readonly [fields: object, status: number, code: string][] = [
    [{ exportFps: 25 }, 400, 'export_fps_invalid'],
    [{ exportFps: '30' }, 400, 'export_fps_invalid'],
    [{ mocapType: 'hands' }, 400, 'mocap_type_invalid'],
    [{ targetIds: undefined }, 400, 'api_target_ids_required'],
    [{ targetIds: [] }, 400, 'api_target_ids_required'],
    [{ targetIds: ['default', 'nothing'] }, 400, 'api_target_unsupported'],
    [{ targetIds: ['avatar:avatar_018f'] }, 400, 'api_target_unsupported'],
    [{ targetIds: ['default'], targetId: 'unitree_g1' }, 400, 'api_target_unsupported'],
    [{ targetIds: Array.from({ length: 9 }, (_, index) => `t${index}`) }, 400, 'api_target_ids_too_many'],
    [{ targetIds: Array.from({ length: 200 }, () => 'default').concat('unitree_g1x') }, 400, 'api_target_ids_too_many'],
    [{ targetIds: 'default' }, 400, 'api_target_ids_required'],
    [{ targetIds: [7] }, 400, 'api_target_unsupported'],
    [{ sourceDurationSec: 0 }, 400, 'api_source_duration_invalid'],
    [{ sourceDurationSec: -1 }, 400, 'api_source_duration_invalid'],
    [{ trimStartSec: 3, trimEndSec: 2 }, 400, 'api_trim_range_invalid'],
    [{ trimStartSec: -1 }, 400, 'api_trim_range_invalid'],
    [{ sourceDurationSec: 5, trimEndSec: 9 }, 400, 'api_trim_range_invalid'],
    [{ sourceDurationSec: 31 }, 422, 'api_duration_limit_exceeded'],
    [{ sourceBytes: 100_001 }, 413, 'api_file_size_limit_exceeded'],
    [{ smoothing: 2 }, 400, 'option_invalid'],
    [{ targetOptions: { default: { rootMotion: 'sideways' } } }, 400, 'option_invalid'],
    [{ targetOptions: { default: { skeleton: 'mixamo', rootMotion: 'root' } } }, 400, 'option_invalid'],
    [{ targetOptions: { default: { formats: [] } } }, 400, 'option_invalid'],
    [{ targetOptions: { unitree_g1: { startEndBlendSec: 6 } } }, 400, 'option_invalid'],
    [{ targetOptions: { unitree_g1: { handMode: 'wave' } } }, 400, 'option_invalid'],
    [{ sourceFilename: undefined }, 400, 'request_invalid'],
    [{ sourceType: 'url' }, 400, 'request_invalid'],
  ];
  it.each(rows)('%j → %i %s', async (fields, status, code) => {
    expectProblem(await user.create(fields), status, code, 'create');
  });

  it('names every wrong field', async () => {
    const { body } = await user.create({ exportFps: 1, smoothing: 9 });
    expect(body.errors.map((error: { field: string }) => error.field).sort()).toEqual(['exportFps', 'smoothing']);
  });

  it('ignores unknown fields and says so', async () => {
    const targetOptions = { default: { skeleton: 'mixamo', cape: true }, robot_x: {} };
    const { status, body } = await user.create({ colour: 'red', webhook: {}, targetOptions, title: '' });
    expect(status).toBe(200);
    const ignored = ['colour', 'webhook', 'targetOptions.robot_x', 'targetOptions.default.cape'];
    expect([...body.data.warnings].sort()).toEqual(ignored.map((field) => `Unknown field ignored: ${field}`).sort());
    expect((await user.get(user.job(body.data.jobId))).body.data.job).toMatchObject({ title: 'walk.mp4' });
  });
});

describe('codes of keys, plans and credits', () => {
  it('api_key_invalid', async () => {
    for (const authorization of ['', 'Bearer sk-unknown', 'Basic abc', `Bearer ${'x'.repeat(500)}`]) {
      expectProblem(await user.get('/api/v1/mocap/jobs', { authorization }), 401, 'api_key_invalid');
    }
  });
  it('api_key_scope_missing', async () => {
    const reader = await harness.customer({ key: { scopes: ['jobs:read'] } });
    expectProblem(await reader.create(), 403, 'api_key_scope_missing');
  });
  it('api_plan_inactive', async () => {
    const closed = await harness.customer({ plan: 'closed' });
    expectProblem(await closed.create(), 403, 'api_plan_inactive');
    // What one has can still be looked at.
    expect((await closed.get('/api/v1/credits')).body.data).toMatchObject({ plan: 'closed', unlimited: false, api: { available: 100 } });
    const gone = await harness.customer({ plan: 'no-such-plan' });
    expectProblem(await gone.create(), 403, 'api_plan_inactive');
  });
  it('insufficient_api_v_credits, at create when decidable and at complete-upload', async () => {
    const poor = await harness.customer({ credits: 1 });
    const early = await poor.create({ sourceDurationSec: 3 });
    expectProblem(early, 402, 'insufficient_api_v_credits', 'create');
    expect(early.body).toMatchObject({ needed: 3, available: 1 });
    const jobId = await poor.draft({ durationSec: 2.01 });
    const late = await poor.complete(jobId);
    expectProblem(late, 402, 'insufficient_api_v_credits', 'admission');
    expect(late.body).toMatchObject({ needed: 3, available: 1 });
    expect((await poor.get(poor.job(jobId))).body.data.job.status).toBe('draft');
  });
});

describe('codes of complete-upload', () => {
  it('source_not_uploaded, and the job stays a draft', async () => {
    const { body } = await user.create();
    expectProblem(await user.complete(body.data.jobId), 409, 'source_not_uploaded', 'upload');
  });

  const sources: readonly [source: object, fields: object, status: number, code: string][] = [
    [{ durationSec: 31 }, {}, 422, 'api_duration_limit_exceeded'],
    [{ durationSec: 0 }, {}, 422, 'api_source_duration_invalid'],
    [{ durationSec: 4 }, { trimEndSec: 4.3 }, 422, 'api_trim_range_invalid'],
    [{ durationSec: 4 }, { trimStartSec: 4 }, 422, 'api_trim_range_invalid'],
    [{ fault: 'source_unreadable' }, {}, 422, 'source_unreadable'],
    [{ fault: 'source_no_video' }, {}, 422, 'source_no_video'],
    [{ fault: 'source_too_short' }, {}, 422, 'source_too_short'],
    [{ fault: 'source_too_large' }, {}, 422, 'source_too_large'],
  ];
  it.each(sources)(
    '%j with %j → %i %s: the job fails, uncharged, and says the same when asked again',
    async (source, fields, status, code) => {
      const before = (await user.get('/api/v1/credits')).body.data.api;
      const jobId = await user.draft(source, fields);
      for (let time = 0; time < 2; time++) expectProblem(await user.complete(jobId), status, code, 'validation');
      const { job } = (await user.get(user.job(jobId))).body.data;
      expect(job).toMatchObject({ status: 'failed', errorCode: code, billing: 'none', error: { stage: 'validation', retryable: false } });
      const result = (await user.get(user.job(jobId, '/result'))).body.data;
      expect(result).toMatchObject({
        status: 'failed',
        errorCode: code,
        stage: 'validation',
        targetId: 'default',
        resultType: 'fbx',
        outputs: [],
      });
      expect((await user.get('/api/v1/credits')).body.data.api).toEqual(before);
      expectProblem(await user.post(user.job(jobId, '/retry')), 409, 'job_state_invalid');
    },
  );

  it('clamps a trim end up to a quarter of a second beyond the end', async () => {
    const jobId = await user.draft({ durationSec: 4 }, { trimStartSec: 1, trimEndSec: 4.25 });
    expect((await user.complete(jobId)).body.data).toMatchObject({ status: 'queued', vCredits: 3 });
    expect((await user.get(user.job(jobId))).body.data.job).toMatchObject({ trimStartSec: 1, trimEndSec: 4, durationSec: 3 });
    await user.post(user.job(jobId, '/cancel'));
  });

  it('upload_checksum_mismatch against the announced sha256, then the right file is taken', async () => {
    const jobId = await user.draft({ durationSec: 2 }, { sourceSha256: 'a'.repeat(64) });
    expectProblem(await user.complete(jobId), 422, 'upload_checksum_mismatch', 'upload');
    expect((await user.get(user.job(jobId))).body.data.job.status).toBe('draft');
  });

  it('api_concurrency_limit_exceeded at both places, freed by a cancel', async () => {
    const small = await harness.customer({ plan: 'small' });
    const [first, second] = [await small.draft(), await small.draft()];
    expect((await small.complete(first)).status).toBe(200);
    expectProblem(await small.complete(second), 429, 'api_concurrency_limit_exceeded', 'admission');
    expectProblem(await small.create(), 429, 'api_concurrency_limit_exceeded', 'create');
    expect((await small.post(small.job(first, '/cancel'))).body.data.status).toBe('canceled');
    expect((await small.complete(second)).status).toBe(200);
    await small.post(small.job(second, '/cancel'));
  });

  it('queue_full with Retry-After; nothing is reserved', async () => {
    const jobs = [];
    for (let index = 0; index < 3; index++) jobs.push(await user.submit());
    const jobId = await user.draft();
    const refused = await user.complete(jobId);
    expectProblem(refused, 503, 'queue_full', 'admission');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    for (const id of jobs) await user.post(user.job(id, '/cancel'));
    expect((await user.get('/api/v1/credits')).body.data.api.reserved).toBe(0);
  });
});

describe('codes of everything else', () => {
  it('job_not_found, route_not_found, method_not_allowed', async () => {
    expectProblem(await user.get('/api/v1/mocap/jobs/mocap_nothing'), 404, 'job_not_found');
    expectProblem(await user.get('/api/v1/nothing'), 404, 'route_not_found');
    const wrong = await user.call('PATCH', '/api/v1/mocap/jobs');
    expectProblem(wrong, 405, 'method_not_allowed');
    expect(wrong.headers.get('allow')).toContain('POST');
  });
  it('result_not_ready', async () => {
    const { body } = await user.create();
    expectProblem(await user.get(user.job(body.data.jobId, '/result')), 409, 'result_not_ready', 'download');
  });
  it('job_state_invalid', async () => {
    const { body } = await user.create();
    const { jobId } = body.data;
    expectProblem(await user.post(user.job(jobId, '/retry')), 409, 'job_state_invalid');
    const review = { reviews: [{ targetId: 'default', verdict: 'approved' }] };
    expectProblem(await user.call('PUT', user.job(jobId, '/review'), review), 409, 'job_state_invalid');
  });
  it('an upload URL of a job that is over: job_state_invalid; of one that is admitted: source_replaced', async () => {
    const [canceled, queued] = [await user.draft(), await user.submit()];
    await user.post(user.job(canceled, '/cancel'));
    expectProblem(await user.post(user.job(canceled, '/upload-url')), 409, 'job_state_invalid');
    expectProblem(await user.post(user.job(queued, '/upload-url')), 409, 'source_replaced');
    await user.post(user.job(queued, '/cancel'));
  });
  it('a quote says what is wrong with its fields, as a create does', async () => {
    const quotes: readonly [body: object, code: string][] = [
      [{}, 'api_source_duration_invalid'],
      [{ sourceDurationSec: 4, trimStartSec: 3, trimEndSec: 2 }, 'api_trim_range_invalid'],
      [{ sourceDurationSec: 4, trimEndSec: 9 }, 'api_trim_range_invalid'],
    ];
    for (const [body, code] of quotes) expectProblem(await user.post('/api/v1/mocap/quotes', body), 400, code, 'create');
  });
  it('request_too_large, request_invalid for bodies that are no JSON', async () => {
    expectProblem(await user.post('/api/v1/mocap/jobs', { sourceFilename: 'x'.repeat(300_000) }), 413, 'request_too_large');
    expectProblem(await user.post('/api/v1/mocap/jobs', '{"a":'), 400, 'request_invalid');
    expectProblem(await user.post('/api/v1/mocap/jobs', '['.repeat(100_000)), 400, 'request_invalid');
    expectProblem(await user.post('/api/v1/mocap/jobs', '{"__proto__":{"isAdmin":true}}'), 400, 'request_invalid');
    for (const text of ['\u0000', 'a\u0000b', '\ud800']) {
      const { status, body } = await user.create({ title: 'x', metadata: { text } });
      expect({ text, status, code: body.code }).toEqual({ text, status: 400, code: 'request_invalid' });
    }
    expectProblem(await user.get('/api/v1/mocap/jobs/a%00b'), 400, 'request_invalid');
    expectProblem(await user.post('/api/v1/mocap/jobs', 'a=b', { 'content-type': 'text/plain' }), 400, 'request_invalid');
  });
});
