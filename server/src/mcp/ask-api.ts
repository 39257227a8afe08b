// The HTTP API seen from a tool: one request, with a bound on its time and on the size of its reply, and errors that keep code,
// message and details of the API.

import type { AuthInfo } from '@modelcontextprotocol/sdk/server/auth/types.js';

/** An API, and as whom it is asked. */
export interface Access {
  readonly url: string;
  /** Headers that say who asks. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Finds out as whom a request of MCP asks the API. */
export type AccessOf = (extra: { readonly authInfo?: AuthInfo }) => Access;

export interface Question {
  /** Left out: GET. */
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  /** Text is sent as YAML, of which JSON is a part, anything else as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** What the API refused, or why it gave no answer, in its own words. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(status: number, code: string, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

const TIMEOUT_MS = 120_000;
/** Of a reply: the report of a variant has all its trades. */
const MOST_READ_BYTES = 64 * 2 ** 20;

/**
 * Asks the API and returns the JSON of its reply.
 * @throws {Refusal} and with the reason of the signal
 */
export async function askApi(access: Access, question: Question): Promise<unknown> {
  const { signal, path, query = {} } = question;
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as [string, string]],
  );
  const search = given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
  let status: number;
  let text: string;
  try {
    const response = await fetch(access.url + path + search, {
      ...requestOf(access, question),
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      redirect: 'error',
    });
    ({ status } = response);
    text = await read(response);
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof Refusal ? error : unanswered(access.url, error);
  }
  const reply = jsonOf(text);
  if (status >= 200 && status < 300 && reply !== undefined) return reply;
  throw refusalOf(access.url, status, reply);
}

function requestOf(access: Access, { method = 'GET', body, headers }: Question): RequestInit {
  const all = { ...access.headers, ...headers };
  if (body === undefined) return { method, headers: all };
  const yaml = typeof body === 'string';
  return {
    method,
    headers: { ...all, 'content-type': yaml ? 'application/yaml' : 'application/json' },
    body: yaml ? body : JSON.stringify(body),
  };
}

async function read({ body }: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of body ?? []) {
    bytes += part.length;
    if (bytes > MOST_READ_BYTES) {
      const rule = `the API's reply is above ${MOST_READ_BYTES / 2 ** 20} MiB`;
      throw new Refusal(502, 'too_large', `${rule}: export what the job found instead (backtest export)`);
    }
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function unanswered(url: string, error: unknown): Refusal {
  const late = error instanceof Error && error.name === 'TimeoutError';
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : '';
  const why = late ? `nothing within ${TIMEOUT_MS / 1000} s` : cause || 'it cannot be reached';
  return new Refusal(503, 'service_unavailable', `no answer from the API at ${url}: ${why}`);
}

/** Returns undefined where the text is no JSON. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

interface ErrorReply {
  readonly error?: { readonly code?: string; readonly message?: string; readonly details?: Record<string, unknown> };
}

function refusalOf(url: string, status: number, reply: unknown): Refusal {
  const { code, message, details } = (reply as ErrorReply | null | undefined)?.error ?? {};
  if (code !== undefined) return new Refusal(status, code, message ?? code, details);
  const what = `${url} answered ${status} and is not a backtest API, or something stands before it`;
  return new Refusal(502, 'service_unavailable', what);
}
