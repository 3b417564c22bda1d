/** A client of the API as a stranger would write it: fetch and nothing of ours. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type FixtureSource, sourceBytes } from './fixture-probe.ts';

// biome-ignore lint/suspicious/noExplicitAny: answers are judged field by field in the tests
export type Body = any;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

const TERMINAL = ['completed', 'failed', 'canceled'];
const POLL_MS = 60;
/** A backstop, below that of a test so that the job is shown. */
const MAX_WAIT_MS = 200_000;

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = (response.headers.get('content-type') ?? '').includes('json');
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}

export class ApiUser {
  readonly url: string;
  readonly key: string;
  readonly accountId: string;

  constructor(url: string, key: string, accountId: string) {
    this.url = url;
    this.key = key;
    this.accountId = accountId;
  }

  async call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(path.startsWith('http') ? path : this.url + path, {
      method,
      headers: { authorization: `Bearer ${this.key}`, ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return answerOf(response);
  }

  get = (path: string, headers?: Record<string, string>): Promise<Answer> => this.call('GET', path, undefined, headers);
  post = (path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer> => this.call('POST', path, body, headers);

  create = (fields: object = {}, headers?: Record<string, string>): Promise<Answer> =>
    this.post('/api/v1/mocap/jobs', { sourceFilename: 'walk.mp4', targetIds: ['default'], ...fields }, headers);

  async upload(uploadUrl: string, source: FixtureSource | Buffer = {}, contentType = 'video/mp4'): Promise<Answer> {
    const body = Buffer.isBuffer(source) ? source : sourceBytes(source);
    return answerOf(await fetch(uploadUrl, { method: 'PUT', headers: { 'content-type': contentType }, body: new Uint8Array(body) }));
  }

  job = (jobId: string, rest = ''): string => `/api/v1/mocap/jobs/${jobId}${rest}`;
  complete = (jobId: string, headers?: Record<string, string>): Promise<Answer> =>
    this.post(this.job(jobId, '/complete-upload'), {}, headers);

  /** Create and upload. */
  async draft(source: FixtureSource | Buffer = {}, fields: object = {}): Promise<string> {
    const created = await this.create(fields);
    if (created.status !== 200) throw new Error(`create answered ${created.status}: ${JSON.stringify(created.body)}`);
    const uploaded = await this.upload(created.body.data.uploadUrl, source);
    if (uploaded.status !== 200) throw new Error(`upload answered ${uploaded.status}: ${JSON.stringify(uploaded.body)}`);
    return created.body.data.jobId;
  }

  /** Create, upload and complete. */
  async submit(source: FixtureSource | Buffer = {}, fields: object = {}): Promise<string> {
    const jobId = await this.draft(source, fields);
    const completed = await this.complete(jobId);
    if (completed.status !== 200) throw new Error(`complete-upload answered ${completed.status}: ${JSON.stringify(completed.body)}`);
    return jobId;
  }

  /** Polls until `until` holds; the job as last seen. */
  async waitFor(jobId: string, until: (job: Body) => boolean = (job) => TERMINAL.includes(job.status)): Promise<Body> {
    const deadline = Date.now() + MAX_WAIT_MS;
    for (;;) {
      const { body } = await this.get(this.job(jobId));
      if (until(body.data.job)) return body.data;
      if (Date.now() > deadline) throw new Error(`the job stayed ${JSON.stringify(body.data.job)}`);
      await sleep(POLL_MS);
    }
  }
}
