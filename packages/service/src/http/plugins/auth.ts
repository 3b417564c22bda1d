import { GaitwayError } from '@gaitway/motion/errors';
import type { FastifyRequest } from 'fastify';
import { type Caller, findCaller } from '../../accounts/caller.ts';
import type { Scope } from '../../accounts/keys.ts';
import type { Db } from '../../database/schema.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The scope a key needs for this route; without one the route is public. */
    scope?: Scope;
  }
  interface FastifyRequest {
    caller: Caller | null;
    /** The job that an earlier request with the same Idempotency-Key made. */
    earlierJobId: string | null;
  }
}

function bearer(request: FastifyRequest): string {
  const match = /^Bearer ([\x21-\x7e]{1,200})$/i.exec(request.headers.authorization ?? '');
  if (match === null) throw new GaitwayError('api_key_invalid');
  return match[1];
}

export const authenticate =
  (db: Db) =>
  async (request: FastifyRequest): Promise<void> => {
    const { scope } = request.routeOptions.config;
    if (scope === undefined) return;
    const caller = await findCaller(db, bearer(request));
    if (caller === null) throw new GaitwayError('api_key_invalid');
    if (!caller.scopes.includes(scope)) throw new GaitwayError('api_key_scope_missing', { facts: { scope } });
    request.caller = caller;
  };

/** Who asks; routes with a scope always have one. */
export function callerOf(request: FastifyRequest): Caller {
  if (request.caller === null) throw new GaitwayError('api_key_invalid');
  return request.caller;
}
