// Every rule of the gate: what it accepts, what it fills in, and each thing it refuses with the path it names.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULTS, type Defaults } from '../defaults.ts';
import { estimate } from '../estimate/cost.ts';
import { buildGrid } from '../grid/grid.ts';
import { CATALOGUE } from '../indicators/catalogue.ts';
import { requestHash, requestJson } from '../spec.ts';
import { errorOf, indicatorTemplate, problemsOf, specInput } from '../testing/specs.ts';
import { parseSpec } from './parse-spec.ts';

const RSI = 'template.indicator_grids[0]';
const values = (...list: readonly unknown[]) => ({ mode: 'explicit', values: list });
const range = (start: number, stop_incl: number, step = 1) => ({ mode: 'range', start, stop_incl, step });
const window = (axis: unknown) => ({ indicator_grids: [{ indicator_id: 'momentum.rsi', params: { window: axis } }] });
const signal = (grid: object) => ({ signal_grids: { 'momentum.rsi': grid } });
const macd = (params: object, signals: object = {}) => ({
  indicator_grids: [{ indicator_id: 'momentum.macd', params }],
  signal_grids: { 'momentum.macd': signals },
});
const guards = (change: Partial<Defaults['guards']>): Defaults => ({
  ...DEFAULTS,
  guards: { ...DEFAULTS.guards, ...change },
});

test('what a user leaves out is filled in', () => {
  const spec = parseSpec(specInput());
  assert.deepEqual(spec, {
    time_range: { start: '2024-01-01T00:00:00.000Z', end: '2024-01-31T00:00:00.000Z' },
    template: {
      instrument_id: { market_id: 1, symbol: 'BTCUSDT' },
      timeframe: '1h',
      indicator_grids: [
        { indicator_id: 'ma.sma', source: values('close'), params: { window: values(50, 20) } },
        { indicator_id: 'momentum.rsi', source: values('close'), params: { window: range(10, 14, 2) } },
      ],
      signal_grids: {
        'ma.sma': { inverted: values(0) },
        'momentum.rsi': { long_threshold: values(30), short_threshold: values(70) },
      },
      direction_mode: 'long-short',
      sizing_mode: 'all_in',
      execution: {
        init_cash_quote: 10_000,
        fee_pct: 0.075,
        slippage_pct: 0.01,
        fixed_quote: 100,
        equity_percent: 100,
        safe_profit_percent: 30,
        fill: 'close',
      },
      risk_grid: {
        sl: values('off'),
        tp: values('off'),
        trail: values('off'),
        max_bars: values('off'),
        trigger: 'close',
      },
    },
    warmup_bars: 201, // RSI of 14: 14 bars to its first value, 187 until its start is forgotten
    top_k: 300,
    preselect: 20_000,
    top_trades_n: 3,
    ranking: { primary_metric: 'total_return_pct', secondary_metric: null },
    filters: { min_trades: null, max_drawdown_pct: null },
    sample: null,
    luck: { permutations: 0, variants: 0 },
    validation: null,
    runtime: { calendar: 'continuous', periods_per_year: 365, top_k_persisted: 300 },
    name: null,
    priority: 0,
  });
});

test('the market decides fee and calendar', () => {
  const { template, runtime } = parseSpec(specInput({}, { instrument_id: { market_id: 5, symbol: '^GSPC' } }));
  assert.equal(template.execution.fee_pct, 0.02);
  assert.deepEqual(runtime, { calendar: 'session', periods_per_year: 252, top_k_persisted: 300 });
});

test('a template that names only an indicator runs', () => {
  const template = indicatorTemplate(specInput({}, { indicator_grids: [{ indicator_id: 'momentum.macd' }] }));
  assert.deepEqual(Object.keys(template.indicator_grids[0].params), ['fast_window', 'slow_window', 'signal_window']);
});

test('an effective spec without its runtime gives itself', () => {
  const inputs = [
    specInput(),
    specInput(
      { name: 'Größe 😀', priority: -3, filters: { min_trades: 5 } },
      { risk_grid: { sl_pct: 3, tp: range(1, 2, 0.5) } },
    ),
    specInput({ ranking: { primary_metric: 'sharpe', secondary_metric: 'sqn' } }, macd({}, { rule: 'macd_vs_signal' })),
    specInput({ ranking: { primary_metric: 'sharpe', plateau: 2 } }),
  ];
  for (const input of inputs) {
    const { runtime, ...fields } = parseSpec(input);
    const again = parseSpec(JSON.parse(JSON.stringify(fields)));
    assert.deepEqual(again, { ...fields, runtime });
    assert.deepEqual(JSON.parse(JSON.stringify(requestJson(again))), requestJson(again), 'plain JSON');
  }
});

