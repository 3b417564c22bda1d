/** Errors on the wire: RFC 9457 problem+json, always with a code of the catalogue. What is not of the catalogue is logged and stays inside. */

import { type ErrorCode, GaitwayError, isGaitwayError } from '@gaitway/motion/errors';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { codeOfField } from './field-codes.ts';

export const problemSchema = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    stage: z.string(),
    retryable: z.boolean(),
    requestId: z.string(),
    errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
  })
  .meta({ description: 'RFC 9457 problem details; numbers and names that a program can use are members of their own.' });

export interface FieldError {
  readonly field: string;
  readonly message: string;
}

export interface Fault {
  readonly error: GaitwayError;
  readonly fields: readonly FieldError[];
}

/** Errors of framework and database that are the client's doing. */
const FRAMEWORK_CODES: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'request_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'request_invalid',
  FST_ERR_CTP_INVALID_JSON_BODY: 'request_invalid',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'request_invalid',
  // PostgreSQL: text with a NUL or half a surrogate pair, which no text of a database can hold.
  '22021': 'request_invalid',
  '22P02': 'request_invalid',
  '22P05': 'request_invalid',
};

function fromValidation(error: unknown): Fault | null {
  if (!hasZodFastifySchemaValidationErrors(error)) return null;
  const fields = error.validation.map(({ instancePath, message }) => ({
    field: instancePath.replace(/^\//, ''),
    message: message ?? 'not valid',
  }));
  const [first] = error.validation;
  const code = codeOfField(fields[0].field, first.keyword);
  return { error: new GaitwayError(code, { stage: 'create' }), fields };
}

/** What the catalogue says of anything thrown. */
export function faultOf(error: unknown): Fault {
  if (isGaitwayError(error)) return { error, fields: [] };
  const validation = fromValidation(error);
  if (validation !== null) return validation;
  const { code, statusCode } = error as Partial<FastifyError>;
  if (code !== undefined && Object.hasOwn(FRAMEWORK_CODES, code)) return { error: new GaitwayError(FRAMEWORK_CODES[code]), fields: [] };
  if (error instanceof SyntaxError || (statusCode !== undefined && statusCode >= 400 && statusCode < 500)) {
    return { error: new GaitwayError('request_invalid', { cause: error }), fields: [] };
  }
  return { error: new GaitwayError('service_unavailable', { cause: error }), fields: [] };
}

const RETRY_AFTER_SEC: Partial<Record<ErrorCode, number>> = {
  queue_full: 30,
  service_unavailable: 2,
  api_concurrency_limit_exceeded: 10,
  result_not_ready: 2,
  idempotency_key_in_use: 1,
  rate_limited: 1,
};

/** A decidable fault of a field answers 400 at create, whatever the catalogue says of the same code later. */
const CREATE_STATUS: Partial<Record<ErrorCode, number>> = { api_source_duration_invalid: 400, api_trim_range_invalid: 400 };

const statusOf = (error: GaitwayError): number => (error.stage === 'create' ? (CREATE_STATUS[error.code] ?? error.status) : error.status);

export function sendProblem({ error, fields }: Fault, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const status = statusOf(error);
  if (status >= 500) request.log.error({ err: error.cause ?? error }, 'request failed');
  const retryAfterSec = error.facts.retryAfterSec ?? RETRY_AFTER_SEC[error.code];
  if (retryAfterSec !== undefined && !reply.hasHeader('retry-after')) reply.header('retry-after', String(retryAfterSec));
  const body = {
    ...error.facts,
    type: `urn:gaitway:error:${error.code}`,
    title: error.code,
    status,
    detail: error.message,
    code: error.code,
    stage: error.stage,
    retryable: error.retryable,
    requestId: request.id,
    ...(fields.length > 0 && { errors: fields }),
  };
  return reply.code(status).type('application/problem+json').serializer(JSON.stringify).send(body);
}
