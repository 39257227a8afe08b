// The body of a spec, for the OpenAPI document only: parseSpec judges it. Names and shapes stand here a second time,
// because a gate made from a schema would need a language for its conflicts, aliases and messages. Bounds and choices
// are the gate's own, and a test compares every field with the gate. Defaults depend on the configuration: see GET
// /backtests/runtime-defaults.

import { METRICS, TIMEFRAMES } from '@backtest-jobs/engine';
import {
  BOUNDS,
  DIRECTIONS,
  FILLS,
  LEAST_PERMUTATIONS,
  LUCK_SKIPPED,
  MAX_NAME_LENGTH,
  SIZINGS,
  TRIGGERS,
  type Bounds,
} from '@backtest-jobs/engine/internal';
import { validatorCompiler } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { SYMBOL } from './inputs.ts';

/** Describes a number by the bounds of the gate. */
function within({ min, max, above, below, whole }: Bounds): z.ZodNumber {
  let number: z.ZodNumber = whole ? z.int() : z.number();
  if (min !== undefined) number = number.min(min);
  if (above !== undefined) number = number.gt(above);
  if (max !== undefined) number = number.max(max);
  if (below !== undefined) number = number.lt(below);
  return number;
}

const MetricBody = z.enum(METRICS.map(({ name }) => name));
const value = z.union([z.number(), z.string()]);

const RangeBody = z.strictObject({
  mode: z.literal('range'),
  start: z.number(),
  stop_incl: z.number(),
  step: within(BOUNDS.range.step),
});

const AxisBody = z
  .union([z.strictObject({ mode: z.literal('explicit'), values: z.array(value).min(1) }), RangeBody, value])
  .meta({ id: 'Axis', description: 'One parameter and its values; a bare scalar is an axis with one value' });

const valueOrOff = z.union([z.number(), z.literal('off'), z.literal(false), z.null()]);

const RiskAxisBody = z
  .union([z.strictObject({ mode: z.literal('explicit'), values: z.array(valueOrOff).min(1) }), RangeBody, valueOrOff])
  .meta({ id: 'RiskAxis', description: 'An axis of which "off" is a value; false and null mean the same' });

const RiskGrid = z.strictObject({
  sl_enabled: z.boolean().optional(),
  sl: RiskAxisBody.optional().describe('stop losses in percent; "off" is a value'),
  sl_pct: within(BOUNDS.risk_grid.sl).optional().describe('one stop loss, instead of sl'),
  tp_enabled: z.boolean().optional(),
  tp: RiskAxisBody.optional().describe('take profits in percent; "off" is a value'),
  tp_pct: within(BOUNDS.risk_grid.tp).optional().describe('one take profit, instead of tp'),
  trail: RiskAxisBody.optional().describe(
    'trailing stops in percent from the best price since the entry; "off" is a value',
  ),
  max_bars: RiskAxisBody.optional().describe('most bars a position is held; "off" is a value'),
  trigger: z.enum(TRIGGERS).optional(),
});

const Execution = z.strictObject({
  init_cash_quote: within(BOUNDS.execution.init_cash_quote).optional(),
  fee_pct: within(BOUNDS.execution.fee_pct).optional().describe('percent of each fill; default by market'),
  slippage_pct: within(BOUNDS.execution.slippage_pct).optional(),
  fixed_quote: within(BOUNDS.execution.fixed_quote).optional(),
  equity_percent: within(BOUNDS.execution.equity_percent).optional(),
  safe_profit_percent: within(BOUNDS.execution.safe_profit_percent).optional(),
  fill: z.enum(FILLS).optional(),
});

const RuleBody = z.string().nullable().optional();

const RulesBody = z
  .strictObject({ long: RuleBody, short: RuleBody, exit_long: RuleBody, exit_short: RuleBody })
  .describe('conditions at the close of a bar, instead of indicator_grids: cross_above(close, sma(close, n))');

export const TemplateBody = z
  .strictObject({
    instrument_id: z.strictObject({
      market_id: within(BOUNDS.instrument_id.market_id),
      symbol: z.string().meta(SYMBOL),
    }),
    timeframe: z.enum(Object.keys(TIMEFRAMES)),
    indicator_grids: z
      .array(
        z.strictObject({
          indicator_id: z.string().describe('see GET /indicators'),
          source: AxisBody.optional(),
          params: z.record(z.string(), AxisBody).optional().describe('missing ones take the default of the catalogue'),
        }),
      )
      .optional()
      .describe('signals of indicators; or give rules'),
    signal_grids: z
      .record(z.string(), z.record(z.string(), AxisBody))
      .optional()
      .describe('by indicator_id, then name'),
    rules: RulesBody.optional(),
    params: z
      .record(z.string(), AxisBody)
      .optional()
      .describe('names that rules and constraints read, with their values'),
    constraints: z.array(z.string()).optional().describe('conditions on params that every combination must meet'),
    direction_mode: z.enum(DIRECTIONS).optional(),
    sizing_mode: z.enum(SIZINGS).optional(),
    execution: Execution.optional(),
    risk_grid: RiskGrid.optional(),
  })
  .meta({ id: 'Template', description: 'Instrument, timeframe, signals and how they are traded' });

