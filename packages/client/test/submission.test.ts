/** The resumable flow against a small model of the service that counts what it made; the process "dies" at every step in turn. */
import { afterEach, expect, test } from 'vitest';
import { GaitwayClient } from '../src/client.ts';
import { type Submission, type SubmissionState, submit } from '../src/submission.ts';
import type { Answer, FakeServer, Received } from './fake-server.ts';
import { startFakeServer } from './fake-server.ts';

let server: FakeServer;
afterEach(() => server.close());

interface Model {
  readonly jobs: Map<string, { id: string; status: string; phase: string; charges: number }>;
  readonly byKey: Map<string, string>;
  refuses?: boolean;
}

const data = (value: unknown): Answer => ({ json: { data: value } });

function answerAs(model: Model, request: Received): Answer {
  const key = String(request.headers['idempotency-key']);
  if (request.path === '/api/v1/mocap/jobs') {
    const id = model.byKey.get(key) ?? `mocap_${model.jobs.size + 1}`;
    model.byKey.set(key, id);
    if (!model.jobs.has(id)) model.jobs.set(id, { id, status: 'draft', phase: 'uploading', charges: 0 });
    return data({ jobId: id });
  }
  const [, id, action = ''] = /(mocap_\d+)(?:\/(.*))?$/.exec(request.path) ?? [];
  const job = model.jobs.get(id);
  if (job === undefined) return { status: 404, json: { code: 'job_not_found', detail: 'gone', retryable: false } };
  if (request.method === 'PUT') job.phase = 'uploaded';
  if (action === 'upload-url') return data({ uploadUrl: `${server.baseUrl}/put/${id}` });
  if (action === 'complete-upload' && model.refuses) {
    job.status = 'failed';
    return { status: 422, json: { code: 'source_unreadable', detail: 'no video', retryable: false } };
  }
  if (action === 'complete-upload' && job.status === 'draft') Object.assign(job, { status: 'completed', charges: job.charges + 1 });
  if (action === 'result') return data({ jobId: id, status: job.status, outputs: [] });
  return data({ job: { ...job, pollAfterSec: 0 }, events: [], result: null });
}

async function startModel(): Promise<{ model: Model; client: GaitwayClient }> {
  const model: Model = { jobs: new Map(), byKey: new Map() };
  server = await startFakeServer((request) => answerAs(model, request));
  return { model, client: new GaitwayClient({ baseUrl: server.baseUrl, apiKey: 'sk-x', retry: { maxRetries: 0 } }) };
}

class Killed extends Error {}

/** A client whose `at`-th request is lost: before it is sent, or after it was answered. */
function dyingClient(at: number, when: 'before' | 'after'): GaitwayClient {
  let count = 0;
  const dying: typeof fetch = async (input, init) => {
    const isLast = ++count === at;
    if (isLast && when === 'before') throw new Killed();
    const response = await fetch(input, init);
    if (isLast) throw new Killed();
    return response;
  };
  return new GaitwayClient({ baseUrl: server.baseUrl, apiKey: 'sk-x', retry: { maxRetries: 0 }, fetch: dying });
}

const saved: { state: SubmissionState | null } = { state: null };
const submission = (): Submission => ({
  request: { sourceFilename: 'walk.mp4', targetIds: ['default'] },
  source: {
    bytes: 3,
    send: async (url) => {
      const response = await fetch(url, { method: 'PUT', body: 'abc' });
      return { status: response.status, headers: {}, body: '' };
    },
  },
  state: saved.state,
  save: async (state) => {
    saved.state = state;
  },
});

test.each([1, 2, 3, 4, 5, 6].flatMap((at) => [['before', at] as const, ['after', at] as const]))(
  'killed %s request %i, run again: one job, one charge',
  async (when, at) => {
    saved.state = null;
    const { model, client } = await startModel();
    await submit(dyingClient(at, when), submission()).catch(() => {});
    const { result } = await submit(client, submission());
    expect(result.status).toBe('completed');
    expect([...model.jobs.values()].map((job) => job.charges)).toEqual([1]);
  },
);

test('a file that is refused ends as a failed job, not as an exception', async () => {
  saved.state = null;
  const { model, client } = await startModel();
  model.refuses = true;
  const { result } = await submit(client, submission());
  expect(result.status).toBe('failed');
});

test('a job that expired meanwhile is begun anew', async () => {
  saved.state = { version: 1, idempotencyKey: 'old', jobId: 'mocap_7' };
  const { model, client } = await startModel();
  const { result } = await submit(client, submission());
  expect(result.jobId).toBe('mocap_1');
  expect(model.byKey.has('old')).toBe(false);
});
