// What the list of jobs asks, and what is done to a job.

import { orThrow } from '@backtest-jobs/client';
import { infiniteQueryOptions } from '@tanstack/react-query';
import { cache, client } from '../api.ts';
import { KEYS } from '../live/cache.ts';
import { connection, POLL_MS } from '../live/connection.ts';
import type { Job } from './job-words.ts';

export interface ListFilter {
  readonly state: Job['state'] | 'all';
  readonly q: string;
}

const PAGE = 50;

/** Asks for the jobs of a filter, newest first, page by page. */
export const listJobs = ({ state, q }: ListFilter) =>
  infiniteQueryOptions({
    queryKey: [...KEYS.jobs, state, q],
    queryFn: ({ pageParam, signal }) =>
      orThrow(
        client.GET('/backtests/jobs', {
          signal,
          params: {
            query: {
              limit: PAGE,
              ...(state !== 'all' && { state }),
              ...(q !== '' && { q }),
              ...(pageParam !== null && { cursor: pageParam }),
            },
          },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor }) => next_cursor,
    placeholderData: (before) => before,
    refetchInterval: pollWhileDeaf,
  });

/** Returns how often to ask: only while no events come. */
export function pollWhileDeaf(): number | false {
  return connection.get().state === 'live' ? false : POLL_MS;
}

export async function cancelJob(job_id: string): Promise<void> {
  const status = await orThrow(client.POST('/backtests/jobs/{job_id}/cancel', { params: { path: { job_id } } }));
  cache.setQueryData(KEYS.status(job_id), status);
  await cache.invalidateQueries({ queryKey: KEYS.jobs });
}

export async function deleteJob(job_id: string): Promise<void> {
  const { error, response } = await client.DELETE('/backtests/jobs/{job_id}', {
    params: { path: { job_id } },
    keepalive: true, // a page that closes deletes at once
  });
  if (error !== undefined) await orThrow(Promise.resolve({ error, response }));
  cache.removeQueries({ queryKey: KEYS.job(job_id) });
  await cache.invalidateQueries({ queryKey: KEYS.jobs });
}
