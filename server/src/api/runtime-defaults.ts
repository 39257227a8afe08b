// GET /backtests/runtime-defaults: what a form fills in and what it may not exceed, as this server is configured.

import { METRICS, TIMEFRAMES, type Defaults } from '@backtest-jobs/engine';
import { CALENDARS } from '@backtest-jobs/engine/internal';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { defaultsOf, runtimeConfigHash, type Config } from '../config/config.ts';
import { marketOf } from '../config/market.ts';
import { MOST_LISTED } from '../queue/list.ts';
import { errorReplies } from './errors.ts';
import { MarketDay } from './job/top-variants.ts';
import { reply } from './replies.ts';

export const BODY_LIMIT_BYTES = 1024 * 1024;

export const RuntimeDefaults = z
  .object({
    defaults: z.object({
      warmup_bars: z.int(),
      top_k: z.int(),
      preselect: z.int(),
      top_trades_n: z.int(),
      top_k_persisted: z.int(),
      max_trades_persisted_per_row: z.int(),
      luck: z.union([z.literal('auto'), z.int().min(0)]).describe('permutations of the luck test'),
      ranking: z.object({ primary_metric: z.string(), secondary_metric: z.string().nullable() }),
      execution: z.object({
        init_cash_quote: z.number(),
        fixed_quote: z.number(),
        equity_percent: z.number(),
        safe_profit_percent: z.number(),
        slippage_pct: z.number(),
      }),
      fee_pct_by_market: z.record(z.string(), z.number()),
    }),
    limits: z.object({
      max_variants_per_compute: z.int(),
      max_compute_bytes_total: z.int(),
      max_active_jobs_per_user: z.int(),
      max_finished_jobs_per_user: z.int(),
      max_strategies_per_user: z.int(),
      max_stored_rows_per_user: z.int(),
      max_requests_per_minute_per_user: z.int(),
      max_open_reports_per_user: z.int(),
      max_body_bytes: z.int(),
      max_list_limit: z.int(),
      max_top_limit: z.int(),
      max_import_file_bytes: z.int().describe('of a file of candles'),
      sync_deadline_seconds: z.number().describe('of a synchronous run'),
      sync_max_variants_per_compute: z.int().describe('the same guard of a synchronous run'),
      sync_max_compute_bytes_total: z.int().describe('the same guard of a synchronous run'),
    }),
    markets: z.record(
      z.string(),
      z.object({
        name: z.string(),
        calendar: z.enum(CALENDARS),
        periods_per_year: z.number(),
        day: MarketDay.nullable().describe('of a session market; null: the UTC day'),
      }),
    ),
    timeframes: z.array(z.string()),
    metrics: z.array(z.object({ name: z.string(), better: z.enum(['asc', 'desc']) })),
    jobs_enabled: z.boolean(),
    backtest_runtime_config_hash: z.string(),
  })
  .meta({ id: 'RuntimeDefaults', description: 'Defaults and limits of this server' });

/** The guards of a synchronous run, whose memory is that of the API's machine. */
export function halfOf(guards: Defaults['guards']): Defaults['guards'] {
  return {
    max_variants_per_compute: Math.ceil(guards.max_variants_per_compute / 2),
    max_compute_bytes_total: Math.ceil(guards.max_compute_bytes_total / 2),
  };
}

export const runtimeDefaults: FastifyPluginAsyncZod<{ config: Config }> = async (app, { config }) => {
  const defaults = defaultsReply(config);
  app.get(
    '/backtests/runtime-defaults',
    {
      schema: {
        operationId: 'getRuntimeDefaults',
        summary: 'Defaults, limits and markets of this server',
        tags: ['catalogue'],
        response: { 200: reply(RuntimeDefaults, 'defaults and limits'), ...errorReplies() },
      },
    },
    async () => defaults,
  );
};

function defaultsReply(config: Config): z.infer<typeof RuntimeDefaults> {
  const { guards, markets: _withOffsets, ...defaults } = defaultsOf(config);
  const { jobs, markets, sync, imports } = config.backtest;
  const half = halfOf(guards);
  return {
    defaults: {
      ...defaults,
      ranking: { ...defaults.ranking },
      execution: { ...defaults.execution },
      fee_pct_by_market: { ...defaults.fee_pct_by_market },
    },
    limits: {
      ...guards,
      max_active_jobs_per_user: jobs.max_active_jobs_per_user,
      max_finished_jobs_per_user: jobs.max_finished_jobs_per_user,
      max_strategies_per_user: jobs.max_strategies_per_user,
      max_stored_rows_per_user: jobs.max_stored_rows_per_user,
      max_requests_per_minute_per_user: config.backtest.api.max_requests_per_minute_per_user,
      max_open_reports_per_user: config.backtest.api.max_open_reports_per_user,
      max_body_bytes: BODY_LIMIT_BYTES,
      max_list_limit: MOST_LISTED,
      max_top_limit: defaults.top_k_persisted,
      max_import_file_bytes: imports.max_file_bytes,
      sync_deadline_seconds: sync.sync_deadline_seconds,
      sync_max_variants_per_compute: half.max_variants_per_compute,
      sync_max_compute_bytes_total: half.max_compute_bytes_total,
    },
    markets: Object.fromEntries(Object.keys(markets).map((id) => [id, marketOf(markets, id)])),
    timeframes: Object.keys(TIMEFRAMES),
    metrics: METRICS.map(({ name, better }) => ({ name, better })),
    jobs_enabled: jobs.enabled,
    backtest_runtime_config_hash: runtimeConfigHash(config),
  };
}
