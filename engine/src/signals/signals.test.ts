import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sliceCandles, type Candles } from '../bars/candles.ts';
import { signalOf as signalOfBits } from '../columns/bits.ts';
import { parseSpec } from '../gate/parse-spec.ts';
import { random } from '../grid/random.ts';
import { CATALOGUE, computeIndicator, type Family } from '../indicators/catalogue.ts';
import { prepare, targetOf } from '../prepare.ts';
import type { Expr } from '../rules/expression.ts';
import { FAMILIES } from '../rules/families.ts';
import { readRule } from '../rules/read-rule.ts';
import { HOUR_MS, type Spec } from '../spec.ts';
import { candlesOfCloses, randomCandles } from '../testing/candles.ts';
import { openGraph } from './graph.ts';
import { openSignals } from './signals.ts';

const L = 1;
const S = -1;
const N = 0;

interface Bars {
  /** At most two; they lie in the columns high and low. */
  readonly outputs: readonly (readonly number[])[];
  readonly params?: Readonly<Record<string, number>>;
  readonly candles?: Partial<Candles>;
}

/** Signals of a family on given outputs; the price is the close. */
function judge(family: Family, { outputs, params = {}, candles = {} }: Bars): number[] {
  const [high = [], low = high] = outputs;
  const bars = { ...candlesOfCloses(high), high: Float64Array.from(high), low: Float64Array.from(low), ...candles };
  const bindings = new Map<string, Expr>([['price', { kind: 'column', column: 'close' }]]);
  for (const [name, value] of Object.entries(params)) bindings.set(name, { kind: 'number', value });
  FAMILIES[family].outputs.forEach((name, at) =>
    bindings.set(name, { kind: 'column', column: at === 0 ? 'high' : 'low' }),
  );
  const texts = FAMILIES[family].rules((name) => [params[name]]);
  const [long, short] = [texts.long, texts.short].map((text) => {
    const read = readRule(text, { params: new Set(), bindings });
    return 'expr' in read ? read.expr : assert.fail(read.problems[0].message);
  });
  const range = { candles: bars, first: 0, end: high.length };
  const bits = openGraph({ long, short, exit_long: null, exit_short: null }, [], range, { bytes: 0 })(
    new Int32Array(0),
  );
  const signal = new Int8Array(high.length);
  signalOfBits(bits.long, bits.short, signal);
  return [...signal];
}

test('price_vs_output: above is LONG, below is SHORT, inverted swaps', () => {
  const outputs = [[10, 10, 10, NaN, 10]];
  const candles = { close: Float64Array.of(11, 10, 9, 11, NaN) };
  assert.deepEqual(judge('price_vs_output', { outputs, candles, params: { inverted: 0 } }), [L, N, S, N, N]);
  assert.deepEqual(judge('price_vs_output', { outputs, candles, params: { inverted: 1 } }), [S, N, L, N, N]);
});

test('volume_vs_output', () => {
  const candles = { volume: Float64Array.of(3, 2, 1, 3, NaN) };
  assert.deepEqual(judge('volume_vs_output', { outputs: [[2, 2, 2, NaN, 2]], candles }), [L, N, S, N, N]);
});

test('sign: zero of either sign is neutral', () => {
  assert.deepEqual(judge('sign', { outputs: [[1e-300, 0, -0, -1e-300, NaN]] }), [L, N, N, S, N]);
});

test('threshold_band: long <= short, low values are LONG', () => {
  const params = { long_threshold: 30, short_threshold: 70 };
  const outputs = [[29, 30, 30.1, 50, 69.9, 70, 71, NaN]];
  assert.deepEqual(judge('threshold_band', { outputs, params }), [L, L, N, N, N, S, S, N]);
});

test('threshold_band: long > short, high values are LONG', () => {
  const params = { long_threshold: 50, short_threshold: -50 };
  const outputs = [[51, 50, 49, 0, -49, -50, -51, NaN]];
  assert.deepEqual(judge('threshold_band', { outputs, params }), [L, L, N, N, N, S, S, N]);
});

test('threshold_band: equal thresholds, the value on both is neutral', () => {
  const params = { long_threshold: 50, short_threshold: 50 };
  assert.deepEqual(judge('threshold_band', { outputs: [[49, 50, 51]], params }), [L, N, S]);
});

test('centered: beyond the distance from the center', () => {
  const params = { center: 1, abs_threshold: 0.25 };
  assert.deepEqual(judge('centered', { outputs: [[1.3, 1.25, 1, 0.75, 0.7, NaN]], params }), [L, N, N, N, S, N]);
});

test('delta_sign: each side looks back its own number of bars, signs of the numbers do not matter', () => {
  const outputs = [[1, 2, 2, 1, 3, NaN, 2, 1]];
  const one = { long_delta_periods: -1, short_delta_periods: 1 };
  assert.deepEqual(judge('delta_sign', { outputs, params: one }), [N, L, N, S, L, N, N, S]);
  // Up over two bars (1 2 2 1 3: bars 2 and 4) and down on one bar back (bar 3).
  const mixed = { long_delta_periods: -2, short_delta_periods: -1 };
  assert.deepEqual(judge('delta_sign', { outputs: [[1, 2, 2, 1, 3]], params: mixed }), [N, N, L, S, L]);
});

