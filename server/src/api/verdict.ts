// The verdict as clients see it: what the engine found when the job was done, under its names.

import { z } from 'zod';

const number = z.number().nullable();
const share = z.number().min(0).max(1);
const raised = z.boolean();

export const ShortHistory = z
  .object({
    raised,
    indicator: z.string().nullable().describe('what needs the longest history of all variants'),
    needed_bars: z.int().min(0).describe('bars it needs before its first value'),
    asked_bars: z.int().min(0).describe('warmup_bars of the request'),
    warmup_bars: z.int().min(0).describe('bars before the target slice that candles gave'),
    target_bars: z.int().min(0),
    missing_bars: z.int().min(0).describe('first target bars on which it has no value'),
  })
  .meta({ id: 'ShortHistory', description: 'Whether the bars before the time range are enough for every variant' });

export const SplitJumps = z
  .object({
    count: z.int().min(0),
    first: z
      .array(
        z.object({
          time: z.iso.datetime().describe('open of the bar after the jump'),
          before: z.number().describe('the close before it'),
          after: z.number().describe('the first price after it'),
          ratio: z.number().describe('after over before'),
          split: z
            .string()
            .describe('what it looks like, new shares for old ones')
            .meta({ examples: ['4:1'] }),
        }),
      )
      .readonly()
      .describe('the first ten, in order of time'),
  })
  .meta({ id: 'SplitJumps', description: 'Jumps of the price that look like splits nobody has adjusted for' });

const Flags = z
  .object({
    edge_of_grid: z
      .object({
        raised,
        axes: z
          .array(z.object({ axis: z.string(), value: z.number(), end: z.enum(['lowest', 'highest']) }))
          .readonly()
          .describe('axes of at least three numbers on which the best has the lowest or the highest'),
      })
      .nullable(),
    few_trades: z.object({ raised, trades: z.int().min(0), least: z.int() }).nullable(),
    isolated_peak: z
      .object({
        raised,
        score: z.number().describe('the primary metric of the best'),
        neighbours: z.int().min(1).describe('variants one step away on one axis that trade'),
        neighbour_median: z.number(),
        neighbour_worst: z.number().optional(),
        typical: z.number().describe('the median of base variants drawn at random'),
        left_share: z.number().describe('what a step away is left of what the best has over a typical variant'),
      })
      .nullable(),
    zero_trades_share: z.object({ raised, share: share.describe('base variants that never trade') }).nullable(),
    short_history: ShortHistory.optional(),
    split_jumps: SplitJumps.extend({ raised }).optional(),
  })
  .meta({ id: 'VerdictFlags', description: 'What numbers cannot say; null: cannot be told, see reasons' });

export const Verdict = z
  .object({
    sentence: z.string().describe('the verdict in plain words'),
    luck: z
      .enum(['likely', 'possible', 'unlikely', 'unknown'])
      .describe(
        'likely: deflated_sharpe below 0.5 or overfitting_probability above it, unless the best wins every block; unlikely: at least 0.95 and at most 0.05, ' +
          'neither few trades nor an isolated peak; unknown: neither number can be told',
      ),
    trials: z
      .int()
      .min(0)
      .describe('different variants scored; a base variant without stops that both stages score counts once'),
    compared: z
      .object({ kept: z.int().min(0), drawn: z.int().min(0) })
      .describe('variants whose daily returns were compared: the best, and base variants drawn at random'),
    days: z.int().min(0).describe('daily returns'),
    years: z.number().min(0).describe('days / periods_per_year'),
    periods_per_year: z.number(),
    sharpe_daily: number.describe('of the best, of one day'),
    sharpe_annual: number.describe('the same times sqrt(periods_per_year), as in its report'),
    skewness: number.describe('of its daily returns'),
    kurtosis: number.describe('of its daily returns, raw: normal is 3'),
    probabilistic_sharpe: share.nullable().describe('probability that its true Sharpe ratio is above 0'),
    sharpe_variance_daily: number.describe('of the daily Sharpe ratios of the variants compared'),
    lucky_sharpe_annual: number.describe('what the best of so many trials without any skill would be expected to have'),
    deflated_sharpe: share.nullable().describe('probability that its true Sharpe ratio is above lucky_sharpe_annual'),
    minimum_backtest_years: number.describe(
      'history below which the best of so many trials is expected to reach an annual Sharpe ratio of 1 by luck',
    ),
    overfitting_probability: share
      .nullable()
      .describe('that the best in one half of the history does worse than most in the other half, of 16 blocks'),
    flags: Flags,
    reasons: z.record(z.string(), z.string()).describe('why a number or a flag is null, by its name'),
  })
  .meta({ id: 'Verdict', description: 'How likely the best variant is luck' });
