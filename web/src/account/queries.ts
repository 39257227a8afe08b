// What the pages of accounts ask.

import { orThrow } from '@backtest-jobs/client';
import { queryOptions } from '@tanstack/react-query';
import { client } from '../api.ts';
import { KEYS } from '../live/cache.ts';

export const listSessions = queryOptions({
  queryKey: KEYS.sessions,
  queryFn: ({ signal }) => orThrow(client.GET('/auth/sessions', { signal })),
});

export const listTokens = queryOptions({
  queryKey: KEYS.tokens,
  queryFn: ({ signal }) => orThrow(client.GET('/auth/tokens', { signal })),
});

export const listAccounts = queryOptions({
  queryKey: KEYS.accounts,
  queryFn: ({ signal }) => orThrow(client.GET('/auth/accounts', { signal })),
});

export const endSession = (session_id: string) =>
  orThrow(client.DELETE('/auth/sessions/{session_id}', { params: { path: { session_id } } }));

export const revokeToken = (token_id: string) =>
  orThrow(client.DELETE('/auth/tokens/{token_id}', { params: { path: { token_id } } }));