test('delta_sign: LONG and SHORT at once is NEUTRAL', () => {
  const params = { long_delta_periods: -2, short_delta_periods: -1 };
  assert.deepEqual(judge('delta_sign', { outputs: [[1, 3, 2]], params }), [N, N, N]);
});

test('candle_body: the direction of a candle whose body is large enough', () => {
  const candles = { open: Float64Array.of(1, 2, 1, 1, 1, NaN), close: Float64Array.of(2, 1, 2, 1, 2, 2) };
  const outputs = [[0.5, 0.6, 0.4, 0.9, NaN, 0.9]];
  assert.deepEqual(judge('candle_body', { outputs, candles, params: { min: 0.5 } }), [L, S, N, N, N, N]);
});

test('pivot_events: a confirmed low is LONG, a confirmed high SHORT, both at once NEUTRAL', () => {
  const outputs = [
    [NaN, 12, NaN, 12],
    [9, NaN, NaN, 9],
  ];
  assert.deepEqual(judge('pivot_events', { outputs }), [L, S, N, N]);
});

test('output_vs_output', () => {
  const outputs = [
    [2, 1, 0, NaN, 1],
    [1, 1, 1, 1, NaN],
  ];
  assert.deepEqual(judge('output_vs_output', { outputs }), [L, N, S, N, N]);
});

test('band_touch: touching is enough, flat bands touch on both sides', () => {
  const outputs = [
    [9, 9, 9, 9, 9, 10, NaN],
    [11, 11, 11, 11, 11, 10, NaN],
  ];
  const candles = { close: Float64Array.of(8, 9, 10, 11, 12, 10, 10) };
  assert.deepEqual(judge('band_touch', { outputs, candles }), [L, L, N, S, S, N, N]);
});

test('outside_bands: beyond a band, not on it', () => {
  const outputs = [
    [9, 9, 9, 9, 9, 10, NaN],
    [11, 11, 11, 11, 11, 10, NaN],
  ];
  const candles = { close: Float64Array.of(8, 9, 10, 11, 12, 10, 10) };
  assert.deepEqual(judge('outside_bands', { outputs, candles }), [L, N, N, N, S, N, N]);
});

const START = Date.UTC(2024, 0, 1);
const CANDLES = randomCandles(31, 900, { start: START, stepMs: HOUR_MS });

/** A target of 600 bars after 300 bars of warm-up. */
function specOf(template: object): Spec {
  return parseSpec({
    time_range: {
      start: new Date(START + 300 * HOUR_MS).toISOString(),
      end: new Date(START + 900 * HOUR_MS).toISOString(),
    },
    luck: 0,
    warmup_bars: 300,
    template: { instrument_id: { market_id: 1, symbol: 'TEST' }, timeframe: '1h', ...template },
  });
}

/** The signal of each base variant of a grid. */
function signalsOf(template: object, bytes = 1e7): Int8Array[] {
  const prepared = prepare(CANDLES, specOf(template));
  const signals = openSignals(prepared, { bytes });
  return Array.from(
    { length: prepared.grid.rawTotal },
    (_, index) => signals(index)?.signal.slice() ?? new Int8Array(0),
  );
}

const values = (...list: readonly (number | string)[]) => ({ mode: 'explicit', values: list });

test('the source of an indicator is the price it is compared with, inverted or not', () => {
  const template = {
    indicator_grids: [{ indicator_id: 'ma.sma', source: values('close', 'hl2'), params: { window: 5 } }],
    signal_grids: { 'ma.sma': { inverted: values(0, 1) } },
  };
  const [, , plain, inverted] = signalsOf(template);
  const { sma } = computeIndicator(CANDLES, 'ma.sma', { source: 'hl2', window: 5 });
  for (let bar = 0; bar < 600; bar += 1) {
    const price = (CANDLES.high[300 + bar] + CANDLES.low[300 + bar]) / 2;
    assert.equal(plain[bar], Math.sign(price - sma[300 + bar]));
    assert.equal(inverted[bar], -plain[bar] || 0);
  }
});

test('the parameter rule picks the family, and each family reads its own outputs only', () => {
  const macd = { indicator_id: 'momentum.macd', params: { signal_window: values(9, 299) } };
  const both = { 'momentum.macd': { rule: values('sign', 'macd_vs_signal') } };
  const signals = signalsOf({ indicator_grids: [macd], signal_grids: both });
  const line = computeIndicator(CANDLES, 'momentum.macd', {}).macd.subarray(300);
  const { signal } = computeIndicator(CANDLES, 'momentum.macd', { signal_window: 299 });
  assert.deepEqual([...signals[0]], signs(line));
  assert.deepEqual(signals[2], signals[0], 'sign reads no signal line, so its first bars are there');
  assert.deepEqual([...signals[3]], signs(line.map((value, bar) => value - signal[300 + bar])));
});

