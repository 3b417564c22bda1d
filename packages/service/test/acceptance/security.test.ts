import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiUser } from '../support/api-user.ts';
import { sourceBytes } from '../support/fixture-probe.ts';
import { type Harness, startHarness } from '../support/harness.ts';

let harness: Harness;
let owner: ApiUser;
let stranger: ApiUser;
let jobId: string;
beforeAll(async () => {
  harness = await startHarness();
  owner = await harness.customer();
  stranger = await harness.customer();
  jobId = await owner.submit();
  await owner.waitFor(jobId);
});
afterAll(() => harness.stop());

interface Operation {
  readonly operationId: string;
  readonly requestBody?: object;
  readonly security?: readonly object[];
}

const BODIES: Readonly<Record<string, object>> = { reviewJob: { reviews: [{ targetId: 'default', verdict: 'approved' }] } };

describe('another account', () => {
  it('finds nothing on any route of the OpenAPI document, and changes nothing', async () => {
    const { paths } = (await owner.get('/openapi.json')).body as { paths: Record<string, Record<string, Operation>> };
    const before = (await owner.get(owner.job(jobId))).body.data.job;
    let walked = 0;
    for (const [path, operations] of Object.entries(paths)) {
      if (!path.includes('{')) continue;
      for (const [method, operation] of Object.entries(operations)) {
        const body = BODIES[operation.operationId] ?? (operation.requestBody === undefined ? undefined : {});
        const answer = await stranger.call(method.toUpperCase(), path.replace('{jobId}', jobId), body);
        expect({ path, method, status: answer.status, code: answer.body.code }).toEqual({
          path,
          method,
          status: 404,
          code: 'job_not_found',
        });
        walked++;
      }
    }
    expect(walked).toBeGreaterThanOrEqual(9);
    expect((await owner.get(owner.job(jobId))).body.data.job).toEqual(before);
    expect((await stranger.get('/api/v1/mocap/jobs')).body.data).toEqual([]);
    expect((await stranger.get('/api/v1/credits/entries')).body.data).toHaveLength(1);
  });

  it('needs a key on every route but the public ones', async () => {
    const { paths } = (await owner.get('/openapi.json')).body as { paths: Record<string, Record<string, Operation>> };
    const open: string[] = [];
    for (const [path, operations] of Object.entries(paths)) {
      for (const [method, { security }] of Object.entries(operations)) {
        const answer = await fetch(harness.url + path.replace('{jobId}', jobId), { method: method.toUpperCase() });
        await answer.body?.cancel();
        if (answer.status === 401) expect(security).toEqual([{ key: [] }]);
        else open.push(path);
      }
    }
    expect(open.sort()).toEqual(['/health/live', '/health/ready']);
  });
});

describe('keys', () => {
  it('end with their revocation', async () => {
    const { db } = harness.service.context;
    const doomed = await harness.customer();
    expect((await doomed.get('/api/v1/credits')).status).toBe(200);
    await db.updateTable('api_keys').set({ revoked_at: new Date() }).where('account_id', '=', doomed.accountId).execute();
    expect((await doomed.get('/api/v1/credits')).status).toBe(401);
  });
  it('are stored as a hash alone, with their last use', async () => {
    const rows = await harness.service.context.db.selectFrom('api_keys').selectAll().where('account_id', '=', owner.accountId).execute();
    expect(JSON.stringify(rows)).not.toContain(owner.key);
    expect(rows[0].last_used_at).toBeInstanceOf(Date);
  });
});

