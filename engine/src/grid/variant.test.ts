import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSpec } from '../gate/parse-spec.ts';
import { engineParamsHash, requestHash, requestJson, type Spec } from '../spec.ts';
import { specInput } from '../testing/specs.ts';
import { buildGrid, riskAt, valuesAt } from './grid.ts';
import {
  indicatorVariantKey,
  payloadOf,
  runId,
  specFromPayload,
  variantKey,
  type Payload,
  type Values,
} from './variant.ts';

const values = (...list: readonly (number | string)[]) => ({ mode: 'explicit', values: list });

const SPEC = parseSpec(
  specInput(
    { name: 'mine' },
    {
      indicator_grids: [
        { indicator_id: 'momentum.rsi', params: { window: values(7, 14) } },
        { indicator_id: 'volatility.atr' },
        { indicator_id: 'ma.sma', source: 'hl2', params: { window: values(50, 20) } },
      ],
      signal_grids: { 'momentum.rsi': { long_threshold: values(20, 30) } },
      risk_grid: {
        sl: values('off', 2.5),
        tp: values('off', 4),
        trail: values('off', 1.5),
        max_bars: values('off', 24),
        trigger: 'intrabar',
      },
      direction_mode: 'long-only',
      execution: { fill: 'next_open' },
    },
  ),
);

function valuesOf(spec: Spec, index: number): Values {
  const found = valuesAt(buildGrid(spec), index);
  assert.ok(found);
  return found;
}

function payloadAt(spec: Spec, index: number, risk: number): Payload {
  return payloadOf(spec, valuesOf(spec, index), riskAt(buildGrid(spec), risk));
}

test('a payload has the shape of the API', () => {
  assert.deepEqual(payloadAt(SPEC, 0, 7), {
    indicator_selections: [
      { indicator_id: 'ma.sma', inputs: { source: 'hl2' }, params: { window: 50 } },
      { indicator_id: 'momentum.rsi', inputs: { source: 'close' }, params: { window: 7 } },
      { indicator_id: 'volatility.atr', inputs: {}, params: { window: 14 } },
    ],
    signal_params: {
      'ma.sma': { inverted: 0 },
      'momentum.rsi': { long_threshold: 20, short_threshold: 70 },
      'volatility.atr': { long_delta_periods: -1, short_delta_periods: -1 },
    },
    rules: null,
    params: null,
    risk_params: {
      sl_enabled: false,
      sl_pct: null,
      tp_enabled: true,
      tp_pct: 4,
      trail_enabled: true,
      trail_pct: 1.5,
      max_bars_enabled: true,
      max_bars: 24,
      trigger: 'intrabar',
    },
    execution_params: {
      init_cash_quote: 10_000,
      fee_pct: 0.075,
      slippage_pct: 0.01,
      fixed_quote: 100,
      equity_percent: 100,
      safe_profit_percent: 30,
      fill: 'next_open',
    },
    direction_mode: 'long-only',
    sizing_mode: 'all_in',
  });
});

test('a payload through JSON gives a spec of one variant, with the same payload and keys', () => {
  const keys = new Set<string>();
  const indicatorKeys = new Set<string>();
  for (let index = 0; index < 8; index += 1) {
    for (let risk = 0; risk < 16; risk += 1) {
      const payload = payloadAt(SPEC, index, risk);
      const again: Payload = JSON.parse(JSON.stringify(payload));
      const spec = specFromPayload(SPEC, again);
      const grid = buildGrid(spec);
      assert.deepEqual([grid.rawTotal, grid.riskTotal], [1, 1]);
      assert.deepEqual(payloadAt(spec, 0, 0), payload);
      assert.equal(variantKey(spec, payloadAt(spec, 0, 0)), variantKey(SPEC, payload));
      const { runtime: _, ...request } = requestJson(spec);
      assert.deepEqual(requestJson(parseSpec(request)), requestJson(spec));
      keys.add(variantKey(SPEC, payload));
      indicatorKeys.add(indicatorVariantKey(SPEC, buildGrid(SPEC), valuesOf(SPEC, index)));
    }
  }
  assert.equal(keys.size, 8 * 16);
  assert.equal(indicatorKeys.size, 4); // 2 windows x 2 windows: thresholds and stops are not indicators
});

test('a variant key is the strategy on its instrument, not the grid, the range or the name', () => {
  const payload = payloadAt(SPEC, 0, 0);
  const key = variantKey(SPEC, payload);
  assert.match(key, /^[0-9a-f]{64}$/);
  assert.equal(variantKey({ ...SPEC, name: 'other', warmup_bars: 7, priority: 3 }, payload), key);
  const on = (change: object): string => variantKey({ ...SPEC, template: { ...SPEC.template, ...change } }, payload);
  assert.notEqual(on({ timeframe: '4h' }), key);
  assert.notEqual(on({ instrument_id: { market_id: 1, symbol: 'ETHUSDT' } }), key);
  assert.notEqual(variantKey(SPEC, { ...payload, sizing_mode: 'fixed_quote' }), key);
  const stored = parseSpec(JSON.parse(JSON.stringify({ ...requestJson(SPEC), runtime: undefined })));
  assert.equal(variantKey(stored, payloadAt(stored, 0, 0)), key);
});

test('a run is a variant on bars: range, warm-up, candles and engine version count', () => {
  const run = { variant_key: 'a', data_digest: 'b', engine_version: 'c' };
  const ids = [
    runId(SPEC, run),
    runId(SPEC, { ...run, data_digest: 'd' }),
    runId(SPEC, { ...run, engine_version: 'd' }),
    runId({ ...SPEC, warmup_bars: 1 }, run),
    runId({ ...SPEC, time_range: { ...SPEC.time_range, end: '2024-01-30T00:00:00.000Z' } }, run),
  ];
  assert.equal(new Set(ids).size, ids.length);
});

test('name and priority are outside the request hash, every other field is inside', () => {
  const hash = requestHash(SPEC);
  assert.equal(requestHash({ ...SPEC, name: null, priority: 9 }), hash);
  for (const change of [{ top_k: 1 }, { preselect: 1 }, { warmup_bars: 1 }, { top_trades_n: 1 }]) {
    assert.notEqual(requestHash({ ...SPEC, ...change }), hash);
  }
  assert.notEqual(requestHash({ ...SPEC, runtime: { ...SPEC.runtime, periods_per_year: 252 } }), hash);
  const engine = engineParamsHash(SPEC);
  assert.equal(engineParamsHash({ ...SPEC, top_k: 1 }), engine);
  const template = { ...SPEC.template, sizing_mode: 'fixed_quote' } as const;
  assert.notEqual(engineParamsHash({ ...SPEC, template }), engine);
});