test('a strategy says LONG when all indicators say LONG and SHORT when all say SHORT', () => {
  const sma = { indicator_id: 'ma.sma', params: { window: 9 } };
  const rsi = { indicator_id: 'momentum.rsi', params: { window: 9 } };
  const atr = { indicator_id: 'volatility.atr', params: { window: 9 } };
  const atrSignals = { 'volatility.atr': { long_delta_periods: -7, short_delta_periods: -1 } };
  const rsiSignals = { 'momentum.rsi': { long_threshold: 45, short_threshold: 55 } };
  const alone = [
    signalsOf({ indicator_grids: [sma] })[0],
    signalsOf({ indicator_grids: [rsi], signal_grids: rsiSignals })[0],
    signalsOf({ indicator_grids: [atr], signal_grids: atrSignals })[0],
  ];
  const [all] = signalsOf({ indicator_grids: [rsi, atr, sma], signal_grids: { ...atrSignals, ...rsiSignals } });
  all.forEach((side, bar) => {
    const sides = new Set(alone.map((signal) => signal[bar]));
    assert.equal(side, sides.size === 1 ? [...sides][0] : N);
  });
  assert.ok(all.includes(L) && all.includes(S));
});

test('every rule of every indicator signals with its defaults, and never before its first value', () => {
  const candles = randomCandles(33, 3000, { start: START, stepMs: HOUR_MS });
  for (const indicator of CATALOGUE) {
    const first = indicator.firstValid(indicator.params.map((param) => param.default));
    for (const rule of indicator.rules) {
      const signal_grids = indicator.rules.length > 1 ? { [indicator.id]: { rule: rule.name } } : {};
      const spec = parseSpec({
        time_range: { start: '2024-01-01T00:00:00Z', end: new Date(START + 3000 * HOUR_MS).toISOString() },
        luck: 0,
        warmup_bars: 0,
        template: {
          instrument_id: { market_id: 1, symbol: 'TEST' },
          timeframe: '1h',
          indicator_grids: [{ indicator_id: indicator.id }],
          signal_grids,
        },
      });
      const signal = openSignals(prepare(candles, spec), { bytes: 1e6 })(0)?.signal ?? assert.fail('no variant');
      const ready = Math.max(...rule.outputs.map((name) => first[indicator.outputs.indexOf(name)] ?? 0));
      const where = `${indicator.id} ${rule.name}`;
      assert.ok(
        signal.subarray(0, ready).every((side) => side === N),
        where,
      );
      assert.ok(signal.includes(L) && signal.includes(S), where);
    }
  }
});

test('memory changes nothing: what does not fit is computed again', () => {
  const template = {
    rules: {
      long: 'cross_above(ema(close, fast), ema(close, slow)) or rsi(close, n) < least',
      short: 'not (ema(close, fast) > ema(close, slow)) and exists(highest(high, slow))',
    },
    params: { fast: values(3, 5), slow: values(9, 20, 50), n: values(5, 14), least: values(20, 30) },
  };
  const whole = signalsOf(template, 1e9);
  for (const bytes of [0, 200, 5000, 20_000]) assert.deepEqual(signalsOf(template, bytes), whole);
  assert.equal(new Set(whole.map(String)).size, 24, 'a parameter does nothing');
});

test('asked in any order, an index has one signal', () => {
  const prepared = prepare(
    CANDLES,
    specOf({
      rules: { long: 'sma(rsi(close, a), b) > 50 and close[a] < high' },
      params: { a: values(3, 9), b: values(4, 7, 11) },
    }),
  );
  const signals = openSignals(prepared, { bytes: 3000 });
  const whole = Array.from({ length: 6 }, (_, index) => signals(index)?.signal.slice());
  const next = random(3);
  for (let round = 0; round < 200; round += 1) {
    const index = Math.floor(next() * 6);
    assert.deepEqual(signals(index)?.signal, whole[index]);
  }
});

test('no rule looks ahead: cutting the series changes no signal before the cut', () => {
  const rules = {
    long: 'cross_above(close, sma(close, 5)) or (lowest(low[2], 7) > 90 and not (hour > 12))',
    short: 'macd(hl2, 5, 9, 3).hist < 0 and max(open, close[1]) / volume != 3 and dayofweek < 5',
  };
  const whole = prepare(CANDLES, specOf({ rules }));
  const [long] = signalsOf({ rules });
  for (const cut of [1, 17, 64, 599]) {
    const { target } = targetOf(whole);
    const spec = specOf({ rules });
    const end = new Date(target.time[cut]).toISOString();
    const part = prepare(sliceCandles(CANDLES, 0, 300 + cut), { ...spec, time_range: { ...spec.time_range, end } });
    assert.deepEqual(openSignals(part, { bytes: 1e6 })(0)?.signal, long.slice(0, cut), `cut at ${cut}`);
  }
});

/** NaN and -0 count as 0. */
function signs(x: Float64Array): number[] {
  return Array.from(x, (value) => Math.sign(value) || 0);
}