test('a ranking by plateaus needs the whole grid and no second metric', () => {
  const byTwo = { ...DEFAULTS, ranking: { primary_metric: 'sharpe', secondary_metric: 'sqn' } as const };
  const { ranking } = parseSpec(specInput({ ranking: { plateau: 1 } }), byTwo);
  assert.deepEqual(ranking, { primary_metric: 'sharpe', secondary_metric: null, plateau: 1 });
  const without = parseSpec(specInput({ ranking: { primary_metric: 'sharpe', plateau: null } }), byTwo);
  assert.deepEqual(without.ranking, { primary_metric: 'sharpe', secondary_metric: 'sqn' });

  const wrong = { ranking: { plateau: 1, secondary_metric: 'sqn' }, sample: { n: 5 } };
  assert.deepEqual(problemsOf(specInput(wrong)), ['ranking.plateau conflict', 'ranking.secondary_metric conflict']);
  for (const plateau of [0, 51, 1.5]) {
    assert.deepEqual(problemsOf(specInput({ ranking: { plateau } })), ['ranking.plateau invalid_value']);
  }
  const large = {
    indicator_grids: undefined,
    rules: { long: 'close > a * b' },
    params: { a: range(2, 5000), b: range(2, 5000) },
  };
  const most = guards({ max_variants_per_compute: 30_000_000, max_compute_bytes_total: 2 ** 40 });
  assert.deepEqual(problemsOf(specInput({ ranking: { plateau: 1 } }, large), most), [
    'ranking.plateau too_many_variants',
  ]);
  const bytes = (plateau: number | null): number => {
    const spec = parseSpec(
      specInput({ ranking: { plateau } }, { ...large, params: { a: range(2, 999), b: range(2, 999) } }),
    );
    return estimate(spec, buildGrid(spec)).bytes;
  };
  assert.ok(bytes(1) - bytes(null) >= 998 * 998 * 32, 'the column of scores and the boxes are estimated');
});

test('a bare value is an axis of one', () => {
  const template = indicatorTemplate(specInput({}, { ...window(9), ...signal({ long_threshold: 20.5 }) }));
  assert.deepEqual(template.indicator_grids[0].params.window, values(9));
  assert.deepEqual(template.signal_grids['momentum.rsi'].long_threshold, values(20.5));
});

test('-0 is 0', () => {
  const template = indicatorTemplate(specInput({}, signal({ long_threshold: -0, short_threshold: values(-0, 1) })));
  assert.deepEqual(template.signal_grids['momentum.rsi'], { long_threshold: values(0), short_threshold: values(0, 1) });
});

const stopsOf = (risk: object) => {
  const { sl, tp } = parseSpec(specInput({}, { risk_grid: risk })).template.risk_grid;
  return [sl, tp];
};

test('stops: an axis or a percentage switches one on, enabled: false off', () => {
  const off = values('off');
  assert.deepEqual(stopsOf({ sl: 3, tp: values('off', 2) }), [values(3), values('off', 2)]);
  assert.deepEqual(stopsOf({ sl_pct: 3, tp_pct: 150 }), [values(3), values(150)]);
  assert.deepEqual(stopsOf({ sl_enabled: true, sl_pct: 3, tp_enabled: false, tp: range(1, 5) }), [values(3), off]);
  assert.deepEqual(stopsOf({ sl_enabled: false, sl_pct: null, tp_enabled: false, tp_pct: null }), [off, off]);
  assert.deepEqual(stopsOf({}), [off, off]);
});

test('off, false and null are one value of a risk axis, with one hash', () => {
  const hashOf = (off: unknown) => {
    const axis = { mode: 'explicit', values: [off, 2] };
    const spec = parseSpec(specInput({}, { risk_grid: { sl: axis, tp: off, trail: axis, max_bars: off } }));
    assert.deepEqual(spec.template.risk_grid.sl, values('off', 2));
    assert.deepEqual(spec.template.risk_grid.max_bars, values('off'));
    return requestHash(spec);
  };
  assert.equal(new Set(['off', false, null].map(hashOf)).size, 1);
  assert.deepEqual(problemsOf(specInput({}, { risk_grid: { sl: values('off', false, null) } })), [
    'template.risk_grid.sl.values[1] duplicate_value',
    'template.risk_grid.sl.values[2] duplicate_value',
  ]);
  // Elsewhere they are no values.
  assert.deepEqual(problemsOf(specInput({}, signal({ long_threshold: false }))), [
    'template.signal_grids.momentum.rsi.long_threshold invalid_type',
  ]);
});

