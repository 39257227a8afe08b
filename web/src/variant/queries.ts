// What the page of a variant asks.

import { orThrow, type Schemas } from '@backtest-jobs/client';
import { queryOptions } from '@tanstack/react-query';
import { client } from '../api.ts';
import type { Bars } from '../charts/candles.ts';
import { pollWhileDeaf } from '../jobs/queries.ts';
import { KEYS } from '../live/cache.ts';

export type Report = Schemas['VariantReport'];
export type Request = Schemas['JobRequest'];

/** Rows of series that a chart asks for: more than it has pixels. */
const POINTS = 2000;

/** Runs a variant of a job again. Its candles and its spec stay, and so does what it comes to. */
export const reportOf = (job_id: string, variant_index: number) =>
  queryOptions({
    queryKey: KEYS.report(job_id, variant_index),
    queryFn: ({ signal }) =>
      orThrow(client.POST('/backtests/variant-report', { signal, body: { job_id, variant_index, points: POINTS } })),
    staleTime: Infinity,
    gcTime: 600_000,
  });

export const requestOf = (job_id: string) =>
  queryOptions({
    queryKey: KEYS.request(job_id),
    queryFn: ({ signal }) =>
      orThrow(client.GET('/backtests/jobs/{job_id}/request', { signal, params: { path: { job_id } } })),
    staleTime: Infinity,
  });

export const statusOf = (job_id: string) =>
  queryOptions({
    queryKey: KEYS.status(job_id),
    queryFn: ({ signal }) => orThrow(client.GET('/backtests/jobs/{job_id}', { signal, params: { path: { job_id } } })),
    refetchInterval: pollWhileDeaf,
  });

/** Rows of a page of the best. */
const ROWS = 300;

/** Asks for the row that a job keeps of a variant; null: it keeps none. */
export const rowOf = (job_id: string, variant_index: number) =>
  queryOptions({
    queryKey: [...KEYS.job(job_id), 'row', variant_index],
    queryFn: async ({ signal }) => {
      let after: number | null = 0;
      while (after !== null) {
        const params = { path: { job_id }, query: { limit: ROWS, after_rank: after } };
        const page: Schemas['TopVariants'] = await orThrow(
          client.GET('/backtests/jobs/{job_id}/top', { signal, params }),
        );
        const row = page.items.find((one) => one.variant_index === variant_index);
        if (row !== undefined) return row;
        after = page.next_after_rank;
      }
      return null;
    },
  });

const PAGE = 10_000;
/** More bars than this are shown a part at a time. */
export const MOST_BARS = 20_000;

export interface BarsAsked {
  readonly market_id: number;
  readonly symbol: string;
  readonly timeframe: Schemas['Bars']['timeframe'];
  /** Epoch milliseconds. */
  readonly start: number;
  readonly end: number;
  /** Bars before the start, so that indicators have a history. */
  readonly before: number;
}

/** Asks for bars of a span of time, page by page, at most MOST_BARS of them. */
export const barsOf = ({ start, end, before, ...market }: BarsAsked) =>
  queryOptions({
    queryKey: ['candles', market, start, end, before],
    queryFn: async ({ signal }): Promise<Bars> => {
      const bars: Record<(typeof COLUMNS)[number], number[]> = {
        time: [],
        open: [],
        high: [],
        low: [],
        close: [],
        volume: [],
      };
      const read = async (query: { readonly start?: string; readonly end: string; readonly limit: number }) => {
        const params = { query: { ...market, ...query } };
        const page = await orThrow(client.GET('/market-data/candles', { signal, params }));
        for (const name of COLUMNS) bars[name].push(...page[name]);
        return page.next_start;
      };
      if (before > 0) await read({ end: isoOf(start), limit: Math.min(before, PAGE) });
      const most = bars.time.length + MOST_BARS;
      let from: string | null = isoOf(start);
      while (from !== null && bars.time.length < most) from = await read({ start: from, end: isoOf(end), limit: PAGE });
      return bars;
    },
    staleTime: 600_000,
  });

const COLUMNS = ['time', 'open', 'high', 'low', 'close', 'volume'] as const;

const isoOf = (instant: number): string => new Date(instant).toISOString();

/** Computes the indicators of a variant over bars that were read. */
export const indicatorsOf = (of: readonly unknown[], bars: Bars | undefined, payload: object) =>
  queryOptions({
    queryKey: ['indicators', ...of, bars?.time[0], bars?.time.at(-1)],
    queryFn: async () => {
      const { indicatorLines } = await import('./indicator-lines.ts');
      return bars === undefined ? [] : indicatorLines(bars, payload);
    },
    enabled: bars !== undefined,
    staleTime: Infinity,
    // Columns of numbers: neither compared nor kept for long.
    structuralSharing: false,
    gcTime: 60_000,
  });
