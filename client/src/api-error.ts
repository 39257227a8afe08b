// What the API says when it refuses, as an error to throw.

import type { components } from './openapi.ts';

type Refusal = components['schemas']['Error']['error'];

export type ErrorCode = Refusal['code'];

export class ApiError extends Error {
  /** Of HTTP. */
  readonly status: number;
  readonly code: ErrorCode;
  /** `errors` has every problem of a validation_error; what else there is depends on the code. */
  readonly details: Refusal['details'];
  /** Seconds after which the API wants to be asked again; null: it did not say. */
  readonly retryAfterSeconds: number | null;

  constructor({ code, message, details }: Refusal, { status, headers }: Pick<Response, 'status' | 'headers'>) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.details = details;
    const after = Number(headers.get('retry-after') ?? Number.NaN);
    this.retryAfterSeconds = Number.isFinite(after) ? after : null;
  }
}

/** What a method of the client resolves with. */
interface Outcome<T> {
  readonly data?: T;
  readonly error?: unknown;
  readonly response: Response;
}

/**
 * Returns the data of a reply: `await orThrow(client.GET('/auth/me'))`.
 * @throws {ApiError} when the API, or a proxy before it, refuses
 */
export async function orThrow<T>(asked: Promise<Outcome<T>>): Promise<NonNullable<T>> {
  const { data, error, response } = await asked;
  if (data !== undefined && data !== null) return data;
  throw new ApiError(refusalOf(error, response), response);
}

/** Takes what is no error of the API for one: a page of a proxy says nothing to a program. */
function refusalOf(body: unknown, { status, url }: Response): Refusal {
  if (typeof body === 'object' && body !== null && 'error' in body) return body.error as Refusal;
  const code = status >= 500 ? 'service_unavailable' : 'bad_request';
  return { code, message: `${url} answered ${status} and nothing that the API says`, details: {} };
}
