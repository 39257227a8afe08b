// What a spec looks like, for the OpenAPI document only: parseSpec is the gate, and it alone knows what is right
// together. A test holds both to the same examples.

import { validatorCompiler } from 'fastify-type-provider-zod';
import { z } from 'zod';

const value = z.union([z.number(), z.string()]);

const AxisBody = z
  .union([
    z.strictObject({ mode: z.literal('explicit'), values: z.array(value).min(1) }),
    z.strictObject({ mode: z.literal('range'), start: z.number(), stop_incl: z.number(), step: z.number().positive() }),
    value,
  ])
  .meta({ id: 'Axis', description: 'One parameter and its values; a bare scalar is an axis with one value' });

const RiskGrid = z.strictObject({
  sl_enabled: z.boolean().optional(),
  sl: AxisBody.optional().describe('stop losses in percent; "off" is a value'),
  sl_pct: z.number().optional().describe('one stop loss, instead of sl'),
  tp_enabled: z.boolean().optional(),
  tp: AxisBody.optional().describe('take profits in percent; "off" is a value'),
  tp_pct: z.number().optional().describe('one take profit, instead of tp'),
  trail: AxisBody.optional().describe(
    'trailing stops in percent from the best price since the entry; "off" is a value',
  ),
  max_bars: AxisBody.optional().describe('most bars a position is held; "off" is a value'),
  trigger: z.enum(['close', 'intrabar']).optional(),
});

const Execution = z.strictObject({
  init_cash_quote: z.number().positive().optional(),
  fee_pct: z.number().min(0).optional().describe('percent of each fill; default by market'),
  slippage_pct: z.number().min(0).optional(),
  fixed_quote: z.number().positive().optional(),
  equity_percent: z.number().positive().optional(),
  safe_profit_percent: z.number().min(0).optional(),
  fill: z.enum(['close', 'next_open']).optional(),
});

const RuleBody = z.string().nullable().optional();

const RulesBody = z
  .strictObject({ long: RuleBody, short: RuleBody, exit_long: RuleBody, exit_short: RuleBody })
  .describe('conditions at the close of a bar, instead of indicator_grids: cross_above(close, sma(close, n))');

export const TemplateBody = z.strictObject({
  instrument_id: z.strictObject({ market_id: z.int(), symbol: z.string() }),
  timeframe: z.string().describe('1m 3m 5m 15m 30m 1h 2h 4h 6h 8h 12h 1d'),
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
  signal_grids: z.record(z.string(), z.record(z.string(), AxisBody)).optional().describe('by indicator_id, then name'),
  rules: RulesBody.optional(),
  params: z
    .record(z.string(), AxisBody)
    .optional()
    .describe('names that rules and constraints read, with their values'),
  constraints: z.array(z.string()).optional().describe('conditions on params that every combination must meet'),
  direction_mode: z.enum(['long-only', 'short-only', 'long-short']).optional(),
  sizing_mode: z
    .enum(['all_in', 'fixed_quote', 'percent_of_equity', 'strategy_compound', 'strategy_compound_profit_lock'])
    .optional(),
  execution: Execution.optional(),
  risk_grid: RiskGrid.optional(),
});

const OverridesBody = TemplateBody.pick({
  direction_mode: true,
  sizing_mode: true,
  execution: true,
  risk_grid: true,
  signal_grids: true,
}).describe('of the saved strategy; what they do not name stays as it was saved');

export const SpecBody = z
  .strictObject({
    time_range: z
      .strictObject({ start: z.string(), end: z.string() })
      .describe('UTC instants with a zone, half-open: start <= bar < end'),
    template: TemplateBody.optional().describe('the strategy; or give strategy_id'),
    strategy_id: z.guid().optional().describe('a saved strategy of yours, see POST /strategies'),
    overrides: OverridesBody.optional().describe('with strategy_id only'),
    warmup_bars: z.int().min(0).optional(),
    top_k: z.int().min(1).optional(),
    preselect: z.int().min(1).optional(),
    top_trades_n: z.int().min(0).optional(),
    ranking: z
      .strictObject({ primary_metric: z.string().optional(), secondary_metric: z.string().nullable().optional() })
      .optional(),
    filters: z
      .strictObject({ min_trades: z.int().nullable().optional(), max_drawdown_pct: z.number().nullable().optional() })
      .optional(),
    sample: z
      .strictObject({ n: z.int().min(1), seed: z.int().min(0).optional() })
      .nullable()
      .optional()
      .describe('score so many base variants, drawn by the seed, instead of all'),
    validation: z
      .union([
        z.strictObject({ mode: z.literal('holdout'), fraction: z.number().gt(0).lt(1) }),
        z.strictObject({
          mode: z.literal('walk_forward'),
          folds: z.int().min(2).max(100),
          train_fraction: z.number().gt(0).lt(1),
        }),
      ])
      .nullable()
      .optional()
      .describe('judge what the search keeps on bars it does not see: the last fraction, or those after each fold'),
    name: z.string().max(200).nullable().optional(),
    priority: z.int().min(-100).max(100).optional(),
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

/** The schema of such a body is there for the document: the gate tells more, and all of it at once. */
export const allButBodies: typeof validatorCompiler = (part) =>
  part.httpPart === 'body' ? (body: unknown) => ({ value: body }) : validatorCompiler(part);
