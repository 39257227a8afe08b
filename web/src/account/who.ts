// Who is signed in.

import { orThrow } from '@backtest-jobs/client';
import { queryOptions } from '@tanstack/react-query';
import { client } from '../api.ts';
import { KEYS } from '../live/cache.ts';

export const whoIsHere = queryOptions({
  queryKey: KEYS.me,
  queryFn: ({ signal }) => orThrow(client.GET('/auth/me', { signal })),
  staleTime: 60_000,
});
