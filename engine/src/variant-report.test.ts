import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSpec } from './gate/parse-spec.ts';
import { buildGrid, valuesAt } from './grid/grid.ts';
import { random } from './grid/random.ts';
import type { Payload } from './grid/variant.ts';
import { SpecError } from './problems.ts';
import type { VariantRow } from './scoring/finalize.ts';
import { search } from './search.ts';
import { HOUR_MS, type Spec } from './spec.ts';
import { randomCandles } from './testing/candles.ts';
import { randomSpec } from './testing/random-specs.ts';
import { variantReport, type Which } from './variant-report.ts';

const BARS = 400;
const CANDLES = randomCandles(8, BARS, { stepMs: HOUR_MS, volatility: 0.012 });
const ROUNDS = 60;

async function rowsOf(spec: Spec): Promise<{ rows: readonly VariantRow[]; ledger: object }> {
  for await (const { result } of search(CANDLES, spec)) if (result !== null) return result;
  return assert.fail('no result');
}

/** The part of a report that a row has too; the table of a row is that of the report. */
function asRow(spec: Spec, row: VariantRow, which: Which): Partial<VariantRow> & { readonly rows: number } {
  const { variant_key, metrics, payload, trades, table_md, rows } = variantReport(CANDLES, spec, which);
  const table = ['|Metric|Value|', '|---|---|', ...rows.map(({ metric, value }) => `|${metric}|${value}|`)].join('\n');
  assert.equal(table, table_md);
  return { ...row, variant_key, metrics, payload, trades, report_table_md: table_md, rows: rows.length };
}

test('by index and by payload the report of a kept variant is the row of the search, bit for bit', async () => {
  let compared = 0;
  for (let seed = 0; seed < ROUNDS; seed += 1) {
    const spec = { ...randomSpec(random(seed), BARS), top_trades_n: 3 };
    const { rows, ledger } = await rowsOf(spec);
    for (const row of rows.slice(0, 3)) {
      const stored = JSON.parse(JSON.stringify(row.payload)) as Payload;
      for (const which of [{ variant_index: row.variant_index }, { payload: stored }]) {
        assert.deepEqual(asRow(spec, row, which), { ...row, rows: 25 }, `seed ${seed}`);
        assert.deepEqual(variantReport(CANDLES, spec, which).ledger, ledger);
      }
      compared += 1;
    }
  }
  assert.ok(compared > 100, `${compared} variants`);
});

const values = (...list: readonly (number | string)[]) => ({ mode: 'explicit', values: list });

function specWith(template: object): Spec {
  return parseSpec({
    time_range: { start: '2024-01-04T00:00:00Z', end: '2024-01-15T00:00:00Z' },
    luck: 0,
    warmup_bars: 60,
    template: { instrument_id: { market_id: 1, symbol: 'TEST' }, timeframe: '1h', ...template },
  });
}

const MACD = specWith({
  indicator_grids: [
    { indicator_id: 'momentum.macd', params: { fast_window: values(5, 12, 30), slow_window: values(9, 26) } },
    { indicator_id: 'ma.sma', source: 'hl2', params: { window: 9 } },
  ],
  risk_grid: { sl: values('off', 2), tp: values(3), trigger: 'intrabar' },
});

function problemsOf(work: () => unknown): string[] {
  try {
    work();
  } catch (error) {
    if (error instanceof SpecError) return error.problems.map(({ path, code }) => `${path} ${code}`);
    throw error;
  }
  return [];
}

test('the series of a variant: one row a bar, or as few points as asked for', () => {
  const full = variantReport(CANDLES, MACD, { variant_index: 1 });
  const bars = 11 * 24;
  for (const column of Object.values(full.series)) assert.equal(column.length, bars);
  assert.equal(full.ledger.target_bars, bars);
  assert.equal(full.series.time[bars - 1], Date.parse(full.ledger.last_target));
  const { series, ...few } = variantReport(CANDLES, MACD, { variant_index: 1 }, { points: 20 });
  assert.ok(series.time.length <= 20 && series.time.length > 4);
  assert.equal(Math.max(...series.equity), Math.max(...full.series.equity));
  assert.deepEqual({ ...few, series: full.series }, full);
  for (const points of [3, 4.5, NaN]) {
    assert.deepEqual(
      problemsOf(() => variantReport(CANDLES, MACD, { variant_index: 1 }, { points })),
      ['points invalid_value'],
    );
  }
});

test('a variant that no search would keep has a report: without trades, and outside a sample', () => {
  const spec = { ...specWith({ rules: { long: 'close < 0' } }), sample: { n: 1, seed: 0 } };
  const { trades, metrics, rows } = variantReport(CANDLES, spec, { variant_index: 0 });
  assert.deepEqual([trades.length, metrics.num_trades, metrics.win_rate_pct], [0, 0, null]);
  assert.equal(rows.find(({ metric }) => metric === 'Win Rate [%]')?.value, 'N/A');
});

test('an index that is no variant', () => {
  const grid = buildGrid(MACD);
  const total = grid.rawTotal * grid.riskTotal;
  for (let index = 0; index < total; index += 1) {
    const problems = problemsOf(() => variantReport(CANDLES, MACD, { variant_index: index }));
    const excluded = valuesAt(grid, Math.floor(index / grid.riskTotal)) === null;
    assert.deepEqual(problems, excluded ? ['variant_index no_such_variant'] : [], `${index}`);
  }
  for (const index of [-1, total, 0.5, NaN, Infinity]) {
    assert.deepEqual(
      problemsOf(() => variantReport(CANDLES, MACD, { variant_index: index })),
      ['variant_index no_such_variant'],
    );
  }
});

