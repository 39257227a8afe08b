// The best variants of a job: so far, or at the end with reports and trades. `report_context` is the part of the
// request that all of them share: what a reader needs beside the numbers.

import { METRICS } from '@backtest-jobs/engine';
import { CALENDARS, DEFINITIONS } from '@backtest-jobs/engine/internal';
import { z } from 'zod';
import { JOB_STATES } from '../../queue/job.ts';
import { asStored } from '../replies.ts';
import { direction, ExecutionSettings, HeldOut, Payload, sizing, timeframe, TradeItem } from './variant-parts.ts';

const MetricName = z.enum(METRICS.map(({ name }) => name));
const Metric = z.union([z.number(), z.literal('inf'), z.literal('-inf'), z.null()]);

export const VariantMetrics = z
  .object(Object.fromEntries(METRICS.map(({ name }) => [name, Metric])))
  .extend({
    num_trades: z.int().min(0),
    ambiguous_bars: z
      .int()
      .min(0)
      .describe('bars decided by convention: a stop before the take-profit, or a trailing stop that may have been hit'),
    total_return_pct_tp_first: z.number().describe('the total return with the take-profit first: the other bound'),
    possible_trails: z
      .int()
      .min(0)
      .optional()
      .describe('those of them that may have hit the trailing level they raised themselves: the position was kept'),
    total_return_pct_trail_hit: z.number().optional().describe('the total return if they all hit it: the other bound'),
    bust: z.union([z.literal(0), z.literal(1)]).describe('1: a trade left nothing to trade with'),
    written_off: z.number().min(0).describe('debt that going bust left unpaid, in quote'),
    avg_drawdown_episode: Metric.optional().describe('mean of the deepest fall of each drawdown, in percent'),
    waited_fills: z.int().min(0).optional().describe('fills that waited for a market, because their bar had no candle'),
    carried_close: z
      .union([z.literal(0), z.literal(1)])
      .optional()
      .describe('1: the forced close of the last bar had no market: its price is the close before, carried forward'),
    plateau_score: z
      .number()
      .optional()
      .describe('ranking.plateau only, of rows of a job: the mean of the primary metric around the base variant'),
    short_history_bars: z
      .int()
      .min(1)
      .optional()
      .describe(
        'first target bars on which an indicator of it has no value; only where they are a tenth of all or more',
      ),
  })
  .meta({ id: 'VariantMetrics', description: 'Every metric a job can rank by, and what a reader of them must know' });

const falls = z.object({ p50: z.number(), p95: z.number(), p99: z.number() });

export const MonteCarlo = z
  .object({
    trades: z.int().min(10),
    draws: z.int().min(1),
    closed_drawdown_pct: z.number().describe('deepest fall of the closed trades in the order in which they came'),
    reordered: z.object({ closed_drawdown_pct: falls }).describe('the same trades in random orders, quantiles'),
    resampled: z
      .object({
        return_pct: z.object({ p5: z.number(), p50: z.number(), p95: z.number() }),
        closed_drawdown_pct: falls,
        loss_probability: z.number().min(0).max(1),
      })
      .describe('as many trades drawn from them with replacement, quantiles'),
  })
  .meta({ id: 'MonteCarlo', description: 'What else the trades of a variant could have come to' });

/** What rows of the report mean, for readers of the table. */
const definitions = Object.entries(DEFINITIONS)
  .map(([name, text]) => `${name}: ${text}`)
  .join('. ');

export const TopVariant = z
  .object({
    rank: z.int().min(1),
    variant_key: z.string(),
    indicator_variant_key: z.string(),
    variant_index: z.int().min(0),
    total_return_pct: z.number(),
    metrics: VariantMetrics,
    payload: asStored(Payload),
    equity_line: z
      .array(z.number())
      .nullable()
      .describe(
        'equity in percent of the initial cash at up to 32 closes, evenly spaced, the first and the last included; null in rows of earlier versions',
      ),
    alike: z
      .object({
        first_rank: z.int().min(1).describe('the best of them'),
        rows: z.int().min(1).describe('this one included'),
      })
      .nullable()
      .describe('rows of the job that made the same trades, of any page; null in rows of earlier versions'),
    report_table_md: z.string().optional().describe(`succeeded jobs only. ${definitions}`),
    trades: z.array(asStored(TradeItem)).optional().describe('succeeded jobs only, for the first top_trades_n rows'),
    trades_total: z.int().min(0).optional().describe('with trades: how many the variant made'),
    trades_cut: z
      .boolean()
      .optional()
      .describe('with trades: these are the first and the last; a variant report has all'),
    monte_carlo: MonteCarlo.optional().describe('succeeded jobs only, of the ten best that made 10 trades'),
    out_of_sample: z
      .object({ metrics: VariantMetrics, report_table_md: z.string() })
      .optional()
      .describe('succeeded jobs with validation only: on the bars held out; all else is of those searched on'),
  })
  .meta({ id: 'TopVariant', description: 'One kept variant' });

export const MarketDay = z
  .object({ begins: z.string().describe('hh:mm'), zone: z.string().describe('of the IANA') })
  .meta({ id: 'MarketDay', description: 'Time of day and zone at which the day of a session market begins' });

export const ReportContext = z
  .object({
    time_range: z.object({ start: z.string(), end: z.string() }),
    instrument_id: z.object({ market_id: z.int(), symbol: z.string() }),
    timeframe,
    warmup_bars: z.int(),
    direction_mode: direction,
    sizing_mode: sizing,
    execution: asStored(ExecutionSettings),
    ranking: z.object({
      primary_metric: MetricName,
      secondary_metric: MetricName.nullable(),
      plateau: z.int().optional().describe('steps of the boxes whose means rank'),
    }),
    calendar: z.enum(CALENDARS),
    periods_per_year: z.number().describe('P of the Sharpe, Sortino and Calmar ratios'),
    day: MarketDay.nullable().default(null).describe('of a session market; null: the UTC day'),
    validation: asStored(HeldOut).nullable().default(null).describe('what was held out'),
  })
  .meta({ id: 'ReportContext', description: 'What all variants of a job share' });

export const TopVariants = z
  .object({
    job_id: z.uuid(),
    state: z.enum(JOB_STATES),
    report_context: ReportContext,
    items: z.array(TopVariant).describe('by rank'),
    next_after_rank: z.int().nullable().describe('after_rank of the next page; null: that was all'),
  })
  .meta({ id: 'TopVariants', description: 'The best variants of a job' });

const { time_range, warmup_bars, ranking, validation, calendar, periods_per_year, day, ...strategy } =
  ReportContext.shape;
const Request = z.object({
  time_range,
  warmup_bars,
  ranking,
  validation,
  runtime: z.object({ calendar, periods_per_year, day }),
  template: z.object(strategy),
});

/** The part of a request that its variants share. */
export function contextOf(request: unknown): z.infer<typeof ReportContext> {
  const { template, runtime, ...rest } = Request.parse(request);
  return { ...rest, ...runtime, ...template };
}
