// Every error a client can meet: one catalogue of codes, one shape {"error": {code, message, details}}, one place that
// makes such a reply of whatever was thrown. An unforeseen error shows nothing of its insides and goes to the log.

import type { Socket } from 'node:net';
import { SpecError, type Problem } from '@backtest-jobs/engine';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { TooManyPasswords } from '../accounts/password.ts';
import { TooManyWaiting } from '../accounts/throttle.ts';
import { KeysUnreachable } from '../accounts/verify-external.ts';
import { CandlesUnreachable } from '../candles/source.ts';
import { isRetryable } from '../db.ts';
import { logfmt } from '../log.ts';
import { TooManyOpen } from '../reports/admission.ts';
import { OutOfTime } from '../reports/process-pool.ts';
import { reply, type Reply } from './replies.ts';

export const ERRORS = {
  bad_request: {
    status: 400,
    means:
      'The request is not proper HTTP, its headers are too large, or its body took too long to arrive or breaks its form.',
  },
  unauthorized: { status: 401, means: 'Nobody is signed in, or what was sent to prove it is not good.' },
  forbidden: {
    status: 403,
    means:
      "It exists but belongs to another user, a token lacks the scope, or the request comes from another site's page.",
  },
  not_found: { status: 404, means: 'There is nothing under this address.' },
  method_not_allowed: { status: 405, means: 'The address takes other methods, which the header Allow has.' },
  conflict: {
    status: 409,
    means:
      'The Idempotency-Key was used before, with another request; the job has not ended yet; the name is taken; it is the last administrator; or an import would replace bars, or is being changed.',
  },
  payload_too_large: { status: 413, means: 'The body is above 1 MB, or a file above its own limit.' },
  unsupported_media_type: { status: 415, means: 'The body is of another type than the route takes.' },
  validation_error: {
    status: 422,
    means: 'What was sent breaks a rule; details.errors has every problem as {path, code, message}, sorted by path.',
  },
  quota_exceeded: {
    status: 429,
    means: 'Too many active jobs, kept jobs, saved strategies, open questions or requests; details has the numbers.',
  },
  unexpected_error: { status: 500, means: 'Our fault; the log of the server knows more.' },
  service_unavailable: {
    status: 503,
    means: 'The database or the candle store cannot be reached, or is too busy; try again.',
  },
} as const;

export type ErrorCode = keyof typeof ERRORS;

export const ErrorReply = z
  .object({
    error: z.object({
      code: z.enum(Object.keys(ERRORS)),
      message: z.string(),
      details: z.looseObject({
        errors: z
          .array(z.object({ path: z.string(), code: z.string(), message: z.string() }))
          .optional()
          .describe('with validation_error: every problem, sorted by path'),
      }),
    }),
  })
  .meta({ id: 'Error', description: 'What every error looks like' });

/** Error of a request, thrown where it is found. */
export class ApiError extends Error {
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, details: Readonly<Record<string, unknown>> = {}, cause?: unknown) {
    super(message, { cause });
    this.name = 'ApiError';
    this.code = code;
    this.details = details;
  }
}

/** Replies with an error, for the whole server. */
export function sendError(error: unknown, request: FastifyRequest, answer: FastifyReply): FastifyReply {
  const fault = asApiError(hasZodFastifySchemaValidationErrors(error) ? inOurWords(error.validation, request) : error);
  const { status } = ERRORS[fault.code];
  if (status >= 500) {
    const { method, url } = request;
    const line = { component: 'backtest-api', status: 'error', event: 'request_failed', method, url, code: fault.code };
    request.log.error({ err: error }, logfmt(line));
  }
  const { retry_after_seconds = status === 503 ? 1 : undefined } = fault.details;
  if (typeof retry_after_seconds === 'number') void answer.header('retry-after', String(retry_after_seconds));
  if (status === 401) void answer.header('www-authenticate', 'Bearer realm="backtest"');
  return answer.code(status).send(errorBody(fault));
}

/** Refuses what is so far from HTTP that there is neither request nor reply. */
export function refuseNonsense(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return;
  const body = JSON.stringify(errorBody(new ApiError('bad_request', NONSENSE[error.code ?? ''] ?? 'this is not HTTP')));
  const head = ['HTTP/1.1 400 Bad Request', 'content-type: application/json; charset=utf-8'];
  head.push(`content-length: ${Buffer.byteLength(body)}`, 'connection: close', '', body);
  socket.end(head.join('\r\n'));
}