const PAYLOAD = variantReport(CANDLES, MACD, { variant_index: 1 }).payload;
const [SMA, MACD_PART] = PAYLOAD.indicator_selections;

test('a payload need not be of the grid, nor of its way to write signals', () => {
  const rules = { rules: { long: 'close > sma(close, n)', short: null, exit_long: null, exit_short: null } };
  const { payload } = variantReport(CANDLES, specWith({ ...rules, params: { n: 7 } }), { variant_index: 0 });
  const there = variantReport(CANDLES, MACD, { payload });
  assert.deepEqual(there.payload, payload);
  assert.equal(there.variant_index, null);
  assert.ok(there.trades.length > 0);
  const longer = { ...PAYLOAD, indicator_selections: [{ ...SMA, params: { window: 33 } }, MACD_PART] };
  assert.deepEqual(variantReport(CANDLES, MACD, { payload: longer }).payload, longer);
});

test('what is off need not be said', () => {
  const off = variantReport(CANDLES, MACD, { variant_index: 0 }).payload;
  const { tp_enabled, tp_pct, trigger } = off.risk_params;
  const { rules: _, params: __, ...short } = off;
  const payload = { ...short, risk_params: { tp_enabled, tp_pct, trigger } };
  assert.deepEqual(variantReport(CANDLES, MACD, { payload }).payload, off);
});

test('a payload that does not fit: every problem with its path', () => {
  const { direction_mode: _, ...noDirection } = PAYLOAD;
  const { fee_pct: __, ...noFee } = PAYLOAD.execution_params;
  const risk = (changes: object) => ({ ...PAYLOAD, risk_params: { ...PAYLOAD.risk_params, ...changes } });
  const sma = (changes: object) => ({ ...PAYLOAD, indicator_selections: [MACD_PART, { ...SMA, ...changes }] });
  const cases: readonly (readonly [unknown, readonly string[]])[] = [
    [undefined, ['payload required']],
    [7, ['payload invalid_type']],
    [[], ['payload invalid_type']],
    [{}, ['payload.indicator_selections required']],
    [noDirection, ['payload.direction_mode required']],
    [{ ...PAYLOAD, note: 1 }, ['payload.note unknown_field']],
    [{ ...PAYLOAD, direction_mode: 'up' }, ['payload.direction_mode invalid_value']],
    [{ ...PAYLOAD, execution_params: noFee }, ['payload.execution_params.fee_pct required']],
    [{ ...PAYLOAD, execution_params: { ...noFee, fee_pct: -1 } }, ['payload.execution_params.fee_pct invalid_value']],
    [
      { ...PAYLOAD, signal_params: {} },
      ['payload.signal_params.ma.sma required', 'payload.signal_params.momentum.macd required'],
    ],
    [
      { ...PAYLOAD, signal_params: { 'ma.sma': { inverted: 2 } } },
      ['payload.signal_params.ma.sma.inverted invalid_value'],
    ],
    [
      { ...PAYLOAD, indicator_selections: 'sma' },
      [
        'payload.indicator_selections invalid_type',
        'payload.signal_params.ma.sma unused_indicator',
        'payload.signal_params.momentum.macd unused_indicator',
      ],
    ],
    [sma({ params: { window: values(3, 4) } }), ['payload.indicator_selections[1].params.window invalid_type']],
    [
      sma({ params: { window: 0, x: 1 } }),
      [
        'payload.indicator_selections[1].params.window invalid_value',
        'payload.indicator_selections[1].params.x unknown_field',
      ],
    ],
    [sma({ params: {} }), ['payload.indicator_selections[1].params.window required']],
    [sma({ inputs: {} }), ['payload.indicator_selections[1].inputs.source required']],
    [sma({ inputs: { source: 'price' } }), ['payload.indicator_selections[1].inputs.source invalid_value']],
    [sma({ inputs: 5 }), ['payload.indicator_selections[1].inputs invalid_type']],
    [
      sma({ indicator_id: 'ma.smaa' }),
      [
        'payload.indicator_selections[1].indicator_id unknown_indicator',
        'payload.signal_params.ma.sma unused_indicator',
      ],
    ],
    [risk({ sl_pct: null, sl_enabled: true }), ['payload.risk_params.sl_pct required']],
    [risk({ tp_pct: -3 }), ['payload.risk_params.tp_pct invalid_value']],
    [risk({ trail_enabled: true }), ['payload.risk_params.trail_pct required']],
    [
      risk({ trail_enabled: 'yes' }),
      ['payload.risk_params.trail_enabled invalid_type', 'payload.risk_params.trail_pct required'],
    ],
    [
      risk({ max_bars_enabled: true, max_bars: 1.5, tap: 1 }),
      ['payload.risk_params.max_bars invalid_value', 'payload.risk_params.tap unknown_field'],
    ],
    [
      { ...PAYLOAD, rules: { long: 'close >' } },
      ['payload.indicator_selections conflict', 'payload.rules.long invalid_rule', 'payload.signal_params conflict'],
    ],
    [
      { ...PAYLOAD, indicator_selections: [SMA, { ...MACD_PART, params: { ...MACD_PART?.params, fast_window: 99 } }] },
      ['payload.indicator_selections[1].params no_valid_combination'],
    ],
  ];
  for (const [payload, expected] of cases) {
    assert.deepEqual(
      problemsOf(() => variantReport(CANDLES, MACD, { payload })),
      expected,
      JSON.stringify(payload),
    );
  }
});
