// The verdict as clients see it: what the engine found when the job was done, under its names.

import { QUESTIONS } from '@backtest-jobs/engine/internal';
import { z } from 'zod';

const number = z.number().nullable();
const share = z.number().min(0).max(1);
const raised = z.boolean();
const metric = z.union([z.number(), z.literal('inf'), z.literal('-inf'), z.null()]);

export const ShortHistory = z
  .object({
    raised,
    indicator: z.string().nullable().describe('what needs the longest history of all variants'),
    needed_bars: z.int().min(0).describe('bars it needs before its first value'),
    asked_bars: z.int().min(0).describe('warmup_bars of the request'),
    warmup_bars: z.int().min(0).describe('bars before the target slice that candles gave'),
    target_bars: z.int().min(0),
    missing_bars: z.int().min(0).describe('first target bars on which it has no value; raised: a tenth of all or more'),
    not_ranked: z
      .int()
      .min(1)
      .optional()
      .describe('base variants that were not ranked: without a value on more than half of the target bars'),
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
        typical: z.number().describe('the median of variants drawn at random'),
        left_share: z.number().describe('what a step away is left of what the best has over a typical variant'),
      })
      .nullable(),
    zero_trades_share: z.object({ raised, share: share.describe('base variants that never trade') }).nullable(),
    short_history: ShortHistory.optional(),
    split_jumps: SplitJumps.extend({ raised }).optional(),
    worse_than_holding: z
      .object({ raised, sharpe_annual: z.number(), holding_sharpe_annual: z.number() })
      .nullable()
      .optional()
      .describe('buy and hold has the higher Sharpe ratio'),
    unequal_hours: z
      .object({
        raised,
        clock: z.enum(['hour', 'dayofweek']).nullable().describe('what its rules read; null: neither'),
        ratio: number.describe('mean size of a move at the loudest hour over that at the quietest'),
        chance: share.nullable().describe('probability of sizes that unequal where all hours are alike'),
      })
      .optional()
      .describe('rules on the hour, in a market that moves more at some hours than at others'),
  })
  .meta({ id: 'VerdictFlags', description: 'What numbers cannot say; null: cannot be told, see reasons' });

const ids = Object.keys(QUESTIONS) as [keyof typeof QUESTIONS];
const questions = Object.entries(QUESTIONS).map(([id, question]) => `${id}: ${question}`);

const Check = z
  .object({
    id: z.enum(ids).describe(questions.join(' ')),
    mark: z.enum(['good', 'caution', 'bad']).nullable().describe('null: not tested, or it says nothing about the best'),
    value: number.describe('what the mark rests on'),
    reason: z.string().describe('the same in words; of null, why'),
  })
  .meta({ id: 'VerdictCheck', description: 'One question about the best variant, with its own answer' });

const Permuted = z
  .object({
    done: z.int().min(0).describe('permuted markets that were searched'),
    asked: z.int().min(0),
    variants: z.int().min(0).describe('base variants of that search'),
    grid_variants: z.int().min(0).describe('base variants of the whole grid'),
    blocks: z.int().nullable().describe('bars of a run that keep their order; null: each moves by itself'),
    walk: z.boolean().describe('whether all folds of a walk forward ran'),
    p: share.nullable().describe('(1 + as_good) / (1 + done); null: see reason'),
    as_good: z.int().min(0).describe('permuted markets whose best is at least as good as the real best'),
    best: metric.describe('primary metric of the best of that search on the real market'),
    best_sharpe_daily: number,
    best_variant: z.int().min(0).nullable().describe('index of that best; null of a walk, too'),
    bests: z.array(metric).readonly().describe('the same of each permuted market; null: nothing was ranked'),
    sharpes: z.array(number).readonly().describe('daily Sharpe ratios of the bests'),
    reason: z.string().nullable().describe('why p is null'),
    typical: metric.describe('what luck typically finds: the median of bests'),
    lucky_sharpe_annual: number.describe('mean of sharpes, of a year'),
    deflated_sharpe: share
      .nullable()
      .describe('probability that the true Sharpe ratio of the best of that search is above lucky_sharpe_annual'),
    sharpe_reason: z.string().nullable().describe('why deflated_sharpe is null'),
  })
  .meta({ id: 'PermutedMarkets', description: 'What the same search finds in markets in which the past says nothing' });

