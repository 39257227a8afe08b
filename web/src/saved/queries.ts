// What the list of strategies asks.

import { orThrow } from '@backtest-jobs/client';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { cache, client } from '../api.ts';
import { KEYS } from '../live/cache.ts';

const PAGE = 100;

export const listStrategies = infiniteQueryOptions({
  queryKey: KEYS.strategies,
  queryFn: ({ pageParam, signal }) =>
    orThrow(
      client.GET('/strategies', {
        signal,
        params: { query: { limit: PAGE, ...(pageParam !== null && { cursor: pageParam }) } },
      }),
    ),
  initialPageParam: null as string | null,
  getNextPageParam: ({ next_cursor }) => next_cursor,
});

/** Asks for one with its template, which never changes. */
export const getStrategy = (strategy_id: string) =>
  queryOptions({
    queryKey: [...KEYS.strategies, strategy_id],
    queryFn: ({ signal }) =>
      orThrow(client.GET('/strategies/{strategy_id}', { signal, params: { path: { strategy_id } } })),
    staleTime: Number.POSITIVE_INFINITY,
  });

export async function deleteStrategy(strategy_id: string): Promise<void> {
  // A page that closes deletes at once.
  await orThrow(client.DELETE('/strategies/{strategy_id}', { params: { path: { strategy_id } }, keepalive: true }));
  // The list here and the one of the form; templates never change.
  await Promise.all([
    cache.invalidateQueries({ queryKey: KEYS.strategies, exact: true }),
    cache.invalidateQueries({ queryKey: KEYS.allStrategies }),
  ]);
}
