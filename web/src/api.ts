// The API of this server, as the pages ask it.

import { ApiError, createClient } from '@backtest-jobs/client';
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { signInAgain } from './account/sign-in-again.ts';

export const client = createClient({ baseUrl: `${globalThis.location.origin}/api` });

/** What was read, by what was asked. Errors of a question are shown where its answer would stand. */
export const cache = new QueryClient({
  queryCache: new QueryCache({ onError: signInAgain }),
  mutationCache: new MutationCache({ onError: signInAgain }),
  defaultOptions: {
    queries: {
      staleTime: 5000,
      refetchOnWindowFocus: true,
      retry: (failures, error) => failures < 2 && !(error instanceof ApiError && error.status < 500),
      retryDelay: (failures) => 500 * 2 ** failures,
    },
  },
});
