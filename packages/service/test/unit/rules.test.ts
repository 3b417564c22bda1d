import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { availableChange, entriesCsv } from '../../src/credits/entries.ts';
import { price } from '../../src/credits/price.ts';
import type { JobStatus } from '../../src/database/schema.ts';
import { jsonDepth } from '../../src/http/plugins/json-body.ts';
import { RateLimiter } from '../../src/http/plugins/rate-limit.ts';
import { isTerminal, mayBecome } from '../../src/jobs/states.ts';
import { resolveTrim, TRIM_TOLERANCE_SEC } from '../../src/jobs/trim.ts';

describe('price', () => {
  it('charges begun seconds, at least one', () => {
    expect([1, 999, 1000, 1001, 59_999, 60_000].map(price)).toEqual([1, 1, 1, 2, 60, 60]);
  });
});

describe('trim', () => {
  it('lies inside the video and is billed by its integer milliseconds', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 600, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (video, a, b) => {
          const [start, end] = [Math.min(a, b) * video, Math.max(a, b) * video];
          fc.pre(end - start > 0.001);
          const trim = resolveTrim(start, end, video);
          expect(trim.endSec).toBeLessThanOrEqual(video);
          expect(Number.isInteger(trim.durationMs)).toBe(true);
          expect(Math.abs(trim.durationMs / 1000 - (trim.endSec - trim.startSec))).toBeLessThanOrEqual(0.0005 + 1e-9);
        },
      ),
    );
  });
  it('is clamped within the tolerance and refused beyond it', () => {
    expect(resolveTrim(0, 10 + TRIM_TOLERANCE_SEC, 10)).toEqual({ startSec: 0, endSec: 10, durationMs: 10_000 });
    expect(() => resolveTrim(0, 10.26, 10)).toThrow(expect.objectContaining({ code: 'api_trim_range_invalid' }));
    expect(() => resolveTrim(10, null, 10)).toThrow(expect.objectContaining({ code: 'api_trim_range_invalid' }));
    for (const video of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => resolveTrim(0, null, video)).toThrow(expect.objectContaining({ code: 'api_source_duration_invalid' }));
    }
  });
});

describe('states', () => {
  const ALL: readonly JobStatus[] = ['draft', 'queued', 'processing', 'completed', 'failed', 'canceled'];
  it('nothing leaves a terminal state but a retry', () => {
    const ways = ALL.flatMap((from) => ALL.filter((to) => isTerminal(from) && mayBecome(from, to)).map((to) => `${from} → ${to}`));
    expect(ways).toEqual(['completed → queued', 'failed → queued']);
  });
  it('only a running job completes, or one that was retried and is left as it was', () => {
    expect(ALL.filter((from) => mayBecome(from, 'completed'))).toEqual(['queued', 'processing']);
  });
});

describe('json depth', () => {
  it('is that of the parsed value', () => {
    const depthOf = (value: unknown): number =>
      value !== null && typeof value === 'object' ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;
    fc.assert(fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => jsonDepth(JSON.stringify(value)) === depthOf(value)));
  });
});

describe('rate limiter', () => {
  it('allows a burst, then the rate, and never more over any time', () => {
    const limiter = new RateLimiter(60);
    const allowed = (ms: number): boolean => limiter.take('a', ms).allowed;
    expect(Array.from({ length: 16 }, () => allowed(0)).filter(Boolean)).toHaveLength(15);
    expect([allowed(999), allowed(2_001), allowed(2_002)]).toEqual([false, true, true]);
    expect(limiter.take('b', 2_002)).toMatchObject({ allowed: true, remaining: 14 });
  });
  it('says when the next request is allowed', () => {
    const limiter = new RateLimiter(60);
    for (let index = 0; index < 15; index++) limiter.take('a', 0);
    const refused = limiter.take('a', 0);
    expect(refused).toMatchObject({ allowed: false, remaining: 0, resetSec: 1 });
    expect(limiter.take('a', refused.resetSec * 1000).allowed).toBe(true);
  });
});

describe('ledger as CSV', () => {
  it('is no formula to a spreadsheet', () => {
    const entry = {
      id: 1,
      account_id: 'a',
      pool: 'api' as const,
      kind: 'adjust' as const,
      debit: 'available' as const,
      credit: 'issued' as const,
      amount: 3,
      job_id: null,
      attempt: null,
      note: '=HYPERLINK("x")',
      reference: null,
      at: new Date(0),
    };
    expect(availableChange(entry)).toBe(-3);
    expect(entriesCsv([entry])).toContain(`,"'=HYPERLINK(""x"")"\r\n`);
  });
});