test('trailing stops and most bars are axes', () => {
  const { trail, max_bars } = parseSpec(
    specInput({}, { risk_grid: { trail: range(0.5, 2, 0.5), max_bars: values('off', 1, 20) } }),
  ).template.risk_grid;
  assert.deepEqual([trail, max_bars], [range(0.5, 2, 0.5), values('off', 1, 20)]);
});

const read = (start: string, end: string) => parseSpec(specInput({ time_range: { start, end } })).time_range;

test('instants of any zone become UTC', () => {
  assert.deepEqual(read('2024-01-01T02:00:00+02:00', '2024-03-01T00:00:00.5-05:30'), {
    start: '2024-01-01T00:00:00.000Z',
    end: '2024-03-01T05:30:00.500Z',
  });
  assert.deepEqual(read('2024-01-01 00:00Z', '2024-02-29T23:59:59.123000z'), {
    start: '2024-01-01T00:00:00.000Z',
    end: '2024-02-29T23:59:59.123Z',
  });
});

/** Fields of the spec, fields of its template, and the problems they are, as `path code`. */
const REFUSED: readonly (readonly [title: string, fields: object, template: object, ...problems: readonly string[]])[] =
  [
    ['unknown fields', { topk: 3 }, { timefram: '1h' }, 'template.timefram unknown_field', 'topk unknown_field'],
    ['runtime is not for users', { runtime: {} }, {}, 'runtime unknown_field'],
    [
      'a validation of no kind',
      { validation: { fold: 3 } },
      {},
      'validation.fold unknown_field',
      'validation.mode required',
    ],
    [
      'a validation of an unknown kind',
      { validation: { mode: 'walkforward', folds: 3, train_fraction: 0.6 } },
      {},
      'validation.mode invalid_value',
    ],
    [
      'a holdout of nothing',
      { validation: { mode: 'holdout', fraction: 0, folds: 2 } },
      {},
      'validation.folds unknown_field',
      'validation.fraction invalid_value',
    ],
    [
      'a holdout of everything',
      { validation: { mode: 'holdout', fraction: 1 } },
      {},
      'validation.fraction invalid_value',
    ],
    ['a holdout of one bar', { validation: { mode: 'holdout', fraction: 0.001 } }, {}, 'validation too_few_bars'],
    [
      'a walk of nothing',
      { validation: { mode: 'walk_forward', fraction: 0.5 } },
      {},
      'validation.folds required',
      'validation.fraction unknown_field',
      'validation.train_fraction required',
    ],
    [
      'a walk of one fold',
      { validation: { mode: 'walk_forward', folds: 1, train_fraction: 1 } },
      {},
      'validation.folds invalid_value',
      'validation.train_fraction invalid_value',
    ],
    [
      'a walk with too little to judge on',
      { validation: { mode: 'walk_forward', folds: 100, train_fraction: 0.999 } },
      {},
      'validation too_few_bars',
    ],
    ['overrides of no strategy', { overrides: {} }, {}, 'overrides conflict'],
    ['a sample of nothing', { sample: {} }, {}, 'sample.n required'],
    ['a sample', { sample: { n: 0, seed: -1 } }, {}, 'sample.n invalid_value', 'sample.seed invalid_value'],
    ['rules beside indicators', {}, { rules: { long: 'close > open' } }, 'template.indicator_grids conflict'],
    [
      'parameters without rules',
      {},
      { params: { x: 1 }, constraints: [] },
      'template.constraints conflict',
      'template.params conflict',
    ],

    ['no time range', { time_range: undefined }, {}, 'time_range required'],
    ['half a time range', { time_range: { start: '2024-01-01T00:00:00Z' } }, {}, 'time_range.end required'],
    [
      'no zone',
      { time_range: { start: '2024-01-01T00:00:00', end: '2024-01-31' } },
      {},
      'time_range.end zone_required',
      'time_range.start zone_required',
    ],
    [
      'no such day',
      { time_range: { start: '2023-02-29T00:00:00Z', end: '2024-13-01T00:00:00Z' } },
      {},
      'time_range.end invalid_time',
      'time_range.start invalid_time',
    ],
    [
      'no such time',
      { time_range: { start: '2024-01-01T24:00:00Z', end: '2024-01-31T00:00:00+25:00' } },
      {},
      'time_range.end invalid_time',
      'time_range.start invalid_time',
    ],
    [
      'not an instant',
      { time_range: { start: 'yesterday', end: 1706659200000 } },
      {},
      'time_range.end invalid_type',
      'time_range.start invalid_time',
    ],
    [
      'start after end',
      { time_range: { start: '2024-02-01T00:00:00Z', end: '2024-01-01T00:00:00Z' } },
      {},
      'time_range start_not_before_end',
    ],
    [
      'start at end',
      { time_range: { start: '2024-01-01T00:00:00Z', end: '2024-01-01T00:00:00Z' } },
      {},
      'time_range start_not_before_end',
    ],
    [
      'no whole bar',
      { time_range: { start: '2024-01-01T00:01:00Z', end: '2024-01-01T01:59:00Z' } },
      {},
      'time_range no_bar_in_range',
    ],

    ['no template', { template: undefined }, {}, 'template required'],
    ['a template of another type', { template: 'x' }, {}, 'template invalid_type'],
    ['no instrument', {}, { instrument_id: undefined }, 'template.instrument_id required'],
    [
      'half an instrument',
      {},
      { instrument_id: {} },
      'template.instrument_id.market_id required',
      'template.instrument_id.symbol required',
    ],
    [
      'unknown market',
      {},
      { instrument_id: { market_id: 77, symbol: 'X' } },
      'template.instrument_id.market_id unknown_market',
    ],
    [
      'a market by a name of Object',
      {},
      { instrument_id: { market_id: 'toString', symbol: 'X' } },
      'template.instrument_id.market_id invalid_type',
    ],
    ['unknown timeframe', {}, { timeframe: '7m' }, 'template.timeframe unknown_timeframe'],
    ['no timeframe', {}, { timeframe: undefined }, 'template.timeframe required'],

    ['no indicators', {}, { indicator_grids: undefined }, 'template.indicator_grids required'],
    ['an empty list of indicators', {}, { indicator_grids: [] }, 'template.indicator_grids empty_list'],
    ['no list of indicators', {}, { indicator_grids: {} }, 'template.indicator_grids invalid_type'],
    [
      'no indicator',
      {},
      { indicator_grids: [{}, 3] },
      `${RSI}.indicator_id required`,
      'template.indicator_grids[1] invalid_type',
    ],
    [
      'unknown indicator',
      {},
      { indicator_grids: [{ indicator_id: 'momentum.rsy' }] },
      `${RSI}.indicator_id unknown_indicator`,
    ],
    [
      'duplicate indicator',
      {},
      { indicator_grids: [{ indicator_id: 'ma.sma' }, { indicator_id: 'ma.sma' }] },
      'template.indicator_grids[1].indicator_id duplicate_indicator',
    ],
    [
      'unknown parameter',
      {},
      { indicator_grids: [{ indicator_id: 'ma.sma', params: { windw: 3 } }] },
      `${RSI}.params.windw unknown_field`,
    ],
    [
      'a source it does not have',
      {},
      { indicator_grids: [{ indicator_id: 'volatility.atr', source: 'close' }] },
      `${RSI}.source unknown_field`,
    ],
    [
      'unknown source',
      {},
      { indicator_grids: [{ indicator_id: 'ma.sma', source: values('close', 'hl3') }] },
      `${RSI}.source.values[1] invalid_value`,
    ],
    [
      'params of another type',
      {},
      { indicator_grids: [{ indicator_id: 'ma.sma', params: [] }] },
      `${RSI}.params invalid_type`,
    ],

    ['out of bounds', {}, window(1), `${RSI}.params.window invalid_value`],
    [
      'out of bounds in a list',
      {},
      window(values(2, 2001, 14, 1)),
      `${RSI}.params.window.values[1] invalid_value`,
      `${RSI}.params.window.values[3] invalid_value`,
    ],
    [
      'out of bounds at both ends of a range',
      {},
      window(range(1, 2001)),
      `${RSI}.params.window.start invalid_value`,
      `${RSI}.params.window.stop_incl invalid_value`,
    ],
    ['not whole', {}, window(2.5), `${RSI}.params.window invalid_value`],
    ['not whole inside a range', {}, window(range(2, 4, 0.5)), `${RSI}.params.window invalid_value`],
    [
      'zero inside a range',
      {},
      {
        indicator_grids: [{ indicator_id: 'volatility.atr' }],
        signal_grids: { 'volatility.atr': { long_delta_periods: range(-2, 2) } },
      },
      'template.signal_grids.volatility.atr.long_delta_periods invalid_value',
    ],
    ['numbers as text', {}, window('14'), `${RSI}.params.window invalid_value`],
    [
      'no number at all',
      {},
      window(values(null, true, [2])),
      `${RSI}.params.window.values[0] invalid_type`,
      `${RSI}.params.window.values[1] invalid_type`,
      `${RSI}.params.window.values[2] invalid_type`,
    ],
    ['an infinite number', {}, window(Infinity), `${RSI}.params.window invalid_value`],
    ['empty axis', {}, window(values()), `${RSI}.params.window.values empty_axis`],
    ['a list without its mode', {}, window([2, 3]), `${RSI}.params.window invalid_type`],
    ['an axis without a mode', {}, window({ values: [2] }), `${RSI}.params.window.mode required`],
    ['an axis of another mode', {}, window({ mode: 'list', values: [2] }), `${RSI}.params.window.mode invalid_value`],
    ['fields of the other mode', {}, window({ ...values(2), step: 1 }), `${RSI}.params.window.step unknown_field`],
    [
      'values that are no list',
      {},
      window({ mode: 'explicit', values: 3 }),
      `${RSI}.params.window.values invalid_type`,
    ],
    ['no values', {}, window({ mode: 'explicit' }), `${RSI}.params.window.values required`],
    ['a null axis', {}, window(null), `${RSI}.params.window invalid_type`],
    [
      'duplicate values',
      {},
      window(values(5, 3, 5, 3)),
      `${RSI}.params.window.values[2] duplicate_value`,
      `${RSI}.params.window.values[3] duplicate_value`,
    ],
    [
      'half a range',
      {},
      window({ mode: 'range', start: 2 }),
      `${RSI}.params.window.step required`,
      `${RSI}.params.window.stop_incl required`,
    ],
    ['a step of zero', {}, window(range(2, 4, 0)), `${RSI}.params.window.step invalid_value`],
    ['a step backwards', {}, window(range(4, 2, -1)), `${RSI}.params.window.step invalid_value`],
    ['a range without values', {}, window(range(4, 2)), `${RSI}.params.window empty_axis`],
    [
      'a range too fine',
      {},
      signal({ long_threshold: range(0, 1, 1e-16) }),
      'template.signal_grids.momentum.rsi.long_threshold too_precise',
    ],
    [
      'a range too long',
      {},
      signal({ long_threshold: range(0, 100, 0.0001) }),
      'template.signal_grids.momentum.rsi.long_threshold too_many_values',
    ],

    [
      'signals of an unknown indicator',
      {},
      { signal_grids: { 'ma.smu': {} } },
      'template.signal_grids.ma.smu unknown_indicator',
    ],
    [
      'signals of an unused indicator',
      {},
      { signal_grids: { 'volatility.atr': {} } },
      'template.signal_grids.volatility.atr unused_indicator',
    ],
    [
      'unknown signal parameter',
      {},
      signal({ threshold: 3 }),
      'template.signal_grids.momentum.rsi.threshold unknown_field',
    ],
    [
      'signal out of bounds',
      {},
      signal({ long_threshold: 101 }),
      'template.signal_grids.momentum.rsi.long_threshold invalid_value',
    ],
    ['unknown rule', {}, macd({}, { rule: 'signs' }), 'template.signal_grids.momentum.macd.rule invalid_value'],
    [
      'names of Object are not parameters',
      {},
      signal(JSON.parse('{"__proto__": 1, "constructor": 2}')),
      'template.signal_grids.momentum.rsi.__proto__ unknown_field',
      'template.signal_grids.momentum.rsi.constructor unknown_field',
    ],

    [
      'no effect: a parameter of an output no rule reads',
      {},
      macd({ signal_window: values(9, 10) }),
      `${RSI}.params.signal_window no_effect`,
    ],
    [
      'no effect: a signal parameter of no rule in use',
      {},
      {
        indicator_grids: [{ indicator_id: 'volatility.bbands' }],
        signal_grids: { 'volatility.bbands': { rule: 'band_touch', inverted: values(0, 1) } },
      },
      'template.signal_grids.volatility.bbands.inverted no_effect',
    ],
    [
      'no effect: mult under a rule on the middle band',
      {},
      { indicator_grids: [{ indicator_id: 'volatility.bbands', params: { mult: range(1, 3) } }] },
      `${RSI}.params.mult no_effect`,
    ],
    ['fast not below slow', {}, macd({ fast_window: 26, slow_window: 12 }), `${RSI}.params no_valid_combination`],
    [
      'fast never below slow',
      {},
      macd({ fast_window: range(30, 40), slow_window: range(10, 30) }),
      `${RSI}.params no_valid_combination`,
    ],

    [
      'unknown modes',
      {},
      { direction_mode: 'long', sizing_mode: null },
      'template.direction_mode invalid_value',
      'template.sizing_mode invalid_value',
    ],
    [
      'execution at its lower bounds',
      {},
      {
        execution: {
          init_cash_quote: 0,
          fee_pct: -1,
          slippage_pct: -1,
          fixed_quote: 0,
          equity_percent: 0,
          safe_profit_percent: -1,
          fill: 'open',
        },
      },
      'template.execution.equity_percent invalid_value',
      'template.execution.fee_pct invalid_value',
      'template.execution.fill invalid_value',
      'template.execution.fixed_quote invalid_value',
      'template.execution.init_cash_quote invalid_value',
      'template.execution.safe_profit_percent invalid_value',
      'template.execution.slippage_pct invalid_value',
    ],
    [
      'execution at its upper bounds',
      {},
      {
        execution: {
          init_cash_quote: NaN,
          fee_pct: 100,
          slippage_pct: 100,
          equity_percent: 101,
          safe_profit_percent: 101,
        },
      },
      'template.execution.equity_percent invalid_value',
      'template.execution.fee_pct invalid_value',
      'template.execution.init_cash_quote invalid_value',
      'template.execution.safe_profit_percent invalid_value',
      'template.execution.slippage_pct invalid_value',
    ],
    [
      'execution of other types',
      {},
      { execution: { fee_pct: '0.1', leverage: 2 } },
      'template.execution.fee_pct invalid_type',
      'template.execution.leverage unknown_field',
    ],
    [
      'stops out of bounds',
      {},
      { risk_grid: { sl: values(0, 100, 'off', 'on'), tp: 0 } },
      'template.risk_grid.sl.values[0] invalid_value',
      'template.risk_grid.sl.values[1] invalid_value',
      'template.risk_grid.sl.values[3] invalid_value',
      'template.risk_grid.tp invalid_value',
    ],
    [
      'trailing stops and times out of bounds',
      {},
      { risk_grid: { trail: values('off', 0, 100), max_bars: range(0.5, 2, 0.5), trail_pct: 3 } },
      'template.risk_grid.max_bars.start invalid_value',
      'template.risk_grid.trail.values[1] invalid_value',
      'template.risk_grid.trail.values[2] invalid_value',
      'template.risk_grid.trail_pct unknown_field',
    ],
    [
      'times that are no whole numbers of bars',
      {},
      { risk_grid: { max_bars: range(1, 2, 0.5), trail: true } },
      'template.risk_grid.max_bars invalid_value',
      'template.risk_grid.trail invalid_type',
    ],
    ['two stops', {}, { risk_grid: { sl: 3, sl_pct: 3 } }, 'template.risk_grid.sl_pct conflict'],
    ['a stop enabled and not given', {}, { risk_grid: { tp_enabled: true } }, 'template.risk_grid.tp required'],
    [
      'risk of other types',
      {},
      { risk_grid: { sl_enabled: 'yes', sl_pct: 'off', trigger: 'open' } },
      'template.risk_grid.sl_enabled invalid_type',
      'template.risk_grid.sl_pct invalid_type',
      'template.risk_grid.trigger invalid_value',
    ],
    [
      'a disabled stop is judged too',
      {},
      { risk_grid: { sl_enabled: false, sl: 200 } },
      'template.risk_grid.sl invalid_value',
    ],

    [
      'sizes',
      { warmup_bars: -1, top_k: 0, preselect: 1.5, top_trades_n: '3' },
      {},
      'preselect invalid_value',
      'top_k invalid_value',
      'top_trades_n invalid_type',
      'warmup_bars invalid_value',
    ],
    ['null is no size', { top_k: null }, {}, 'top_k invalid_type'],
    [
      'ranking',
      { ranking: { primary_metric: 'profit', secondary_metric: 3, third: 1 } },
      {},
      'ranking.primary_metric invalid_value',
      'ranking.secondary_metric invalid_value',
      'ranking.third unknown_field',
    ],
    [
      'filters',
      { filters: { min_trades: -1, max_drawdown_pct: '10', max_trades: 3 } },
      {},
      'filters.max_drawdown_pct invalid_type',
      'filters.max_trades unknown_field',
      'filters.min_trades invalid_value',
    ],
    ['name and priority', { name: 'x'.repeat(201), priority: 101 }, {}, 'name invalid_value', 'priority invalid_value'],
    ['a name no database takes', { name: 'a\0b', priority: 0.5 }, {}, 'name invalid_value', 'priority invalid_value'],
    ['half a character', { name: '\ud83d', priority: -101 }, {}, 'name invalid_value', 'priority invalid_value'],
  ];

