/** The requests of the load: one connection a client, kept open, as 500 separate programs would have. */
import http from 'node:http';

export interface Answer {
  readonly status: number;
  readonly body: string;
}

export interface BenchClient {
  readonly agent: http.Agent;
  readonly key: string;
}

export const createClients = (keys: readonly string[]): BenchClient[] =>
  keys.map((key) => ({ key, agent: new http.Agent({ keepAlive: true, maxSockets: 2 }) }));

export function send(client: BenchClient, baseUrl: string, method: string, path: string, body?: object): Promise<Answer> {
  const text = body === undefined ? '' : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const request = http.request(
      baseUrl + path,
      {
        method,
        agent: client.agent,
        timeout: 20_000,
        headers: {
          authorization: `Bearer ${client.key}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
        },
      },
      (response) => {
        let received = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          received += chunk;
        });
        response.once('end', () => resolve({ status: response.statusCode ?? 0, body: received }));
        response.once('error', reject);
      },
    );
    request.once('timeout', () => request.destroy(new Error('no answer')));
    request.once('error', reject);
    request.end(text);
  });
}

const NEW_JOB = { sourceFilename: 'walk.mp4', targetIds: ['default'], exportFps: 30 };

/** Creates a job; null where the answer was no success. */
export async function createJob(client: BenchClient, baseUrl: string): Promise<string | null> {
  const { status, body } = await send(client, baseUrl, 'POST', '/api/v1/mocap/jobs', NEW_JOB);
  return status >= 200 && status < 300 ? (JSON.parse(body) as { data: { jobId: string } }).data.jobId : null;
}

export async function pollJob(client: BenchClient, baseUrl: string, jobId: string): Promise<boolean> {
  return (await send(client, baseUrl, 'GET', `/api/v1/mocap/jobs/${jobId}`)).status === 200;
}
