// What the page of a job asks.

import { orThrow } from '@backtest-jobs/client';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { client } from '../api.ts';
import { pollWhileDeaf } from '../jobs/queries.ts';
import { KEYS } from '../live/cache.ts';

const MARKETS_MS = 5000;

/** Asks for all that is known of a job now. */
export const statusOf = (job_id: string) =>
  queryOptions({
    queryKey: KEYS.status(job_id),
    queryFn: ({ signal }) => orThrow(client.GET('/backtests/jobs/{job_id}', { signal, params: { path: { job_id } } })),
    // Events tell how far a job is, and not how many permuted markets it has searched.
    refetchInterval: ({ state: { data } }) =>
      data?.state === 'running' && data.stage === 'finalizing' ? MARKETS_MS : pollWhileDeaf(),
  });

/** Asks for what was asked for: the spec with every default, and its axes. It never changes. */
export const requestOf = (job_id: string) =>
  queryOptions({
    queryKey: KEYS.request(job_id),
    queryFn: ({ signal }) =>
      orThrow(client.GET('/backtests/jobs/{job_id}/request', { signal, params: { path: { job_id } } })),
    staleTime: Infinity,
  });

const PAGE = 100;

/** Asks for the best variants by rank, page by page. */
export const topOf = (job_id: string) =>
  infiniteQueryOptions({
    queryKey: KEYS.top(job_id),
    queryFn: ({ pageParam, signal }) =>
      orThrow(
        client.GET('/backtests/jobs/{job_id}/top', {
          signal,
          params: { path: { job_id }, query: { limit: PAGE, after_rank: pageParam } },
        }),
      ),
    initialPageParam: 0,
    getNextPageParam: ({ next_after_rank }) => next_after_rank,
    refetchInterval: pollWhileDeaf,
  });

/** Asks how often workers took a job, and how that went. */
export const attemptsOf = (job_id: string) =>
  queryOptions({
    queryKey: KEYS.attempts(job_id),
    queryFn: ({ signal }) =>
      orThrow(client.GET('/backtests/jobs/{job_id}/attempts', { signal, params: { path: { job_id } } })),
  });