for (const [title, fields, template, ...problems] of REFUSED) {
  test(`refused: ${title}`, () => assert.deepEqual(problemsOf(specInput(fields, template)), problems));
}

test('what is no spec at all', () => {
  assert.deepEqual(problemsOf(undefined), [' required']);
  for (const input of [null, 3, 'spec', []]) assert.deepEqual(problemsOf(input), [' invalid_type']);
  assert.deepEqual(problemsOf({}), ['template required', 'time_range required']);
});

test('everything wrong is said at once, sorted by path', () => {
  const input = specInput(
    { priority: 1000, time_range: { start: '2024-01-01', end: '2023-01-01T00:00:00Z' } },
    {
      instrument_id: { market_id: 1, symbol: '..' },
      indicator_grids: [
        { indicator_id: 'momentum.macd', params: { fast_window: 26, slow_window: 12 } },
        { indicator_id: 'rsi' },
        { indicator_id: 'ma.sma', params: { window: values(2, 2) } },
      ],
      execution: { fee_pct: 100 },
    },
  );
  assert.deepEqual(problemsOf(input), [
    'priority invalid_value',
    'template.execution.fee_pct invalid_value',
    'template.indicator_grids[0].params no_valid_combination',
    'template.indicator_grids[1].indicator_id unknown_indicator',
    'template.indicator_grids[2].params.window.values[1] duplicate_value',
    'template.instrument_id.symbol invalid_value',
    'time_range.start zone_required',
  ]);
});

