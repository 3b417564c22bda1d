import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { quantile, summarize } from '../service/latency.ts';
import { growthMib } from '../service/memory.ts';
import { closedLoop, openLoop } from '../service/open-loop.ts';

test('a quantile is a value that was measured (nearest rank)', () => {
  const hundred = Float64Array.from({ length: 100 }, (_, index) => index + 1);
  expect([0, 0.5, 0.95, 0.99, 1].map((fraction) => quantile(hundred, fraction))).toEqual([1, 50, 95, 99, 100]);
  expect(quantile(Float64Array.of(7), 0.99)).toBe(7);
  expect(summarize([3, 1, 2])).toMatchObject({ count: 3, p50Ms: 2, maxMs: 3 });
});

test('an open loop sends at its moments, and a stalled server makes every waiting request slow', async () => {
  let stall: Promise<void> = Promise.resolve();
  const result = await openLoop({
    perSecond: 100,
    durationSec: 0.5,
    send: async (index) => {
      if (index === 10) stall = sleep(300);
      await stall;
      return index !== 49;
    },
  });
  expect(result.latenciesMs).toHaveLength(50);
  expect(result.errors).toBe(1);
  expect(result.latenciesMs.filter((ms) => ms > 50).length).toBeGreaterThan(15);
});

test('an answer that never comes is an error', async () => {
  const result = await openLoop({ perSecond: 50, durationSec: 0.1, send: () => new Promise(() => {}), latestAnswerMs: 100 });
  expect(result.errors).toBe(5);
});

test('a closed loop counts what failed and how fast it went', async () => {
  const result = await closedLoop(4, 1, async (index) => {
    await sleep(5);
    return index % 2 === 0;
  });
  // How many fit into a second is the machine's affair.
  expect(result.latenciesMs.length).toBeGreaterThanOrEqual(4);
  expect(result.errors).toBeGreaterThan(0);
  expect(result.perSecond).toBeGreaterThan(0);
});

test('growth compares the end with what came after the warm-up', () => {
  expect(growthMib([50, 90, 100, 100, 100, 100, 100, 100])).toBe(0);
  expect(growthMib([50, 90, 100, 100, 120, 140, 160, 160])).toBe(60);
  expect(growthMib([1, 2])).toBe(0);
});