/** What it found so far, before the verdict has measured luck by it. */
export const PermutedSoFar = Permuted.loose()
  .partial({ typical: true, lucky_sharpe_annual: true, deflated_sharpe: true, sharpe_reason: true })
  .meta({ id: 'PermutedSoFar', description: 'What the same search found on permuted markets so far' });

const Holding = z
  .object({
    return_pct: z.number().describe('of buy and hold over the same days, without costs'),
    excess_return_pct: z.number().describe('return of the best less that of holding'),
    sharpe_annual: z.number().describe('of holding'),
    excess_sharpe_annual: z.number().describe('Sharpe ratio of the best less that of holding'),
    error_annual: z.number().min(0).describe('standard error of that difference'),
    deflated_sharpe: share.nullable().describe('by formula, of the daily returns in excess of holding'),
    long_share: share.describe('bars held long, of those held'),
  })
  .meta({ id: 'Holding', description: 'The best beside buy and hold' });

const Halves = z
  .object({
    from: z.number(),
    to: z.number(),
    counts: z.array(z.number().min(0)).readonly().describe('halves in each of 48 bins of equal width'),
  })
  .meta({
    id: 'VerdictHalves',
    description:
      'Where the best of one half of the history stands in the other, over all halves of 16 blocks: ln(w / (1 - w)) of its relative rank w, ' +
      '0 the middle; what lies beyond the ends is in the last bins, one exactly in the middle counts a half on both sides. ' +
      'What lies left of the middle, of all, is overfitting_probability. From 0.6.0 on',
  });

const Neighbour = z
  .object({
    axis: z.string().describe('its key, as in /request'),
    value: z.union([z.number(), z.string()]).describe('what the variant has there instead'),
    score: metric.describe(
      'primary metric; null: it does not trade, its history is too short, or constraints exclude it',
    ),
  })
  .meta({ id: 'Neighbour', description: 'A variant one step away from the best' });

export const Verdict = z
  .object({
    sentence: z.string().describe('the verdict in plain words'),
    luck: z
      .enum(['likely', 'possible', 'unlikely', 'unknown'])
      .describe(
        'likely: p above 0.2, or above 0.05 with loss_probability above 0.5, unless the best wins every block; unlikely: both at most 0.05, ' +
          'and neither few trades, a short history, a better buy and hold nor unequal hours; unknown: neither p nor deflated_sharpe can be told. ' +
          'Without p, deflated_sharpe below 0.5 stands for p above 0.2, and at least 0.95 for p up to 0.05',
      ),
    checks: z.array(Check).readonly().optional().describe('from 0.5.0 on, in a fixed order'),
    trials: z
      .int()
      .min(0)
      .describe('different variants scored; a base variant without stops that both stages score counts once'),
    compared: z
      .object({
        drawn: z.int().min(0),
        with_best: z.boolean().optional().describe('whether the best is among them'),
        kept: z.int().min(0).optional().describe('before 0.5.0: the best ones that were added'),
      })
      .describe('variants whose daily returns were compared: drawn at random, whatever their scores'),
    days: z.int().min(0).describe('daily returns'),
    years: z.number().min(0).describe('days / periods_per_year'),
    periods_per_year: z.number(),
    total_return_pct: number.optional().describe('of the best'),
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
    loss_probability: share
      .nullable()
      .optional()
      .describe('that the best in one half of the history loses money in the other half, of 16 blocks'),
    overfitting_probability: share
      .nullable()
      .describe('that the best in one half of the history does worse than most in the other half, of 16 blocks'),
    halves: Halves.nullable().optional(),
    neighbours: z
      .array(Neighbour)
      .readonly()
      .optional()
      .describe(
        'one step away from the best, on one axis each: by value from a number, to what stands beside it from a word; from 0.6.0 on',
      ),
    plateau: z
      .object({
        variant_index: z.int().min(0).describe('with risk off'),
        near: z
          .number()
          .describe('mean of the primary metric over what lies within 2 % of each axis, at least one step'),
      })
      .nullable()
      .optional()
      .describe(
        'middle of the best neighbourhood of stage_a, as how=near of the surface has it; null for samples, single points and large grids; from 0.6.0 on',
      ),
    benchmark_return_pct: z
      .number()
      .optional()
      .describe('of buy and hold over the bars searched, as in reports; from 0.6.0 on'),
    permuted: Permuted.nullable().optional(),
    holding: Holding.nullable().optional(),
    flags: Flags,
    reasons: z.record(z.string(), z.string()).describe('why a number or a flag is null, by its name'),
  })
  .meta({ id: 'Verdict', description: 'How likely the best variant is luck' });
