import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { JobsContext } from '../jobs/context.ts';
import type { UrlSigner } from '../storage/signed-url.ts';
import type { Metrics } from './metrics.ts';

/** What the handlers work with. */
export interface HttpContext extends JobsContext {
  readonly signer: UrlSigner;
  readonly metrics: Metrics;
  /** Seconds of work per second of clip; null until measured. */
  readonly pace: () => Promise<number | null>;
  /** Aborted when the server closes: ends streams that would never end by themselves. */
  readonly closing: AbortSignal;
}

export type App = FastifyInstance<RawServerDefault, IncomingMessage, ServerResponse, FastifyBaseLogger, ZodTypeProvider>;
