/** The signed URLs of local objects over HTTP: `PUT`, `GET` and `HEAD /objects/<key>?…`. The URL is the permission; no key is asked for. */
import type { IncomingMessage } from 'node:http';
import { GaitwayError } from '@gaitway/motion/errors';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ObjectInfo, ObjectStore, UploadGrant } from './object-store.ts';
import { answerDownload } from './send-download.ts';
import { OBJECTS_PATH, type UrlSigner } from './signed-url.ts';

export interface ObjectRoutesOptions {
  readonly store: ObjectStore;
  readonly signer: UrlSigner;
  /** Asked before a byte is read: throws where this key takes no upload any more (`source_replaced`, `job_state_invalid`). */
  readonly beforeUpload?: (key: string) => Promise<void>;
  /** Told when the object is stored. */
  readonly afterUpload?: (info: ObjectInfo) => Promise<void>;
  /** A client that sends nothing for this long is gone. */
  readonly idleTimeoutMs?: number;
}

const DEFAULT_IDLE_TIMEOUT_MS = 30_000;
/** How long a refused client may go on sending, so that it reads our answer rather than a reset connection. */
const DRAIN_MS = 10_000;

function announcedBytes(request: FastifyRequest): number | undefined {
  const header = request.headers['content-length'];
  return header === undefined ? undefined : Number(header);
}

function requireSize(announced: number | undefined, grant: UploadGrant): void {
  if (announced !== undefined && announced > grant.maxBytes) {
    throw new GaitwayError('api_file_size_limit_exceeded', { stage: 'upload', facts: { maxBytes: grant.maxBytes } });
  }
}

/** Lets the rest of a refused body run out for a moment, then cuts the connection. */
function drain(message: IncomingMessage): void {
  if (message.complete || message.destroyed) return;
  message.on('error', () => {});
  message.resume();
  setTimeout(() => {
    if (!message.complete) message.socket.destroy();
  }, DRAIN_MS).unref();
}

/**
 * The body, ended with an error when it stalls; a disk of ours that takes its time is no stall of the client's. Not read to its end, it
 * stays open: the refusal still has to be sent.
 */
async function* untilIdle(message: IncomingMessage, idleTimeoutMs: number): AsyncIterable<Uint8Array> {
  const begin = () => setTimeout(() => message.destroy(new Error('the upload stalled')), idleTimeoutMs).unref();
  let timer = begin();
  try {
    for await (const chunk of message.iterator({ destroyOnReturn: false })) {
      clearTimeout(timer);
      yield chunk;
      timer = begin();
    }
  } finally {
    clearTimeout(timer);
  }
}

async function receive(options: ObjectRoutesOptions, request: FastifyRequest): Promise<ObjectInfo> {
  const grant = options.signer.verifyUpload(request.raw.url ?? '', new Date());
  const announced = announcedBytes(request);
  requireSize(announced, grant);
  await options.beforeUpload?.(grant.key);
  const body = untilIdle(request.raw, options.idleTimeoutMs ?? DEFAULT_IDLE_TIMEOUT_MS);
  const expected = announced === undefined ? {} : { expectedBytes: announced };
  const info = await options.store.put(grant.key, body, { maxBytes: grant.maxBytes, ...expected });
  await options.afterUpload?.(info);
  return info;
}

async function putObject(options: ObjectRoutesOptions, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  try {
    const info = await receive(options, request);
    return reply.code(200).header('etag', `"${info.sha256}"`).send({ bytes: info.bytes, sha256: info.sha256 });
  } catch (error) {
    reply.header('connection', 'close');
    drain(request.raw);
    throw error;
  }
}

async function getObject(options: ObjectRoutesOptions, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const grant = options.signer.verifyDownload(request.raw.url ?? '', new Date());
  const answer = await answerDownload(options.store, grant, {
    isHead: request.method === 'HEAD',
    range: request.headers.range,
    ifRange: request.headers['if-range']?.toString(),
    ifNoneMatch: request.headers['if-none-match'],
  });
  return reply
    .code(answer.status)
    .headers(answer.headers)
    .send(answer.body ?? '');
}

/** A plugin of its own scope: only here do bodies stay streams, whatever Content-Type they carry. */
export const objectRoutes =
  (options: ObjectRoutesOptions) =>
  async (app: FastifyInstance): Promise<void> => {
    // Any Content-Type is fine, even one that is none: the framework would refuse it.
    app.addHook('onRequest', async (request) => {
      request.raw.headers['content-type'] = 'application/octet-stream';
    });
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', (_request, _payload, done) => done(null, undefined));
    app.put(`${OBJECTS_PATH}*`, (request, reply) => putObject(options, request, reply));
    app.route({ method: ['GET', 'HEAD'], url: `${OBJECTS_PATH}*`, handler: (request, reply) => getObject(options, request, reply) });
  };