test('a grid too large is told besides the faults of other fields', () => {
  const input = specInput({ top_k: 0 }, { ...window(range(2, 101)), execution: { fill: 'never' } });
  assert.deepEqual(problemsOf(input, guards({ max_variants_per_compute: 50 })), [
    'template too_many_variants',
    'template.execution.fill invalid_value',
    'template.risk_grid too_many_variants',
    'top_k invalid_value',
  ]);
});

const messageOf = (fields: object, template: object = {}): string =>
  errorOf(specInput(fields, template)).problems[0].message;

test('messages name the input, the rule and what was probably meant', () => {
  const messages = [
    [
      messageOf({}, { indicator_grids: [{ indicator_id: 'momentum.rsy' }] }),
      /no indicator "momentum.rsy"; did you mean momentum.rsi\?/,
    ],
    [messageOf({}, { indicator_grids: [{ indicator_id: 'rsi' }] }), /did you mean momentum.rsi\?/],
    [messageOf({}, window(2001)), /window must be 2 to 2000, got 2001/],
    [messageOf({ preslect: 3 }), /did you mean preselect\?/],
    [messageOf({}, { execution: { fee_pct: 100 } }), /must be at least 0 and below 100, got 100/],
    [messageOf({}, { risk_grid: { sl: 100 } }), /must be off or above 0 and below 100, got 100/],
    [messageOf({}, macd({ fast_window: 26, slow_window: 12 })), /fast_window 26 must be below slow_window 12/],
    [messageOf({}, { timeframe: '2d' }), /no timeframe "2d"; known are 1m, 3m/],
    [messageOf({ ranking: { primary_metric: 'sharp' } }), /got "sharp"; did you mean sharpe\?/],
  ] as const;
  for (const [message, pattern] of messages) assert.match(message, pattern);
});