describe('signed URLs', () => {
  const signedUrls = async () => {
    const { uploadUrl } = (await owner.create()).body.data;
    const { fbxUrl } = (await owner.get(owner.job(jobId, '/result'))).body.data;
    return { uploadUrl: uploadUrl as string, fbxUrl: fbxUrl as string };
  };

  it('cannot be altered', async () => {
    const { uploadUrl, fbxUrl } = await signedUrls();
    for (const url of [uploadUrl, fbxUrl]) {
      const method = url === uploadUrl ? 'PUT' : 'GET';
      const altered = [
        url.replace(/expires=\d+/, 'expires=9999999999'),
        url.replace('maxBytes=100000', 'maxBytes=900000'),
        url.replace('/objects/', '/objects/../objects/'),
        url.replace(/objects\/[^?]+/, `objects/sources/${jobId}`),
        url.replace(/signature=./, 'signature=_'),
        url.replace(/&signature=.*/, ''),
      ].filter((candidate) => candidate !== url);
      for (const candidate of altered) {
        const response = await fetch(candidate, { method, ...(method === 'PUT' && { body: 'x' }) });
        await response.body?.cancel();
        // Normalising clients turn the traversal back into the signed path: then it is the same URL.
        if (new URL(candidate).href !== new URL(url).href)
          expect({ candidate, status: response.status }).toEqual({ candidate, status: 403 });
      }
    }
  });

  it('serve one method', async () => {
    const { uploadUrl, fbxUrl } = await signedUrls();
    expect((await fetch(uploadUrl)).status).toBe(403);
    expect((await fetch(fbxUrl, { method: 'PUT', body: 'x' })).status).toBe(403);
    expect((await fetch(fbxUrl, { method: 'HEAD' })).status).toBe(200);
  });

  it('end with their time; a new one is signed on request', async () => {
    const { created, fbxUrl } = await harness.withExpiredLinks(async () => ({ created: await owner.create(), ...(await signedUrls()) }));
    expect((await owner.upload(created.body.data.uploadUrl)).body.code).toBe('upload_expired');
    expect(await (await fetch(fbxUrl)).json()).toMatchObject({ code: 'download_expired', stage: 'download', retryable: true });
    const renewed = await owner.post(owner.job(created.body.data.jobId, '/upload-url'));
    expect((await owner.upload(renewed.body.data.uploadUrl)).status).toBe(200);
  });

  it('take no more bytes than the plan allows, announced or not', async () => {
    const { uploadUrl } = (await owner.create()).body.data;
    expect((await owner.upload(uploadUrl, Buffer.alloc(100_001))).body.code).toBe('api_file_size_limit_exceeded');
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue(new Uint8Array(100_001));
        controller.close();
      },
    });
    const response = await fetch(uploadUrl, { method: 'PUT', body: stream, duplex: 'half' } as RequestInit);
    expect(response.status).toBe(413);
  });

  it('work with any Content-Type, or none', async () => {
    for (const contentType of ['video/quicktime', 'application/json', 'nonsense']) {
      const { uploadUrl } = (await owner.create()).body.data;
      expect((await owner.upload(uploadUrl, sourceBytes(), contentType)).status).toBe(200);
    }
  });
});

/** What the server answers to bytes as they are, path traversal included. */
async function raw(text: string, { url } = harness): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write(text);
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of socket) chunks.push(chunk as Buffer);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ECONNRESET') throw error;
  }
  return Buffer.concat(chunks).toString();
}

describe('hostile requests', () => {
  it('are cut when a body dribbles in', async () => {
    const impatient = await startHarness({ limits: { bodyTimeoutSec: 1 }, worker: false });
    const user = await impatient.customer();
    const head = `POST /api/v1/mocap/jobs HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${user.key}\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n`;
    // Resolves only when the server ends the connection.
    expect(await raw(`${head}{"sourceFilename":`, impatient)).not.toContain('HTTP/1.1 200');
    expect((await user.get('/health/live')).status).toBe(200);
    await impatient.stop();
  });
  it('get nothing by path traversal', async () => {
    for (const path of ['/objects/../../../etc/passwd', '/objects/%2e%2e/%2e%2e/etc/passwd?signature=x', '/../../etc/passwd']) {
      const answer = await raw(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      expect(answer).toMatch(/^HTTP\/1\.1 (400|403|404)/);
      expect(answer).not.toContain('root:');
    }
  });
  it('cannot inject headers through a file name or a request id', async () => {
    const id = await owner.submit({}, { sourceFilename: 'a\r\nSet-Cookie: x=1.mp4', title: 'x"; filename="y' });
    expect((await owner.waitFor(id)).job.status).toBe('completed');
    const answer = await owner.get('/health/live', { 'x-request-id': 'short' });
    expect(answer.headers.get('x-request-id')).toMatch(/^req_/);
  });
  it('get links to the public URL whatever Host they send', async () => {
    const body = JSON.stringify({ sourceFilename: 'a.mp4', targetIds: ['default'] });
    const head = `POST /api/v1/mocap/jobs HTTP/1.1\r\nHost: evil.example\r\nAuthorization: Bearer ${owner.key}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`;
    const answer = await raw(head + body);
    expect(answer).toContain(`"uploadUrl":"${harness.url}/objects/`);
    expect(answer).not.toContain('evil.example');
  });
});
