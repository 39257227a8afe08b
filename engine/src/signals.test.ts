import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Candles } from './candles.ts';
import { CATALOGUE, indicatorById, outputsOf } from './catalogue.ts';
import type { Family, Indicator } from './catalogue.ts';
import { combine, FAMILIES, signalOf } from './signals.ts';
import { candlesOfCloses, randomCandles } from './testing/candles.ts';

const L = 1;
const S = -1;
const N = 0;

interface Bars {
  readonly outputs: readonly (readonly number[])[];
  readonly params?: Readonly<Record<string, number>>;
  readonly candles?: Partial<Candles>;
  readonly source?: 'close' | 'high';
}

function judge(family: Family, { outputs, params = {}, candles = {}, source = 'close' }: Bars): number[] {
  const signal = FAMILIES[family]({
    candles: { ...candlesOfCloses(outputs[0]), ...candles },
    source,
    outputs: outputs.map((output) => Float64Array.from(output)),
    param: (name) => params[name],
  });
  return [...signal];
}

test('price_vs_output: above is LONG, below is SHORT, inverted swaps, the price is the source', () => {
  const outputs = [[10, 10, 10, NaN, 10]];
  const candles = { close: Float64Array.of(11, 10, 9, 11, NaN), high: Float64Array.of(9, 11, 12, 11, 11) };
  assert.deepEqual(judge('price_vs_output', { outputs, candles, params: { inverted: 0 } }), [L, N, S, N, N]);
  assert.deepEqual(judge('price_vs_output', { outputs, candles, params: { inverted: 1 } }), [S, N, L, N, N]);
  assert.deepEqual(judge('price_vs_output', { outputs, candles, params: { inverted: 0 }, source: 'high' }), [
    S,
    L,
    L,
    N,
    L,
  ]);
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
  const one = { long_delta_periods: -1, short_delta_periods: -1 };
  assert.deepEqual(judge('delta_sign', { outputs, params: one }), [N, L, N, S, L, N, N, S]);
  const positive = { long_delta_periods: 1, short_delta_periods: 1 };
  assert.deepEqual(judge('delta_sign', { outputs, params: positive }), [N, L, N, S, L, N, N, S]);
  // Up on two bars back (1 2 2 1 3: bars 2 and 4) and down on one bar back (bar 3).
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

test('the parameter rule picks the family, each rule reads its own outputs', () => {
  const candles = randomCandles(31, 300);
  const macd = rowOf('momentum.macd');
  const outputs = outputsOf(macd, candles, null, [12, 26, 9]);
  const [line, signal] = outputs;
  assert.deepEqual([...signalOf(macd, candles, null, outputs, {})], signs(line));
  assert.deepEqual([...signalOf(macd, candles, null, outputs, { rule: 'sign' })], signs(line));
  assert.deepEqual(
    [...signalOf(macd, candles, null, outputs, { rule: 'macd_vs_signal' })],
    signs(line.map((value, bar) => value - signal[bar])),
  );
  assert.throws(
    () => signalOf(macd, candles, null, outputs, { rule: 'band_touch' }),
    /momentum\.macd has no rule band_touch/,
  );

  const bbands = rowOf('volatility.bbands');
  const bands = outputsOf(bbands, candles, null, [20, 1]);
  const [, upper, lower] = bands;
  const touches = signalOf(bbands, candles, null, bands, { rule: 'band_touch' });
  touches.forEach((side, bar) => {
    assert.equal(side, Number(candles.close[bar] <= lower[bar]) - Number(candles.close[bar] >= upper[bar]));
  });
  assert.ok(touches.includes(L) && touches.includes(S));
});

test('the source of an indicator is the price it is compared with', () => {
  const candles = randomCandles(32, 100);
  const sma = rowOf('ma.sma');
  const outputs = outputsOf(sma, candles, 'hl2', [5]);
  const signal = signalOf(sma, candles, 'hl2', outputs, { inverted: 0 });
  const inverted = signalOf(sma, candles, 'hl2', outputs, { inverted: 1 });
  for (let bar = 4; bar < 100; bar += 1) {
    const price = (candles.high[bar] + candles.low[bar]) / 2;
    assert.equal(signal[bar], Math.sign(price - outputs[0][bar]));
    assert.equal(inverted[bar], -signal[bar] || 0);
  }
});

test('every rule of every indicator signals with its defaults, and never before its first value', () => {
  const candles = randomCandles(33, 2000);
  for (const indicator of CATALOGUE) {
    const params = indicator.params.map((param) => param.default);
    const outputs = outputsOf(indicator, candles, null, params);
    const first = indicator.firstValid(params);
    for (const rule of indicator.rules) {
      const signal = signalOf(indicator, candles, null, outputs, { rule: rule.name });
      assert.equal(signal.length, 2000);
      const ready = Math.max(...rule.outputs.map((name) => first[indicator.outputs.indexOf(name)] ?? 0));
      assert.ok(
        signal.subarray(0, ready).every((side) => side === N),
        `${indicator.id} ${rule.name}`,
      );
      assert.ok(signal.includes(L) && signal.includes(S), `${indicator.id} ${rule.name}`);
    }
  }
});

test('a strategy says LONG when all say LONG and SHORT when all say SHORT', () => {
  const a = Int8Array.of(L, L, L, S, S, S, N, N, N, L);
  const b = Int8Array.of(L, S, N, L, S, N, L, S, N, L);
  const whole = combine([a, b], 0, 10, new Int8Array(10));
  assert.deepEqual([...whole], [L, N, N, N, S, N, N, N, N, L]);
  const slice = combine([a, b, a], 4, 10, new Int8Array(6).fill(7));
  assert.deepEqual([...slice], [S, N, N, N, N, L]);
  assert.deepEqual([...combine([a], 2, 5, new Int8Array(3))], [L, S, S]);
});

/** NaN and -0 count as 0. */
function signs(x: Float64Array): number[] {
  return Array.from(x, (value) => Math.sign(value) || 0);
}

function rowOf(id: string): Indicator {
  const found = indicatorById(id);
  assert.ok(found, id);
  return found;
}