test('a thousand problems are listed, more are counted', () => {
  const { problems } = errorOf(specInput({}, window(values(...Array.from({ length: 5000 }, (_, at) => -at)))));
  assert.equal(problems.length, 1001);
  assert.deepEqual(problems[0], { path: '', code: 'more_problems', message: '4000 more problems are not listed' });
});

test('an axis has at most a million values', () => {
  const list = Array.from({ length: 1_000_001 }, (_, at) => at);
  assert.deepEqual(problemsOf(specInput({}, window(values(list)))), [`${RSI}.params.window.values[0] invalid_type`]);
  const { problems } = errorOf(specInput({}, window({ mode: 'explicit', values: list })));
  assert.equal(problems[0].path, `${RSI}.params.window.values`);
  assert.match(problems[0].message, /at most 1000000 values, this one has 1000001/);
});

const named = (id: string) => ({ indicator_grids: [{ indicator_id: id }], signal_grids: { [id]: {} } });

test('aliases are the indicator itself, in grids and in signals', () => {
  for (const { id, aliases } of CATALOGUE) {
    for (const alias of aliases) {
      assert.deepEqual(parseSpec(specInput({}, named(alias))), parseSpec(specInput({}, named(id))));
      const both = {
        indicator_grids: [{ indicator_id: id }, { indicator_id: alias }],
        signal_grids: { [id]: {}, [alias]: {} },
      };
      assert.deepEqual(problemsOf(specInput({}, both)), [
        'template.indicator_grids[1].indicator_id duplicate_indicator',
        `template.signal_grids.${alias} duplicate_indicator`,
      ]);
    }
  }
});

