// What the exploring panels ask about the scores of a job.

import { ApiError, orThrow, readBands, readSurface, type Schemas, type SurfaceMap } from '@backtest-jobs/client';
import { queryOptions } from '@tanstack/react-query';
import { client } from '../api.ts';
import { KEYS } from '../live/cache.ts';
import type { Pair } from './axes.ts';
import type { How } from './fields.ts';

type Job = Schemas['JobStatus'];

/** A map as it is asked for. */
export interface MapAsked extends Pair {
  readonly how: How;
  readonly hold: Readonly<Record<string, string>>;
}

/** Milliseconds between questions about scores that still grow: each has all of them counted anew. */
const GROWING_MS = 4000;

/** How fresh answers are: of a job that has ended they stay as they are. */
function freshness(job: Job) {
  const grows = job.state === 'running' || job.state === 'queued';
  return {
    staleTime: grows ? GROWING_MS / 2 : Infinity,
    refetchInterval: job.state === 'running' ? GROWING_MS : (false as const),
    gcTime: 60_000,
    retry: (failures: number, error: Error) =>
      failures < 3 && !(error instanceof ApiError && error.status < 500 && error.status !== 429),
  };
}

/** Keeps what was shown while other of the same job comes. */
const keptOf =
  ({ job_id }: Job) =>
  <T>(before: T | undefined, query: { readonly queryKey: readonly unknown[] } | undefined): T | undefined =>
    query?.queryKey[1] === job_id ? before : undefined;

/** Asks what all scores say. `above` has levels with which they are compared. */
export const askSummary = (job: Job, above: readonly number[]) =>
  queryOptions({
    ...freshness(job),
    placeholderData: keptOf(job),
    queryKey: [...KEYS.surface(job.job_id), 'summary', ...above],
    queryFn: ({ signal }) =>
      orThrow(
        client.GET('/backtests/jobs/{job_id}/surface/summary', {
          signal,
          params: { path: { job_id: job.job_id }, query: { above: above.join(',') } },
        }),
      ),
  });

/** Asks for a map; a map that is no longer wanted is not waited for. */
export const askMap = (job: Job, { x, y, how, hold }: MapAsked) =>
  queryOptions({
    ...freshness(job),
    placeholderData: keptOf(job),
    queryKey: [...KEYS.surface(job.job_id), 'map', x, y, how, hold],
    queryFn: ({ signal }): Promise<SurfaceMap> =>
      readSurface(client, job.job_id, { x, ...(y !== null && { y }), how, hold, signal }),
  });

export interface BandsAsked {
  readonly order: readonly string[];
  readonly min: number | null;
  readonly max: number | null;
  readonly brush: Readonly<Record<string, readonly [number | string, number | string]>>;
}

/** Asks where the scores within brushes live. */
export const askBands = (job: Job, { order, min, max, brush }: BandsAsked) =>
  queryOptions({
    ...freshness(job),
    placeholderData: keptOf(job),
    queryKey: [...KEYS.surface(job.job_id), 'bands', order, min, max, brush],
    queryFn: ({ signal }) =>
      readBands(client, job.job_id, {
        order: order.join(','),
        ...(min !== null && { min }),
        ...(max !== null && { max }),
        brush,
        signal,
      }),
  });

/** What is behind one cell of a map. */
interface SurfaceCell {
  readonly scores: number;
  readonly best: Schemas['SurfaceSummary']['best'];
}

interface CellAsked extends MapAsked {
  readonly i: number;
  readonly j: number;
}

/** Asks for the best variant of a cell. @throws {ApiError} */
export function askCell(job_id: string, { x, y, how, hold, i, j }: CellAsked): Promise<SurfaceCell> {
  const held = Object.fromEntries(Object.entries(hold).map(([axis, value]) => [`hold.${axis}`, value]));
  const query = { x, ...(y !== null && { y }), how, i, j, ...held };
  // The document of the API that the client was made from does not have this question yet.
  const ask = client.GET as unknown as (
    path: string,
    init: { readonly params: object },
  ) => Promise<{ data?: SurfaceCell; error?: unknown; response: Response }>;
  return orThrow(ask('/backtests/jobs/{job_id}/surface/cell', { params: { path: { job_id }, query } }));
}
