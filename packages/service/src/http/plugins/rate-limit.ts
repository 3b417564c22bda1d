/** A token bucket a key, in this process: full it allows a burst of a quarter of a minute's requests and refills evenly. */

import { GaitwayError } from '@gaitway/motion/errors';
import type { FastifyReply, FastifyRequest } from 'fastify';

interface Bucket {
  tokens: number;
  atMs: number;
}

export interface RateDecision {
  readonly allowed: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** Until the next request is allowed, or until the bucket is full again. */
  readonly resetSec: number;
}

const MAX_BUCKETS = 10_000;

export class RateLimiter {
  readonly #capacity: number;
  readonly #perMs: number;
  /** In order of last use: the first is the one forgotten when there are too many. */
  readonly #buckets = new Map<string, Bucket>();

  constructor(requestsPerMinute: number) {
    this.#capacity = Math.max(1, Math.ceil(requestsPerMinute / 4));
    this.#perMs = requestsPerMinute / 60_000;
  }

  take(key: string, nowMs: number): RateDecision {
    const bucket = this.#buckets.get(key) ?? { tokens: this.#capacity, atMs: nowMs };
    bucket.tokens = Math.min(this.#capacity, bucket.tokens + (nowMs - bucket.atMs) * this.#perMs);
    bucket.atMs = nowMs;
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    if (this.#buckets.size > MAX_BUCKETS) this.#forgetOldest();
    const allowed = bucket.tokens >= 1;
    if (allowed) bucket.tokens -= 1;
    const missing = allowed ? this.#capacity - bucket.tokens : 1 - bucket.tokens;
    return { allowed, limit: this.#capacity, remaining: Math.floor(bucket.tokens), resetSec: Math.ceil(missing / this.#perMs / 1000) };
  }

  #forgetOldest(): void {
    const [oldest] = this.#buckets.keys();
    this.#buckets.delete(oldest);
  }
}

export const limitRate =
  (limiter: RateLimiter) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (request.caller === null) return;
    const decision = limiter.take(request.caller.keyId, Date.now());
    reply.headers({
      'ratelimit-limit': String(decision.limit),
      'ratelimit-remaining': String(decision.remaining),
      'ratelimit-reset': String(decision.resetSec),
    });
    if (!decision.allowed) throw new GaitwayError('rate_limited', { facts: { retryAfterSec: decision.resetSec } });
  };
