// Parts of results in the form in which the engine writes them. They are loose, because what an earlier or a later version has
// stored is shown as it is.

import { TIMEFRAMES } from '@backtest-jobs/engine';
import { DIRECTIONS, EXIT_REASONS, FILLS, SIZINGS, TRIGGERS } from '@backtest-jobs/engine/internal';
import { z } from 'zod';
import { SplitJumps } from '../verdict.ts';

export const timeframe = z.enum(Object.keys(TIMEFRAMES));
export const direction = z.enum(DIRECTIONS);
export const sizing = z.enum(SIZINGS);

export const ExecutionSettings = z
  .looseObject({
    init_cash_quote: z.number(),
    fee_pct: z.number(),
    slippage_pct: z.number(),
    fixed_quote: z.number(),
    equity_percent: z.number(),
    safe_profit_percent: z.number(),
    fill: z.enum(FILLS),
  })
  .meta({ id: 'ExecutionSettings', description: 'How fills are paid for; percents are human percents' });

const value = z.number().nullable().describe('null while its exit is off');
const rule = z.string().nullable();

export const Payload = z
  .looseObject({
    indicator_selections: z
      .array(
        z.looseObject({
          indicator_id: z.string(),
          inputs: z.record(z.string(), z.string()).describe('source, where the indicator has one'),
          params: z.record(z.string(), z.number()),
        }),
      )
      .describe('empty where the signals come from rules'),
    signal_params: z
      .record(z.string(), z.record(z.string(), z.union([z.number(), z.string()])))
      .describe('by indicator_id, then name'),
    rules: z
      .looseObject({ long: rule, short: rule, exit_long: rule, exit_short: rule })
      .nullable()
      .describe('null: the signals come from the indicators'),
    params: z.record(z.string(), z.number()).nullable(),
    risk_params: z.looseObject({
      sl_enabled: z.boolean(),
      sl_pct: value,
      tp_enabled: z.boolean(),
      tp_pct: value,
      trail_enabled: z.boolean(),
      trail_pct: value,
      max_bars_enabled: z.boolean(),
      max_bars: value,
      trigger: z.enum(TRIGGERS),
    }),
    execution_params: ExecutionSettings,
    direction_mode: direction,
    sizing_mode: sizing,
  })
  .meta({ id: 'Payload', description: 'Everything needed to run a variant again' });

const time = z.iso.datetime();

export const TradeItem = z
  .looseObject({
    trade_id: z.int().min(1),
    direction: z.enum(['long', 'short']),
    signal_time: time.describe('close of the bar that decided the entry'),
    entry_time: time,
    entry_bar: z.int(),
    entry_fill: z.number(),
    exit_time: time,
    exit_bar: z.int(),
    exit_fill: z.number(),
    qty: z.number(),
    entry_amount: z.number(),
    exit_amount: z.number(),
    entry_fee: z.number(),
    exit_fee: z.number(),
    gross: z.number().describe('before fees: gross - entry_fee - exit_fee = net'),
    net: z.number(),
    locked: z.number().describe('moved to safety by the profit lock'),
    return_pct: z.number(),
    mae_pct: z.number().describe('worst price while held against the entry fill, at most 0'),
    mfe_pct: z.number().describe('best price while held against the entry fill, at least 0'),
    exit_reason: z.enum(EXIT_REASONS),
  })
  .meta({ id: 'Trade', description: 'One trade, from entry fill to exit fill' });

const slots = z.int().min(0).nullable();

export const Ledger = z
  .looseObject({
    base_interval_ms: z.int().min(1),
    base_expected: slots.describe('slots of the range; null in a session market, whose calendar nobody knows here'),
    base_present: z.int().min(0).describe('candles used, without duplicates'),
    base_missing: slots.describe('slots without a candle'),
    base_gaps: slots.describe('stretches of them'),
    longest_gap_ms: z.number().min(0).describe('longest time without a candle where one could be'),
    duplicates: z.int().min(0).describe('candles dropped because another has the same time'),
    zero_volume_share: z.number().min(0).max(1),
    bars: z.int().min(0).describe('of the timeframe, warm-up included'),
    target_bars: z.int().min(0),
    carried_bars: z.int().min(0).describe('target bars without a candle, which carry the close before'),
    first_target: time.describe('open of the first target bar'),
    last_target: time.describe('close of the last target bar'),
    split_jumps: SplitJumps.optional().describe('left out where there is none'),
    series: z
      .array(z.looseObject({ interval: timeframe, bars: z.int().min(0) }))
      .optional()
      .describe(
        'intervals that could have served; the one that was read stands first. Left out where there was no choice',
      ),
    digest: z.string().describe('sha256 of the candles used'),
  })
  .meta({ id: 'Ledger', description: 'What candles a result stands on' });

const stage = z
  .looseObject({
    scored: z.int().min(0),
    short_history: z
      .int()
      .min(0)
      .optional()
      .describe('not ranked: without a value on more than half of the target bars'),
    zero_trades: z.int().min(0),
    min_trades: z.int().min(0).describe('left out by filters.min_trades'),
    max_drawdown: z.int().min(0).describe('left out by filters.max_drawdown_pct'),
  })
  .describe('variants');

export const Counts = z
  .looseObject({ stage_a: stage, stage_b: stage })
  .meta({ id: 'Counts', description: 'What each stage scored and left out' });

export const HeldOut = z
  .union([
    z.looseObject({ mode: z.literal('holdout'), fraction: z.number() }),
    z.looseObject({ mode: z.literal('walk_forward'), folds: z.int(), train_fraction: z.number() }),
  ])
  .meta({ id: 'HeldOut', description: 'Which bars a search does not see' });
