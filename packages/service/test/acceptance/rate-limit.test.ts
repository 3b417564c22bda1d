import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Harness, startHarness } from '../support/harness.ts';

let harness: Harness;
beforeAll(async () => {
  // One more each 400 s: slower than any machine answers.
  harness = await startHarness({ worker: false, limits: { requestsPerMinute: 0.15 } });
});
afterAll(() => harness.stop());

it('a key that asks too often is told when to come back; another key is not held up', async () => {
  const [busy, calm] = [await harness.customer(), await harness.customer()];
  const answers = [];
  for (let index = 0; index < 3; index++) answers.push(await busy.get('/api/v1/mocap/targets'));
  const [first, refused] = answers;
  expect([first.status, refused.status]).toEqual([200, 429]);
  expect(refused.body).toMatchObject({ code: 'rate_limited', retryable: true });
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(first.headers.get('ratelimit-limit')).toBe('1');
  expect((await calm.get('/api/v1/mocap/targets')).status).toBe(200);
});
