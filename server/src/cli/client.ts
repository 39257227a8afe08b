// The HTTP API seen from the command line: where it is, one request, and its errors as errors of ours that keep the
// path of each wrong field.

import { SpecError, type Ledger, type Problem, type Verdict } from '@backtest-jobs/engine';
import type { Permuted, ValidationResult } from '@backtest-jobs/engine/internal';
import { readStackFile } from '../config/paths.ts';
import type { Access } from '../mcp/ask-api.ts';
import type { JobState } from '../queue/job.ts';
import { readLogin } from './accounts/login-file.ts';
import { INVOCATION, UsageError, type Option } from './command.ts';

/** What commands that talk to an API have in common. */
export const API_OPTIONS = {
  api: { value: 'URL', about: 'address of the API (else BACKTEST_API, else the running stack, else port 8000)' },
} as const satisfies Readonly<Record<string, Option>>;

export interface JobView {
  readonly job_id: string;
  readonly name: string | null;
  readonly state: JobState;
  readonly stage: string;
  readonly created_at: string;
  readonly started_at: string | null;
  readonly finished_at: string | null;
  readonly cancel_requested_at: string | null;
  readonly processed_units: number;
  readonly total_units: number;
  readonly attempt: number;
  readonly variants_per_second: number | null;
  readonly eta_seconds: number | null;
  readonly waiting_for_worker_seconds: number | null;
  readonly waiting_text: string | null;
  readonly last_error: string | null;
  readonly ledger?: Ledger | null;
  readonly validation?: ValidationResult | null;
  readonly verdict?: Verdict | null;
  /** In the reply to a submission only. */
  readonly warnings?: readonly Problem[];
  readonly permuted?: Permuted | null;
}

export interface Client {
  readonly url: string;
  get<T>(path: string): Promise<T>;
  /** `hear` is given the headers of the reply. */
  post<T>(
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
    hear?: (headers: Headers) => void,
  ): Promise<T>;
  delete<T>(path: string): Promise<T>;
  /** The reply as it comes, for one that may be larger than a string can be; none of it may be 30 s late. */
  download(path: string): Promise<AsyncIterable<Uint8Array>>;
}

/** The API cannot be reached or is not well right now; asking again may help. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
  /** The trouble in a few words, for a line of progress. */
  readonly brief: string;

  constructor(message: string, brief: string, options?: ErrorOptions) {
    super(message, options);
    this.brief = brief;
  }
}

const TIMEOUT_MS = 30_000;

/** Finds the API, and the headers that say who asks: BACKTEST_TOKEN, else the session of login at this address. */
export function accessTo(api?: string, env: NodeJS.ProcessEnv = process.env): Access {
  const url = baseUrl(api ?? env['BACKTEST_API'] ?? readStackFile(env)?.url ?? 'http://127.0.0.1:8000');
  const token = env['BACKTEST_TOKEN'];
  const session = token ? null : readLogin(url, env);
  return {
    url,
    headers: token ? { authorization: `Bearer ${token}` } : { ...(session !== null && { cookie: session }) },
  };
}

/** Opens the API at this address; every request says who asks. */
export function openClient(api?: string, env: NodeJS.ProcessEnv = process.env): Client {
  const { url, headers: identity } = accessTo(api, env);
  const request = async <T>(path: string, init: RequestInit, hear?: (headers: Headers) => void): Promise<T> => {
    let response: Response;
    let text: string;
    try {
      response = await fetch(url + path, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'error' });
      text = await response.text();
    } catch (error) {
      throw unanswered(url, error);
    }
    if (response.ok) {
      hear?.(response.headers);
      return JSON.parse(text) as T;
    }
    throw failure(url, response.status, text);
  };
  return {
    url,
    download: (path) => download(url, path, identity),
    get: (path) => request(path, { headers: identity }),
    delete: (path) => request(path, { method: 'DELETE', headers: identity }),
    post: (path, body, more = {}, hear) => {
      const headers = { ...identity, ...more, ...(body !== undefined && { 'content-type': 'application/json' }) };
      return request(
        path,
        { method: 'POST', headers, ...(body !== undefined && { body: JSON.stringify(body) }) },
        hear,
      );
    },
  };
}

/** Opens a client whose session counts: a token of the environment must not stand in its way. */
export function openSessionClient(api: string | undefined): Client {
  return openClient(api, { ...process.env, BACKTEST_TOKEN: '' });
}

async function download(
  url: string,
  path: string,
  headers: Record<string, string>,
): Promise<AsyncIterable<Uint8Array>> {
  const giveUp = new AbortController();
  const timer = patience(giveUp);
  const response = await fetch(url + path, { headers, signal: giveUp.signal, redirect: 'error' })
    .catch((error: unknown) => {
      throw unanswered(url, error);
    })
    .finally(() => clearTimeout(timer));
  if (!response.ok || response.body === null) throw failure(url, response.status, await response.text());
  return pieces(url, response.body, giveUp);
}

async function* pieces(
  url: string,
  body: AsyncIterable<Uint8Array>,
  giveUp: AbortController,
): AsyncGenerator<Uint8Array, void> {
  let timer = patience(giveUp);
  try {
    for await (const bytes of body) {
      clearTimeout(timer); // whoever reads may take its time
      yield bytes;
      timer = patience(giveUp);
    }
  } catch (error) {
    throw error instanceof TypeError || giveUp.signal.aborted ? unanswered(url, error) : error;
  } finally {
    clearTimeout(timer);
  }
}

/** Gives up what comes late. */
function patience(giveUp: AbortController): NodeJS.Timeout {
  return setTimeout(() => giveUp.abort(new DOMException('silence', 'TimeoutError')), TIMEOUT_MS);
}

function unanswered(url: string, error: unknown): Unreachable {
  const message = `no answer from ${url}: ${reason(error)}; ${INVOCATION} up starts a local stack`;
  return new Unreachable(message, 'no answer from the API', { cause: error });
}

function baseUrl(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new UsageError(`the address of the API must begin with http:// or https://, not "${text}"`);
  }
  let end = text.length;
  while (text[end - 1] === '/') end -= 1;
  return text.slice(0, end);
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `nothing within ${TIMEOUT_MS / 1000} s`;
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  return cause.message || ('code' in cause ? String(cause.code) : error.message);
}

interface ErrorReply {
  readonly error?: {
    readonly code?: string;
    readonly message?: string;
    readonly details?: { readonly errors?: readonly Problem[] };
  };
}

function failure(url: string, status: number, text: string): Error {
  let reply: ErrorReply = {};
  try {
    reply = JSON.parse(text) as ErrorReply;
  } catch {
    // not ours: a proxy, or another program on that port; the status is all there is to say
  }
  const { code, message, details } = reply.error ?? {};
  if (code === 'validation_error' && details?.errors?.length) return new SpecError(details.errors);
  if (code === undefined)
    return new Error(`${url} answered ${status} and is not a backtest API, or something stands before it`);
  const way = code === 'unauthorized' ? `; ${INVOCATION} login, or a token in BACKTEST_TOKEN` : '';
  const said = `${message ?? code} (${code})${way}`;
  if (code === 'payload_too_large') return new UsageError(said);
  return status >= 500 ? new Unreachable(said, `the API says that ${message ?? code}`) : new Error(said);
}
