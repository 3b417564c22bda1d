/** The typed client of a Gaitway server, for Node 20 and newer and for browsers; it depends on nothing. */
import { blobBody } from './blob-body.ts';
import { apiErrorFrom, ConnectionError, IntegrityError } from './errors.ts';
import { DEFAULT_RETRY, type RetryPolicy, withRetries } from './retry.ts';
import type { SendOptions, UploadBody } from './transfer.ts';
import { type CallOptions, Transport } from './transport.ts';
import { type WaitOptions, waitForJob } from './wait.ts';
import type {
  CreatedJob,
  CreateJobRequest,
  CreditEntry,
  Credits,
  Job,
  JobResult,
  JobSnapshot,
  JobState,
  JobStatus,
  Page,
  Quote,
  QuoteRequest,
  ResultFile,
  Review,
  TargetInfo,
} from './wire-types.ts';

export interface ClientOptions {
  /** Scheme and host of the server, e.g. `https://mocap.example`. */
  readonly baseUrl: string;
  /** `sk-…` */
  readonly apiKey: string;
  readonly retry?: Partial<RetryPolicy>;
  /** Of one try of one request. Uploads and downloads have none, but must not stall. */
  readonly timeoutMs?: number;
  readonly fetch?: typeof fetch;
}

export interface UploadOptions extends Partial<SendOptions> {}

const DEFAULT_TIMEOUT_MS = 30_000;
/** The server looks at the file before it answers, and a busy one has a minute for it. */
const ADMIT_TIMEOUT_MS = 120_000;
const JOBS = '/api/v1/mocap/jobs';
const DEFAULT_MEDIA_TYPE = 'video/mp4';

const jobPath = (jobId: string, rest = ''): string => `${JOBS}/${encodeURIComponent(jobId)}${rest}`;

const hex = (bytes: ArrayBuffer): string => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');

export class GaitwayClient {
  readonly #transport: Transport;
  readonly #retry: RetryPolicy;
  readonly #fetch: typeof fetch;

  constructor(options: ClientOptions) {
    this.#retry = { ...DEFAULT_RETRY, ...options.retry };
    this.#fetch = options.fetch ?? globalThis.fetch.bind(globalThis);
    this.#transport = new Transport({
      baseUrl: options.baseUrl.replace(/\/+$/, ''),
      apiKey: options.apiKey,
      retry: this.#retry,
      timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
      fetch: this.#fetch,
    });
  }

  createJob(request: CreateJobRequest, options?: CallOptions): Promise<CreatedJob> {
    return this.#transport.call('POST', JOBS, request, options);
  }

  /** A fresh upload URL for a job that still is a draft. */
  renewUploadUrl(jobId: string, options?: CallOptions): Promise<{ readonly uploadUrl: string; readonly uploadExpiresAt: string }> {
    return this.#transport.call('POST', jobPath(jobId, '/upload-url'), {}, options);
  }

  /** PUTs the source, from the beginning, as often as needed. */
  async upload(uploadUrl: string, source: UploadBody | Blob, options: UploadOptions = {}): Promise<void> {
    const body = source instanceof Blob ? blobBody(source) : source;
    const send: SendOptions = { ...options, mediaType: options.mediaType || DEFAULT_MEDIA_TYPE };
    await withRetries(this.#retry, options.signal, async () => {
      const answer = await body.send(uploadUrl, send);
      if (answer.status >= 200 && answer.status < 300) return;
      throw apiErrorFrom(answer.status, { get: (name) => answer.headers[name] ?? null }, parse(answer.body), Date.now());
    });
  }

  /** Admits the job. Safe to repeat: one job, one charge. */
  completeUpload(jobId: string, options?: CallOptions): Promise<JobState> {
    return this.#transport.call('POST', jobPath(jobId, '/complete-upload'), {}, { timeoutMs: ADMIT_TIMEOUT_MS, ...options });
  }

  getJob(jobId: string, options?: CallOptions): Promise<JobSnapshot> {
    return this.#transport.call('GET', jobPath(jobId), undefined, options);
  }

  /** Newest first. */
  listJobs(
    filter: { readonly status?: JobStatus; readonly cursor?: string; readonly limit?: number } = {},
    options?: CallOptions,
  ): Promise<Page<Job>> {
    return this.#transport.page(JOBS, filter, options);
  }

  /** Polls, at the pace the server asks for, until the job is completed, failed or canceled. */
  waitForJob(jobId: string, options: WaitOptions = {}): Promise<JobSnapshot> {
    return waitForJob((signal) => this.getJob(jobId, { signal }), options);
  }

  result(jobId: string, options?: CallOptions): Promise<JobResult> {
    return this.#transport.call('GET', jobPath(jobId, '/result'), undefined, options);
  }

  cancel(jobId: string, options?: CallOptions): Promise<JobState> {
    return this.#transport.call('POST', jobPath(jobId, '/cancel'), {}, options);
  }

  /** The next attempt of a job that failed with a retryable error; of a completed one, its failed targets are made again, free. */
  retry(jobId: string, options?: CallOptions): Promise<JobState> {
    return this.#transport.call('POST', jobPath(jobId, '/retry'), {}, options);
  }

  review(jobId: string, reviews: readonly Review[], options?: CallOptions): Promise<JobState> {
    return this.#transport.call('PUT', jobPath(jobId, '/review'), { reviews }, options);
  }

  /** Source, files and record go. */
  deleteJob(jobId: string, options?: CallOptions): Promise<{ readonly jobId: string; readonly deleted: true }> {
    return this.#transport.call('DELETE', jobPath(jobId), undefined, options);
  }

  /** What a clip would cost, before anything is uploaded. */
  quote(request: QuoteRequest, options?: CallOptions): Promise<Quote> {
    return this.#transport.call('POST', '/api/v1/mocap/quotes', request, options);
  }

  targets(options?: CallOptions): Promise<readonly TargetInfo[]> {
    return this.#transport.call('GET', '/api/v1/mocap/targets', undefined, options);
  }

  credits(options?: CallOptions): Promise<Credits> {
    return this.#transport.call('GET', '/api/v1/credits', undefined, options);
  }

  creditEntries(filter: { readonly cursor?: string; readonly limit?: number } = {}, options?: CallOptions): Promise<Page<CreditEntry>> {
    return this.#transport.page('/api/v1/credits/entries', filter, options);
  }

  /** A result file in memory, its sha256 verified. To disk: `downloadToFile` of node-download. */
  async download(file: ResultFile, options: { readonly signal?: AbortSignal } = {}): Promise<Uint8Array<ArrayBuffer>> {
    return withRetries(this.#retry, options.signal, async () => {
      const bytes = await this.#fetchBytes(file, options.signal);
      if (hex(await crypto.subtle.digest('SHA-256', bytes)) !== file.sha256)
        throw new IntegrityError(`${file.name} did not arrive as it was sent.`);
      return bytes;
    });
  }

  async #fetchBytes(file: ResultFile, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    try {
      const response = await this.#fetch(file.url, { signal });
      if (!response.ok) throw apiErrorFrom(response.status, response.headers, parse(await response.text()), Date.now());
      return new Uint8Array(await response.arrayBuffer());
    } catch (error) {
      signal?.throwIfAborted();
      throw error instanceof TypeError ? new ConnectionError(`${file.name} broke off.`, { cause: error }) : error;
    }
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
