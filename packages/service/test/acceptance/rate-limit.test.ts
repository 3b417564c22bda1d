import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Harness, startHarness } from '../support/harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ worker: false, limits: { requestsPerMinute: 20 } });
});
afterAll(() => harness.stop());

it('a key that asks too often is told when to come back; another key is not held up', async () => {
  const [busy, calm] = [await harness.customer(), await harness.customer()];
  const answers = [];
  for (let index = 0; index < 8; index++) answers.push(await busy.get('/api/v1/mocap/targets'));
  const refused = answers.find(({ status }) => status === 429);
  expect(refused?.body).toMatchObject({ code: 'rate_limited', retryable: true });
  expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(answers[0].headers.get('ratelimit-limit')).toBe('5');
  expect((await calm.get('/api/v1/mocap/targets')).status).toBe(200);
});
