/** Everything a call of the client can fail with. */

export interface FieldError {
  readonly field?: string;
  readonly message?: string;
}

export interface ApiErrorDetails {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly stage?: string;
  readonly retryable: boolean;
  readonly requestId?: string;
  readonly retryAfterSec?: number;
  readonly errors?: readonly FieldError[];
}

/** The service answered, with a refusal. `code` is of the service's catalogue (docs/api.md). */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: string;
  readonly stage: string | undefined;
  /** The same request may succeed later without a change. */
  readonly retryable: boolean;
  /** Quote it when you ask the operator. */
  readonly requestId: string | undefined;
  readonly retryAfterSec: number | undefined;
  readonly errors: readonly FieldError[];

  constructor(details: ApiErrorDetails) {
    super(details.message);
    this.status = details.status;
    this.code = details.code;
    this.stage = details.stage;
    this.retryable = details.retryable;
    this.requestId = details.requestId;
    this.retryAfterSec = details.retryAfterSec;
    this.errors = details.errors ?? [];
  }
}

/** No answer came, or none that could be understood: the network, a proxy, a wrong address. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
  readonly retryable = true;
}

/** A file arrived whole but is not the one that was announced. */
export class IntegrityError extends Error {
  override readonly name = 'IntegrityError';
  readonly retryable = true;
}

/** `waitForJob` waited as long as it was told to. The job goes on. */
export class WaitTimeoutError extends Error {
  override readonly name = 'WaitTimeoutError';
  readonly retryable = true;
}

const RETRYABLE_STATUSES = new Set([408, 429, 502, 503, 504]);

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** Seconds, or a date. */
export function parseRetryAfter(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header);
  const dateMs = Date.parse(header);
  return Number.isNaN(dateMs) ? undefined : Math.max(0, (dateMs - nowMs) / 1000);
}

/** From a problem+json body; from anything else (a proxy's page) what the status says. */
export function apiErrorFrom(status: number, headers: { get(name: string): string | null }, body: unknown, nowMs: number): ApiError {
  const problem: Record<string, unknown> = typeof body === 'object' && body !== null ? { ...body } : {};
  return new ApiError({
    status,
    code: text(problem.code) ?? `http_${status}`,
    message: text(problem.detail) ?? text(problem.title) ?? `The server answered with status ${status}.`,
    stage: text(problem.stage),
    retryable: typeof problem.retryable === 'boolean' ? problem.retryable : RETRYABLE_STATUSES.has(status),
    requestId: text(problem.requestId) ?? headers.get('x-request-id') ?? undefined,
    retryAfterSec: parseRetryAfter(headers.get('retry-after'), nowMs),
    errors: Array.isArray(problem.errors) ? problem.errors : [],
  });
}
