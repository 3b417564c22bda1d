import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Harness, startHarness } from '../support/harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.stop());

describe('a job from create to result', () => {
  it('goes the newer generation’s way with two targets', async () => {
    const user = await harness.customer({ credits: 10 });
    const created = await user.create({ title: 'Walk', targetIds: ['default', 'unitree_g1', 'default'], exportFps: 60 });
    expect(created.status).toBe(200);
    expect(created.body.data).toMatchObject({ status: 'draft', mocapType: 'full_body', targetIds: ['default', 'unitree_g1'] });
    const { jobId, uploadUrl } = created.body.data;
    expect(jobId).toMatch(/^mocap_[0-9a-f-]{36}$/);
    expect((await user.upload(uploadUrl, { durationSec: 2.4 })).status).toBe(200);
    const admitted = await user.complete(jobId);
    expect(admitted.body.data).toMatchObject({ jobId, status: 'queued', vCredits: 3 });
    const { job, result, events } = await user.waitFor(jobId);
    expect(job).toMatchObject({ status: 'completed', targetIds: ['default', 'unitree_g1'], progress: 1, billing: 'settled', vCredits: 3 });
    expect(result.outputs.map((output: { resultType: string }) => output.resultType)).toEqual(['fbx', 'robot_motion_json']);
    expect(events.map((event: { seq: number }) => event.seq)).toEqual(events.map((_: unknown, index: number) => index + 1));
    expect((await user.get('/api/v1/credits')).body.data.api).toEqual({ available: 7, reserved: 0, spent: 3 });
  });

  it('goes the older generation’s way and fills its flat result', async () => {
    const user = await harness.customer();
    const older = {
      targetIds: undefined,
      targetId: 'default',
      sourceType: 'upload',
      sourceBytes: 40,
      sourceDurationSec: 2,
      trimStartSec: 0,
      trimEndSec: 2,
    };
    const jobId = await user.submit({ durationSec: 2 }, older);
    await user.waitFor(jobId);
    const { data } = (await user.get(user.job(jobId, '/result'))).body;
    expect(data).toMatchObject({
      jobId,
      status: 'completed',
      targetId: 'default',
      resultType: 'fbx',
      job: { id: jobId, status: 'completed' },
    });
    const first = await fetch(data.fbxUrl);
    const bytes = Buffer.from(await first.arrayBuffer());
    const [file] = data.outputs[0].files;
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(file.sha256);
    expect(bytes.length).toBe(file.bytes);
    expect(first.headers.get('etag')).toBe(`"${file.sha256}"`);
    const part = await fetch(data.fbxUrl, { headers: { range: 'bytes=0-17' } });
    expect(part.status).toBe(206);
    expect(Buffer.from(await part.arrayBuffer()).toString('latin1')).toBe('Kaydara FBX Binary');
  });

  it('leaves clean books', async () => {
    expect(await harness.audit()).toMatchObject({ clean: true, faults: [] });
  });
});