test('an axis that some rule in use reads has an effect', () => {
  const both = macd({ signal_window: values(9, 10) }, { rule: values('sign', 'macd_vs_signal') });
  assert.equal(buildGrid(parseSpec(specInput({}, both))).baseTotal, 4);
});

test('stage_a and stage_b are held to the limit, with the numbers', () => {
  const input = specInput({ preselect: 20 }, { ...window(range(2, 101)), risk_grid: { sl: range(1, 10) } });
  assert.deepEqual(problemsOf(input, guards({ max_variants_per_compute: 199 })), [
    'template.risk_grid too_many_variants',
  ]);
  const { problems } = errorOf(input, guards({ max_variants_per_compute: 99 }));
  assert.deepEqual(
    problems.map(({ message }) => message),
    [
      'stage_a would score 100 variants; the limit (max_variants_per_compute) is 99',
      'stage_b would score 200 variants, 20 shortlisted x 10 risk settings; the limit (max_variants_per_compute) is 99',
    ],
  );
  parseSpec(input, guards({ max_variants_per_compute: 200 }));
});

test('senseless combinations do not count as variants, but the raw product is bounded too', () => {
  const axes = macd({ fast_window: range(2, 11), slow_window: range(2, 11) });
  parseSpec(specInput({}, axes), guards({ max_variants_per_compute: 45 }));
  assert.match(
    errorOf(specInput({}, axes), guards({ max_variants_per_compute: 44 })).message,
    /stage_a would score 45 variants/,
  );
  const { problems } = errorOf(specInput({}, axes), guards({ max_variants_per_compute: 24 }));
  assert.deepEqual(problems, [
    {
      path: 'template',
      code: 'too_many_variants',
      message: 'the axes multiply to 100 combinations; the limit is 96, 4 times max_variants_per_compute',
    },
  ]);
});

