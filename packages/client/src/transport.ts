/** One JSON request: headers, time limit, a bounded answer, errors made typed, repetitions. */
import { ApiError, apiErrorFrom, ConnectionError } from './errors.ts';
import { type RetryPolicy, withRetries } from './retry.ts';
import type { Page } from './wire-types.ts';

export interface TransportOptions {
  /** No closing slash. */
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly retry: RetryPolicy;
  readonly timeoutMs: number;
  readonly fetch: typeof fetch;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** The same key on the same request gives the same answer, however often it is sent; default: a new one a call. */
  readonly idempotencyKey?: string;
  /** Longest wait for one answer; default: the client's. */
  readonly timeoutMs?: number;
}

export type PageQuery = Readonly<Record<string, string | number | undefined>>;
export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

const MAX_ANSWER_BYTES = 8 << 20;

async function readBounded(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  const reader = response.body?.getReader();
  for (let part = await reader?.read(); part !== undefined && !part.done; part = await reader?.read()) {
    bytes += part.value.length;
    if (bytes > MAX_ANSWER_BYTES) throw new ConnectionError('The answer is too long.');
    text += decoder.decode(part.value, { stream: true });
  }
  return text + decoder.decode();
}

function parseJson(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Every success of this API is under `data`; a list has its cursor beside it. */
interface Envelope {
  readonly data: unknown;
  readonly nextCursor?: string | null;
}

function requireEnvelope(body: unknown): Envelope {
  if (typeof body === 'object' && body !== null && 'data' in body) return body;
  throw new ConnectionError('The answer is not one of a Gaitway server; check the address.');
}

export class Transport {
  readonly #options: TransportOptions;

  constructor(options: TransportOptions) {
    this.#options = options;
  }

  /** Repeats itself on what passes; every POST carries one idempotency key through all repetitions. */
  async call<T>(method: Method, path: string, body: unknown, options: CallOptions = {}): Promise<T> {
    return (await this.#repeated(method, path, body, options)).data as T;
  }

  async page<T>(path: string, query: PageQuery, options: CallOptions = {}): Promise<Page<T>> {
    const given = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) if (value !== undefined) given.set(name, String(value));
    const envelope = await this.#repeated('GET', given.size === 0 ? path : `${path}?${given}`, undefined, options);
    return { items: envelope.data as T[], nextCursor: envelope.nextCursor ?? null };
  }

  #repeated(method: Method, path: string, body: unknown, options: CallOptions): Promise<Envelope> {
    const headers = this.#headers(method, body, options);
    const text = body === undefined ? undefined : JSON.stringify(body);
    return withRetries(this.#options.retry, options.signal, () => this.#once(method, path, headers, text, options));
  }

  #headers(method: Method, body: unknown, options: CallOptions): Record<string, string> {
    return {
      authorization: `Bearer ${this.#options.apiKey}`,
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(method === 'POST' ? { 'idempotency-key': options.idempotencyKey ?? crypto.randomUUID() } : {}),
    };
  }

  async #once(
    method: Method,
    path: string,
    headers: Record<string, string>,
    body: string | undefined,
    { signal, timeoutMs = this.#options.timeoutMs }: CallOptions,
  ): Promise<Envelope> {
    const timeout = AbortSignal.timeout(timeoutMs);
    const both = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
    try {
      const response = await this.#options.fetch(this.#options.baseUrl + path, { method, headers, body, signal: both, redirect: 'error' });
      const parsed = parseJson(await readBounded(response));
      if (!response.ok) throw apiErrorFrom(response.status, response.headers, parsed, Date.now());
      return requireEnvelope(parsed);
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof ApiError || error instanceof ConnectionError) throw error;
      throw new ConnectionError(`No answer from ${this.#options.baseUrl}.`, { cause: error });
    }
  }
}
