import { createHash } from 'node:crypto';
import { GaitwayError } from '@gaitway/motion/errors';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Db } from '../../database/schema.ts';
import { claimKey, type KeyedRequest, keepAnswer, releaseKey } from '../../idempotency/idempotency-keys.ts';
import { callerOf } from './auth.ts';

const KEY = /^[\x21-\x7e]{1,200}$/;

export function idempotencyKeyOf(request: FastifyRequest): string | null {
  const header = request.headers['idempotency-key'];
  if (header === undefined) return null;
  if (typeof header !== 'string' || !KEY.test(header)) {
    throw new GaitwayError('request_invalid', { message: 'Idempotency-Key must be 1 to 200 printable characters.' });
  }
  return header;
}

function keyedRequest(request: FastifyRequest): KeyedRequest | null {
  if (request.method !== 'POST' || request.routeOptions.config.scope === undefined) return null;
  const key = idempotencyKeyOf(request);
  if (key === null) return null;
  const requestSha256 = createHash('sha256')
    .update(JSON.stringify([request.method, request.url, request.body ?? null]))
    .digest('hex');
  return { accountId: callerOf(request).accountId, key, requestSha256 };
}

/** Every POST of the API: same key and body, same answer; only successes are kept, so that a refused request can be tried again. */
export function registerIdempotency(app: FastifyInstance, db: Db): void {
  const claimed = new WeakMap<FastifyRequest, KeyedRequest>();
  app.addHook('preHandler', async (request: FastifyRequest, reply: FastifyReply) => {
    const keyed = keyedRequest(request);
    if (keyed === null) return;
    const claim = await claimKey(db, keyed);
    if (claim.kind === 'answered') {
      reply
        .header('idempotency-replayed', 'true')
        .code(claim.status)
        .type('application/json; charset=utf-8')
        .serializer(JSON.stringify)
        .send(claim.body);
      return reply;
    }
    if (claim.kind === 'resumed') request.earlierJobId = claim.jobId;
    claimed.set(request, keyed);
  });
  app.addHook('onSend', async (request, reply, payload) => {
    const keyed = claimed.get(request);
    if (keyed === undefined) return;
    claimed.delete(request);
    const succeeded = reply.statusCode < 300 && typeof payload === 'string';
    await (succeeded ? keepAnswer(db, keyed, reply.statusCode, payload) : releaseKey(db, keyed));
  });
}