const OverridesBody = TemplateBody.pick({
  direction_mode: true,
  sizing_mode: true,
  execution: true,
  risk_grid: true,
  signal_grids: true,
}).describe('of the saved strategy; what they do not name stays as it was saved');

const { permutations, variants, blocks } = BOUNDS.luck;

const LuckBody = z
  .union([
    z.strictObject({
      permutations: z
        .union([within(permutations), z.literal('auto')])
        .optional()
        .describe(`0: no test; else at least ${LEAST_PERMUTATIONS}`),
      variants: z
        .union([within(variants), z.literal('auto')])
        .optional()
        .describe('base variants that are searched, drawn from the grid; auto: all, or 2,000 of a large grid'),
      blocks: within(blocks).nullable().optional().describe('bars that stay together, of intraday markets sessions'),
      walk: z.boolean().nullable().optional().describe('with walk_forward: all folds instead of the last one'),
      skipped: z.enum(LUCK_SKIPPED).nullable().optional().describe('in a stored spec: why auto chose no permutations'),
    }),
    within(permutations),
    z.enum(['auto', 'off']),
  ])
  .describe(
    'the same search on so many permuted markets: how good it is by luck alone; auto: as many as some ten seconds of a core allow',
  );

export const SpecBody = z
  .strictObject({
    time_range: z
      .strictObject({ start: z.string(), end: z.string() })
      .describe('UTC instants with a zone, half-open: start <= bar < end'),
    template: TemplateBody.optional().describe('the strategy; or give strategy_id'),
    strategy_id: z.guid().optional().describe('a saved strategy of yours, see POST /strategies'),
    overrides: OverridesBody.optional().describe('with strategy_id only'),
    warmup_bars: z
      .union([within(BOUNDS.warmup_bars), z.literal('auto')])
      .optional()
      .describe(
        'bars before the time range; auto (default): as many as any variant needs, at least warmup_bars_default',
      ),
    top_k: within(BOUNDS.top_k).optional(),
    preselect: within(BOUNDS.preselect).optional(),
    top_trades_n: within(BOUNDS.top_trades_n).optional(),
    ranking: z
      .strictObject({
        primary_metric: MetricBody.optional(),
        secondary_metric: MetricBody.nullable().optional(),
        plateau: within(BOUNDS.ranking.plateau)
          .nullable()
          .optional()
          .describe(
            'rank by the mean of the primary metric over so many steps on every axis of numbers; one row of each base variant',
          ),
      })
      .optional(),
    filters: z
      .strictObject({
        min_trades: within(BOUNDS.filters.min_trades).nullable().optional(),
        max_drawdown_pct: within(BOUNDS.filters.max_drawdown_pct).nullable().optional(),
      })
      .optional(),
    sample: z
      .strictObject({ n: within(BOUNDS.sample.n), seed: within(BOUNDS.sample.seed).optional() })
      .nullable()
      .optional()
      .describe('score so many base variants, drawn by the seed, instead of all'),
    validation: z
      .union([
        z.strictObject({ mode: z.literal('holdout'), fraction: within(BOUNDS.validation.fraction) }),
        z.strictObject({
          mode: z.literal('walk_forward'),
          folds: within(BOUNDS.validation.folds),
          train_fraction: within(BOUNDS.validation.train_fraction),
        }),
      ])
      .nullable()
      .optional()
      .describe('judge what the search keeps on bars it does not see: the last fraction, or those after each fold'),
    luck: LuckBody.nullable().optional(),
    name: z.string().max(MAX_NAME_LENGTH).nullable().optional(),
    priority: within(BOUNDS.priority).optional().describe('above 0 for administrators only; 0 when left out'),
  })
  .meta({
    id: 'Spec',
    description: 'What to test: instrument, timeframe, time range, strategy, parameter axes, risk axes',
    examples: [
      {
        name: 'S&P 500 above its average, with stops',
        time_range: { start: '2001-01-01T00:00:00Z', end: '2020-01-01T00:00:00Z' },
        template: {
          instrument_id: { market_id: 5, symbol: '^GSPC' },
          timeframe: '1d',
          indicator_grids: [
            { indicator_id: 'ma.sma', params: { window: { mode: 'range', start: 10, stop_incl: 200, step: 10 } } },
          ],
          risk_grid: { sl: { mode: 'explicit', values: ['off', 5, 10] }, tp_pct: 25 },
        },
        top_k: 50,
      },
    ],
  });

/** Validates all inputs but bodies, which the gate judges: it reports more, and all of it at once. */
export const allButBodies: typeof validatorCompiler = (part) =>
  part.httpPart === 'body' ? (body: unknown) => ({ value: body }) : validatorCompiler(part);
