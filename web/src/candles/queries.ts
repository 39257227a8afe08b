// What the page of candles asks, and sends.

import { ApiError, orThrow, type Schemas } from '@backtest-jobs/client';
import { queryOptions } from '@tanstack/react-query';
import { client } from '../api.ts';
import { KEYS } from '../live/cache.ts';

export type Import = Schemas['ImportStatus'];

/** More than these are found by searching. */
const MOST_INSTRUMENTS = 200;

export const listInstruments = (q: string) =>
  queryOptions({
    queryKey: [...KEYS.instruments, q],
    queryFn: ({ signal }) =>
      orThrow(
        client.GET('/market-data/instruments', {
          signal,
          params: { query: { limit: MOST_INSTRUMENTS, ...(q !== '' && { q }) } },
        }),
      ),
    placeholderData: (before) => before,
  });

/** Asks which bars of an instrument are missing; the server looks at every bar for it. */
export const askCoverage = (market_id: number, symbol: string) =>
  queryOptions({
    queryKey: KEYS.coverage(market_id, symbol),
    queryFn: ({ signal }) =>
      orThrow(client.GET('/market-data/coverage', { signal, params: { query: { market_id, symbol, gaps: 100 } } })),
    staleTime: 60_000,
  });

export const askRuntime = queryOptions({
  queryKey: KEYS.runtime,
  queryFn: ({ signal }) => orThrow(client.GET('/backtests/runtime-defaults', { signal })),
  staleTime: 300_000,
});

/** Asks which files wait to be committed; a server that keeps no such list has none to show. */
export const listImports = queryOptions({
  queryKey: KEYS.imports,
  queryFn: async ({ signal }): Promise<readonly Import[]> => {
    const reply = await fetch('/api/market-data/imports', { signal });
    if (!reply.ok) return [];
    const { items } = (await reply.json()) as { readonly items?: readonly Import[] };
    return items ?? [];
  },
});

export const getImport = (import_id: string) =>
  queryOptions({
    queryKey: [...KEYS.imports, import_id],
    queryFn: ({ signal }) =>
      orThrow(client.GET('/market-data/imports/{import_id}', { signal, params: { path: { import_id } } })),
  });

export const commitImport = (import_id: string, replace: boolean) =>
  orThrow(
    client.POST('/market-data/imports/{import_id}/commit', {
      params: { path: { import_id } },
      body: replace ? { replace } : {},
    }),
  );

export const deleteImport = (import_id: string) =>
  orThrow(client.DELETE('/market-data/imports/{import_id}', { params: { path: { import_id } } }));

export interface Sending {
  readonly fields: Readonly<Record<string, string>>;
  readonly file: File;
  /** Hears how much has been sent, as a share of 1. */
  readonly onProgress: (share: number) => void;
  readonly signal: AbortSignal;
}

/** Sends a file. It goes by XMLHttpRequest: fetch does not tell how much of a body has been sent. */
export function sendFile({ fields, file, onProgress, signal }: Sending): Promise<Import> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) if (value !== '') form.append(name, value);
  form.append('file', file, file.name);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', '/api/market-data/imports');
    request.upload.addEventListener('progress', ({ loaded, total }) => onProgress(total === 0 ? 1 : loaded / total));
    request.addEventListener('load', () => {
      try {
        resolve(readReply(request));
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
    request.addEventListener('error', () => reject(new TypeError('the server was not reached')));
    request.addEventListener('abort', () => reject(new DOMException('sending was stopped', 'AbortError')));
    signal.addEventListener('abort', () => request.abort(), { once: true });
    request.send(form);
  });
}

function readReply({ status, responseText }: XMLHttpRequest): Import {
  const body = parsed(responseText) as Import | { readonly error: ConstructorParameters<typeof ApiError>[0] } | null;
  if (body !== null && 'import_id' in body) return body;
  const refusal = body?.error ?? {
    code: 'service_unavailable',
    message: `the server answered ${status} and nothing else`,
    details: {},
  };
  throw new ApiError(refusal, { status, headers: new Headers() });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
