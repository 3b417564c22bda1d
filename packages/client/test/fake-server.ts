/** A server whose answers a test writes: the client's manners need a server with bad ones. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Answer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly json?: unknown;
  readonly raw?: Buffer;
  /** Cut the connection after this many bytes of `raw`… */
  readonly cutAfter?: number;
  /** … but not before this resolves: a cut throws away what is still under way, so a test waits until it has arrived. */
  readonly cutWhen?: () => Promise<void>;
  /** Cut the connection instead of answering. */
  readonly hangUp?: boolean;
}

export interface FakeServer {
  readonly baseUrl: string;
  readonly received: Received[];
  close(): Promise<void>;
}

function reply(response: http.ServerResponse, answer: Answer): void {
  if (answer.hangUp) {
    response.destroy();
    return;
  }
  const body = answer.raw ?? Buffer.from(JSON.stringify(answer.json ?? { data: {} }));
  response.writeHead(answer.status ?? 200, { 'content-length': body.length, 'x-request-id': 'req-1', ...answer.headers });
  if (answer.cutAfter === undefined) response.end(body);
  else
    response.write(
      body.subarray(0, answer.cutAfter),
      () => void (answer.cutWhen?.() ?? Promise.resolve()).finally(() => response.destroy()),
    );
}

/** `answer` is asked once a request, after its body arrived. */
export async function startFakeServer(answer: (request: Received, count: number) => Answer): Promise<FakeServer> {
  const received: Received[] = [];
  const server = http.createServer((request, response) => {
    buffer(request).then(
      (body) => {
        const entry = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body };
        received.push(entry);
        reply(response, answer(entry, received.length));
      },
      () => response.destroy(),
    );
  });
  // A client may take longer than the usual five seconds to come back to a connection it keeps.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    received,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