test('a product beyond all bounds is refused at once', () => {
  const million = range(0, 99.9999, 0.0001);
  const { problems } = errorOf(specInput({}, signal({ long_threshold: million, short_threshold: million })));
  assert.match(problems[0].message, /multiply to 6000000000000 combinations/);
  const stops = range(0.0001, 99, 0.0001);
  assert.match(errorOf(specInput({}, { risk_grid: { sl: stops, tp: stops } })).message, /stage_b would score/);
});

test('memory is bounded, with the numbers', () => {
  const { problems } = errorOf(specInput(), guards({ max_compute_bytes_total: 1e6 }));
  assert.deepEqual(
    problems.map(({ path, code }) => [path, code]),
    [['template', 'too_much_memory']],
  );
  assert.match(problems[0].message, /about \d+ bytes; the limit \(max_compute_bytes_total\) is 1000000$/);
  const centuries = specInput({ time_range: { start: '0001-01-01T00:00:00Z', end: '9999-01-01T00:00:00Z' } });
  assert.deepEqual(problemsOf(centuries), ['template too_much_memory']);
});

const cost = (fields: object, template: object = {}) => {
  const spec = parseSpec(specInput(fields, template));
  return estimate(spec, buildGrid(spec));
};

test('what a spec will cost', () => {
  const { stage_a_variants, stage_b_variants, total_units, bytes } = cost(
    { preselect: 4, top_k: 7 },
    { risk_grid: { sl: range(1, 5), tp: values('off', 2) } },
  );
  assert.deepEqual([stage_a_variants, stage_b_variants, total_units], [6, 40, 53]);
  assert.ok(bytes > 0 && Number.isInteger(bytes));
  // A year of minutes, a million variants: candles and kept columns, far from a value for each variant and bar.
  const year = { time_range: { start: '2023-01-01T00:00:00Z', end: '2024-01-01T00:00:00Z' } };
  const large = cost(year, {
    timeframe: '1m',
    ...window(range(2, 1001)),
    ...signal({ long_threshold: range(0, 99, 0.1) }),
  });
  assert.ok(large.stage_a_variants > 900_000 && large.bytes < 512 * 2 ** 20, String(large.bytes));
});
