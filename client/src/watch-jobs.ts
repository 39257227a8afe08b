// Changes of jobs as an async iterator. It reads server-sent events by fetch, because an EventSource sends no bearer token, and
// connects again where it was until its signal ends it.

import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { ApiError, orThrow } from './api-error.ts';
import type { Client } from './create-client.ts';
import type { components } from './openapi.ts';

export interface WatchOptions {
  /** The job; left out: all jobs of the user. */
  readonly job_id?: string;
  /** Ends the iterator, without an error. */
  readonly signal?: AbortSignal;
  /** Milliseconds before the first attempt to connect again; each one after it waits twice as long, up to `mostMs`. */
  readonly retryMs?: number;
  readonly mostMs?: number;
  /** Milliseconds without a byte after which a connection counts as dead; the API sends some every 15 s. */
  readonly silenceMs?: number;
}

export type JobEvent =
  | { readonly kind: 'job'; readonly job: components['schemas']['JobSummary'] }
  /** The best variants were written. */
  | { readonly kind: 'top'; readonly job_id: string; readonly top_at: string }
  /** A job that went on was deleted. */
  | { readonly kind: 'gone'; readonly job_id: string }
  /** The stream begins, or too much was missed: read anew what you show. Jobs that go on follow. */
  | { readonly kind: 'ready' | 'reset' }
  /** There is no connection; it is tried again. */
  | { readonly kind: 'lost'; readonly error: unknown }
  /** There is a connection again. Unless `reset` follows, nothing was missed. */
  | { readonly kind: 'back' };

const SILENCE_MS = 45_000;

/**
 * Yields events until the signal is aborted.
 * @throws {ApiError} when the API refuses for good: nobody is signed in, the job is not there
 */
export async function* watchJobs(client: Client, options: WatchOptions = {}): AsyncGenerator<JobEvent, void> {
  const { silenceMs = SILENCE_MS } = options;
  const place: Place = { lastId: null, failures: 0 };
  while (!options.signal?.aborted) {
    try {
      yield* connection(client, { ...options, silenceMs }, place);
    } catch (error) {
      if (options.signal?.aborted) return;
      if (error instanceof ApiError && !passes(error)) throw error;
      place.failures += 1;
      yield { kind: 'lost', error };
    }
    await pauseAfter(place.failures, options);
  }
}

/** Tells whether asking again can help. */
export function passes({ status }: ApiError): boolean {
  return status === 429 || status >= 500;
}

interface Place {
  /** Id of the last event; null: there was none. */
  lastId: string | null;
  /** Connections that failed since. */
  failures: number;
}

/** Yields the events of one connection; it ends when the API ends it, as it does every five minutes. */
async function* connection(
  client: Client,
  { job_id, signal, silenceMs }: WatchOptions & { readonly silenceMs: number },
  place: Place,
): AsyncGenerator<JobEvent, void> {
  const leave = new AbortController();
  const end = (): void => leave.abort();
  signal?.addEventListener('abort', end);
  let silence: ReturnType<typeof setTimeout> | undefined;
  const heard = (): void => {
    clearTimeout(silence);
    silence = setTimeout(() => leave.abort(new Error(`nothing was heard for ${silenceMs / 1000} s`)), silenceMs);
  };
  try {
    heard();
    const stream = await open(client, job_id, { signal: leave.signal, lastId: place.lastId });
    if (place.failures > 0) yield { kind: 'back' };
    for await (const { id, event, data } of messages(stream, heard)) {
      const told = eventOf(event ?? '', data);
      if (told !== null) yield told;
      // The one who watches has had the event by now.
      place.lastId = id ?? place.lastId;
      place.failures = 0;
    }
  } finally {
    clearTimeout(silence);
    signal?.removeEventListener('abort', end);
    leave.abort();
  }
}

interface Opening {
  readonly signal: AbortSignal;
  readonly lastId: string | null;
}

function open(client: Client, job_id: string | undefined, { signal, lastId }: Opening) {
  const common = { signal, cache: 'no-store', parseAs: 'stream' } as const;
  const header = lastId === null ? {} : { 'last-event-id': lastId };
  return orThrow<ReadableStream<Uint8Array> | null>(
    job_id === undefined
      ? client.GET('/backtests/events', { ...common, params: { header } })
      : client.GET('/backtests/jobs/{job_id}/events', { ...common, params: { header, path: { job_id } } }),
  );
}

async function* messages(
  stream: ReadableStream<Uint8Array>,
  heard: () => void,
): AsyncGenerator<EventSourceMessage, void> {
  let complete: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (message) => complete.push(message) });
  const decoder = new TextDecoder();
  const reader = stream.getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      heard();
      parser.feed(decoder.decode(part.value, { stream: true }));
      const some = complete;
      complete = [];
      yield* some;
    }
  } finally {
    await reader.cancel().catch(() => {}); // of a connection that is broken already
  }
}

/** Reads an event; null: one that later versions of the API send. */
function eventOf(kind: string, data: string): JobEvent | null {
  switch (kind) {
    case 'job':
      return { kind, job: JSON.parse(data) };
    case 'top':
    case 'gone':
      return { kind, ...JSON.parse(data) };
    case 'ready':
    case 'reset':
      return { kind };
    default:
      return null;
  }
}

/** Waits before asking again: the longer, the more failed. */
export function pauseAfter(
  failures: number,
  { retryMs = 500, mostMs = 30_000, signal }: Pick<WatchOptions, 'retryMs' | 'mostMs' | 'signal'>,
): Promise<void> {
  // At random, so that the clients of a server that was started again do not all come at once.
  const wait = Math.min(mostMs, retryMs * 2 ** Math.max(0, failures - 1)) * (0.5 + Math.random() / 2);
  return pause(wait, signal);
}

/** Waits; it ends at once with the signal. */
function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener('abort', end);
    if (signal?.aborted) end();
  });
}
