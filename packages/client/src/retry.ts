/** When and how long to wait before a request is sent again. Pure but for the clock and the dice, which are given in. */
import { ApiError, ConnectionError } from './errors.ts';

export interface RetryPolicy {
  /** Repetitions after the first try. */
  readonly maxRetries: number;
  readonly firstWaitMs: number;
  readonly maxWaitMs: number;
}

export const DEFAULT_RETRY: RetryPolicy = { maxRetries: 4, firstWaitMs: 500, maxWaitMs: 30_000 };

const STATUSES = new Set([408, 429, 500, 502, 503, 504]);
/** The first request with this key still runs, or its server died and the key is free again within a minute. */
const IN_USE = 'idempotency_key_in_use';
const IN_USE_PATIENCE_MS = 90_000;

const isInUse = (error: unknown): boolean => error instanceof ApiError && error.code === IN_USE;

/** Not every "retryable" error is worth an automatic repetition: `result_not_ready` needs the caller to wait for something else. */
export function isWorthRepeating(error: unknown): boolean {
  if (error instanceof ConnectionError) return true;
  if (!(error instanceof ApiError)) return false;
  return isInUse(error) || (STATUSES.has(error.status) && (error.retryable || error.code.startsWith('http_')));
}

/**
 * What the server asked for, else exponential with jitter (half fixed, half drawn): 0.25–0.5 s, 0.5–1 s, 1–2 s, …
 * null: not worth waiting (it asks for longer than the policy allows).
 */
export function waitBeforeRetryMs(error: unknown, attempt: number, policy: RetryPolicy, random: () => number): number | null {
  const askedSec = error instanceof ApiError ? error.retryAfterSec : undefined;
  if (askedSec !== undefined) return askedSec * 1000 <= policy.maxWaitMs ? askedSec * 1000 : null;
  const ceiling = Math.min(policy.maxWaitMs, policy.firstWaitMs * 2 ** attempt);
  return ceiling * (0.5 + 0.5 * random());
}

/** A wait that ends with the signal's reason when aborted. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

export async function withRetries<T>(policy: RetryPolicy, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  const patientUntilMs = Date.now() + IN_USE_PATIENCE_MS;
  for (let attempt = 0; ; ) {
    try {
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      const isPatient = isInUse(error) && Date.now() < patientUntilMs;
      if (!isPatient && (attempt >= policy.maxRetries || !isWorthRepeating(error))) throw error;
      const waitMs = waitBeforeRetryMs(error, attempt, policy, Math.random);
      if (waitMs === null) throw error;
      if (!isPatient) attempt++;
      await sleep(waitMs, signal);
    }
  }
}
