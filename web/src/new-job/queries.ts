// What the form asks the API, and what it sends.

import { orThrow, type Schemas } from '@backtest-jobs/client';
import type { Timeframe } from '@backtest-jobs/engine';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { client } from '../api.ts';
import { KEYS } from '../live/cache.ts';
import type { PlainObject } from './draft/plain.ts';

export type Instrument = Schemas['InstrumentList']['items'][number];
export type Catalogue = readonly Schemas['Indicator'][];
export type Runtime = Schemas['RuntimeDefaults'];
export type Coverage = Schemas['CoverageList']['items'];
export type CostEstimate = Schemas['Estimate'];

const HOUR = 3_600_000;

export const readRuntime = queryOptions({
  queryKey: ['runtime'],
  queryFn: ({ signal }) => orThrow(client.GET('/backtests/runtime-defaults', { signal })),
  staleTime: HOUR,
});

export const readCatalogue = queryOptions({
  queryKey: ['indicators'],
  queryFn: async ({ signal }) => (await orThrow(client.GET('/indicators', { signal }))).items,
  staleTime: HOUR,
});

export const findInstruments = (q: string) =>
  queryOptions({
    queryKey: [...KEYS.instruments, 'form', q],
    queryFn: ({ signal }) =>
      orThrow(client.GET('/market-data/instruments', { signal, params: { query: { q, limit: 50 } } })),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });

export const readCoverage = (market_id: number, symbol: string) =>
  queryOptions({
    queryKey: [...KEYS.coverage(market_id, symbol), 'form'],
    queryFn: async ({ signal }) =>
      (await orThrow(client.GET('/market-data/coverage', { signal, params: { query: { market_id, symbol } } }))).items,
    enabled: symbol !== '',
    staleTime: 60_000,
  });

export interface BarsAsk {
  readonly market_id: number;
  readonly symbol: string;
  readonly timeframe: Timeframe;
  readonly end: string;
  readonly limit: number;
}

/** Asks for the last bars before an instant. */
export const readBars = (ask: BarsAsk | null) =>
  queryOptions({
    queryKey: ['bars', ask],
    queryFn: async ({ signal }) => {
      const found = await orThrow(client.GET('/market-data/candles', { signal, params: { query: ask as BarsAsk } }));
      const { time, open, high, low, close, volume } = found;
      return {
        time: Float64Array.from(time),
        open: Float64Array.from(open),
        high: Float64Array.from(high),
        low: Float64Array.from(low),
        close: Float64Array.from(close),
        volume: Float64Array.from(volume),
      };
    },
    enabled: ask !== null,
    placeholderData: keepPreviousData,
    staleTime: 10 * 60_000,
  });

/** Asks what a sound spec costs; a newer question aborts it. */
export const readEstimate = (spec: PlainObject | null) =>
  queryOptions({
    queryKey: ['estimate', spec],
    queryFn: ({ signal }) => orThrow(client.POST('/backtests/jobs/estimate', { signal, body: spec as never })),
    enabled: spec !== null,
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: Infinity,
    gcTime: 60_000,
  });

export const listStrategies = queryOptions({
  queryKey: KEYS.allStrategies,
  queryFn: ({ signal }) => orThrow(client.GET('/strategies', { signal, params: { query: { limit: 250 } } })),
});

export const readStrategy = (strategy_id: string | null) =>
  queryOptions({
    queryKey: [...KEYS.strategies, strategy_id],
    queryFn: ({ signal }) =>
      orThrow(
        client.GET('/strategies/{strategy_id}', { signal, params: { path: { strategy_id: strategy_id ?? '' } } }),
      ),
    enabled: strategy_id !== null,
  });

/** Reads the job that a draft is made from: what it was asked for, and where its plateau lies. */
export const readParent = (job_id: string | null) =>
  queryOptions({
    queryKey: [...KEYS.job(job_id ?? ''), 'parent'],
    queryFn: async ({ signal }) => {
      const params = { path: { job_id: job_id ?? '' } };
      const [request, status] = await Promise.all([
        orThrow(client.GET('/backtests/jobs/{job_id}/request', { signal, params })),
        orThrow(client.GET('/backtests/jobs/{job_id}', { signal, params })),
      ]);
      return { request, status };
    },
    enabled: job_id !== null,
    staleTime: Infinity,
  });

export async function submitJob(spec: PlainObject, parent_job_id: string | null): Promise<string> {
  const query = parent_job_id === null ? {} : { parent_job_id };
  const { job_id } = await orThrow(client.POST('/backtests/jobs', { params: { query }, body: spec as never }));
  return job_id;
}

export async function saveStrategy(name: string, template: unknown): Promise<string> {
  const saved = await orThrow(client.POST('/strategies', { body: { name, template } as never }));
  return saved.strategy_id;
}