const NONSENSE: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: 'the headers are too large',
  ERR_HTTP_REQUEST_TIMEOUT: 'the request took too long to arrive',
};

function errorBody({ code, message, details }: ApiError): z.input<typeof ErrorReply> {
  return { error: { code, message, details } };
}

/** Errors of every method that may have a body: another type, another size or broken JSON is refused before the route sees it. */
export const BODY_ERRORS = [
  'payload_too_large',
  'unsupported_media_type',
  'validation_error',
] as const satisfies readonly ErrorCode[];

/** Returns one error reply of a route. */
export function errorReply(code: ErrorCode): Reply<typeof ErrorReply> {
  return reply(ErrorReply, `${code}: ${ERRORS[code].means}`);
}

/** Returns the error replies of a route, for its schema and so for the OpenAPI document. */
export function errorReplies(...codes: readonly ErrorCode[]): Record<number, Reply<typeof ErrorReply>> {
  const always = ['bad_request', 'forbidden', 'unexpected_error', 'service_unavailable'] as const;
  return Object.fromEntries([...codes, ...always].map((code) => [ERRORS[code].status, errorReply(code)]));
}

function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof SpecError) return new ApiError('validation_error', error.message, { errors: error.problems });
  if (error instanceof Error && 'statusCode' in error) return ofFastify(error);
  if (error instanceof CandlesUnreachable)
    return new ApiError('service_unavailable', 'the candle store cannot be read right now', {}, error);
  if (error instanceof TooManyOpen) {
    const { open, limit } = error;
    return new ApiError('quota_exceeded', error.message, { open, limit });
  }
  if (error instanceof KeysUnreachable)
    return new ApiError('service_unavailable', 'the keys of the identity provider cannot be read right now', {}, error);
  if (error instanceof TooManyPasswords) return new ApiError('service_unavailable', error.message);
  if (error instanceof TooManyWaiting) {
    const { waiting, limit, ofAddress } = error;
    return new ApiError(ofAddress ? 'quota_exceeded' : 'service_unavailable', error.message, { waiting, limit });
  }
  if (error instanceof OutOfTime)
    return new ApiError(
      'service_unavailable',
      `the answer ${error.message}: ask for a shorter time range or a larger timeframe`,
      {},
      error,
    );
  if (isRetryable(error))
    return new ApiError('service_unavailable', 'the database cannot be reached, or is too busy, right now');
  return unexpected();
}

/** Translates what Fastify refuses before a route sees it. */
function ofFastify(error: Error & { readonly statusCode: unknown }): ApiError {
  if (error.statusCode === 413) return new ApiError('payload_too_large', 'the body is above the limit of 1 MB');
  if (error.statusCode === 415)
    return new ApiError('unsupported_media_type', 'the body must be application/json or application/yaml');
  const refused = typeof error.statusCode === 'number' && error.statusCode < 500;
  return refused ? new ApiError('bad_request', error.message) : unexpected();
}

function unexpected(): ApiError {
  return new ApiError('unexpected_error', 'something went wrong on our side');
}

interface ZodFault {
  readonly instancePath: string;
  readonly keyword: string;
  readonly message?: string;
  readonly params: { readonly keys?: readonly string[] };
}

/** Reports faults of query, path or headers as parseSpec does: one for each input, with its rule and its value. */
function inOurWords(faults: readonly ZodFault[], { query, params, headers }: FastifyRequest): SpecError {
  const sent = Object.assign({}, headers, query, params) as Readonly<Record<string, unknown>>;
  const problems = new Map<string, Problem>();
  for (const { instancePath, keyword, message = 'is not right', params: more } of faults) {
    if (keyword === 'unrecognized_keys') {
      for (const path of more.keys ?? [])
        problems.set(path, { path, code: 'unknown_field', message: 'is not a parameter here' });
      continue;
    }
    const path = instancePath.slice(1).replaceAll('/', '.');
    // A rule of ours begins with "must"; the cursor has a message of its own that needs no value.
    const value = message.startsWith('must') ? `, not ${shown(sent[path])}` : '';
    if (!problems.has(path)) problems.set(path, { path, code: 'invalid_value', message: message + value });
  }
  return new SpecError([...problems.values()]);
}

const SHOWN = 60;

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}… (${text.length} characters)`;
}
