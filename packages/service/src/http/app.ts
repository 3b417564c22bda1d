/** The HTTP server: plugins in order, then one call an operation. */
import { randomUUID } from 'node:crypto';
import fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyRequest, LogController } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { uploadArrived, uploadGuard } from '../jobs/upload-guard.ts';
import { registerDocs } from '../openapi-docs/docs-route.ts';
import { objectRoutes } from '../storage/object-routes.ts';
import type { App, HttpContext } from './context.ts';
import { authenticate } from './plugins/auth.ts';
import { registerCors } from './plugins/cors.ts';
import { registerIdempotency } from './plugins/idempotency.ts';
import { registerJsonBody } from './plugins/json-body.ts';
import { registerNotFound } from './plugins/not-found.ts';
import { registerOpenApi } from './plugins/openapi.ts';
import { limitRate, RateLimiter } from './plugins/rate-limit.ts';
import { faultOf, sendProblem } from './problem.ts';
import { registerChangeJob } from './routes/change-job.ts';
import { registerCompleteUpload } from './routes/complete-upload.ts';
import { registerCreateJob } from './routes/create-job.ts';
import { registerCreditEntries } from './routes/credit-entries.ts';
import { registerCredits } from './routes/credits.ts';
import { registerDeleteJob } from './routes/delete-job.ts';
import { registerGetJob } from './routes/get-job.ts';
import { registerGetResult } from './routes/get-result.ts';
import { registerJobEvents } from './routes/job-events.ts';
import { registerListJobs } from './routes/list-jobs.ts';
import { registerOperation } from './routes/operation.ts';
import { registerQuote } from './routes/quote.ts';
import { registerReviewJob } from './routes/review-job.ts';
import { registerTargets } from './routes/targets.ts';
import { registerUploadUrl } from './routes/upload-url.ts';

const REQUEST_ID = /^[A-Za-z0-9._-]{8,64}$/;
const HEADERS_TIMEOUT_MS = 15_000;
/** Long enough for a slow upload; a stalled one is cut by the object routes. */
const REQUEST_TIMEOUT_MS = 3_600_000;

function requestIdOf(raw: { headers: Record<string, string | string[] | undefined> }): string {
  const given = raw.headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : `req_${randomUUID()}`;
}

function createServer(context: HttpContext): FastifyInstance {
  return fastify({
    loggerInstance: context.log as FastifyBaseLogger,
    genReqId: requestIdOf,
    bodyLimit: context.config.limits.bodyBytes,
    requestTimeout: REQUEST_TIMEOUT_MS,
    http: { headersTimeout: HEADERS_TIMEOUT_MS },
    // Longer than the minute of the usual proxies and clients: they must be the ones who close, or a request meets a closing connection.
    keepAliveTimeout: 75_000,
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: true },
  });
}

const routeOf = (request: FastifyRequest): string => request.routeOptions.url ?? 'unknown';

/** Logs one line a request, without query strings: signatures are permissions. */
function registerObservation(app: FastifyInstance, context: HttpContext): void {
  app.addHook('onSend', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  app.addHook('onResponse', async (request, reply) => {
    const { method } = request;
    const { statusCode } = reply;
    const seconds = reply.elapsedTime / 1000;
    context.metrics.requestSec.observe({ method, route: routeOf(request), status: String(statusCode) }, seconds);
    const jobId = (request.params as { jobId?: string } | undefined)?.jobId;
    request.log.info({ method, route: routeOf(request), jobId, accountId: request.caller?.accountId, statusCode, seconds }, 'request');
  });
}

function registerOperations(app: App, context: HttpContext): void {
  registerOperation(app, context);
  registerCreateJob(app, context);
  registerListJobs(app, context);
  registerGetJob(app, context);
  registerCompleteUpload(app, context);
  registerUploadUrl(app, context);
  registerGetResult(app, context);
  registerJobEvents(app, context);
  registerChangeJob(app, context);
  registerReviewJob(app, context);
  registerDeleteJob(app, context);
  registerQuote(app, context);
  registerTargets(app);
  registerCredits(app, context);
  registerCreditEntries(app, context);
}

export async function createApp(context: HttpContext): Promise<FastifyInstance> {
  const server = createServer(context);
  server.setValidatorCompiler(validatorCompiler);
  server.setSerializerCompiler(serializerCompiler);
  server.setErrorHandler((error, request, reply) => {
    const fault = faultOf(error);
    context.metrics.problems.inc({ code: fault.error.code });
    return sendProblem(fault, request, reply);
  });
  server.decorateRequest('caller', null);
  server.decorateRequest('earlierJobId', null);
  registerNotFound(server);
  registerCors(server, context.config.corsOrigins);
  registerObservation(server, context);
  await registerOpenApi(server, context.config.publicUrl);
  registerDocs(server);
  registerJsonBody(server, context.config.limits);
  server.addHook('onRequest', authenticate(context.db));
  server.addHook('onRequest', limitRate(new RateLimiter(context.config.limits.requestsPerMinute)));
  registerIdempotency(server, context.db);
  registerOperations(server.withTypeProvider<ZodTypeProvider>(), context);
  const beforeUpload = uploadGuard(context.db);
  await server.register(
    objectRoutes({ store: context.objects, signer: context.signer, beforeUpload, afterUpload: uploadArrived(context.db) }),
  );
  return server;
}
