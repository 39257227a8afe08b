// The history that a grid needs, against kernels and graphs that are run: the first bar with a value.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sourceSeries } from '../bars/candles.ts';
import { DEFAULTS } from '../defaults.ts';
import { parseSpec } from '../gate/parse-spec.ts';
import { CATALOGUE, outputsOf, type Indicator } from '../indicators/catalogue.ts';
import { type Spec } from '../spec.ts';
import { randomCandles } from '../testing/candles.ts';
import { specInput } from '../testing/specs.ts';
import { buildGrid } from './grid.ts';
import { longestLookBack } from './look-back.ts';
import { random } from './random.ts';
import { shortHistory, shortHistoryText } from './short-history.ts';

const values = (...list: (number | string)[]) => ({ mode: 'explicit', values: list });

function specOf(long: string, params: object = {}, more: object = {}): Spec {
  return parseSpec(specInput(more, { indicator_grids: undefined, rules: { long }, params }));
}

function needOf(long: string, params: object = {}): readonly [number, string] | null {
  const found = longestLookBack(buildGrid(specOf(long, params)), 'value');
  return found && [found.bars, found.of];
}

/** Parameters between 2 and 40, as far as they make sense together. */
function randomParams({ params, invalid }: Indicator, next: () => number): readonly number[] {
  for (;;) {
    const drawn = params.map(({ kind, min, max }) =>
      kind === 'int' ? min + Math.floor(next() * Math.min(39, max - min)) : min + next() * (Math.min(max, 5) - min),
    );
    if ((invalid?.(drawn) ?? null) === null) return drawn;
  }
}

for (const indicator of CATALOGUE) {
  test(`${indicator.id}: the first bar with a value is the one that its row says, whatever its parameters`, () => {
    const next = random(3);
    const candles = randomCandles(4, 400);
    for (let round = 0; round < 20; round += 1) {
      const params = randomParams(indicator, next);
      const declared = indicator.firstValid(params);
      outputsOf(indicator, candles, indicator.source ? 'hl2' : null, params).forEach((column, at) => {
        const first = column.findIndex((value) => !Number.isNaN(value));
        if (declared[at] !== null) assert.equal(first, declared[at], `${indicator.outputs[at]} of ${params.join(' ')}`);
      });
    }
  });

  test(`${indicator.id}: where the candles began is forgotten after the bars that its row says`, () => {
    if (indicator.id in TOTALS) return;
    const next = random(5);
    const candles = randomCandles(6, 3000, { volatility: 0.03 });
    for (let round = 0; round < 10; round += 1) {
      const params = randomParams(indicator, next);
      const settles = indicator.settles(params);
      const [early, late] = [0, 700].map((from) => {
        const inputs = [...(indicator.source ? (['close'] as const) : []), ...indicator.reads];
        const columns = inputs.map((name) => sourceSeries(candles, name).slice(from));
        const outputs = indicator.outputs.map(() => new Float64Array(3000 - from));
        indicator.kernel(columns, params, outputs);
        return outputs.map((column) => column.slice(700 - from));
      });
      indicator.firstValid(params).forEach((first, at) => {
        const from = (first ?? 0) + settles[at];
        const scale = early[at].reduce(
          (most, value) => (Number.isNaN(value) ? most : Math.max(most, Math.abs(value))),
          0,
        );
        for (let bar = from; bar < early[at].length; bar += 1) {
          const [a, b] = [early[at][bar], late[at][bar]];
          const same = Object.is(a, b) || Math.abs(a - b) <= 1e-4 * scale;
          assert.ok(same, `${indicator.outputs[at]} of ${params.join(' ')}, bar ${bar}, from ${from}: ${a} and ${b}`);
        }
      });
    }
  });
}

/** What never forgets, and why. */
const TOTALS: Readonly<Record<string, string>> = {
  'volume.ad_line': 'a total since the first bar',
  'volume.obv': 'a total since the first bar',
  'trend.psar': 'forgets at a reversal, which only the market decides',
};

test('lags, extremes, crosses and composed indicators add up', () => {
  const cases: readonly (readonly [string, number, string])[] = [
    ['close > sma(close, 20)', 19, 'sma(close, 20)'],
    ['close > sma(close, 20)[5]', 24, 'sma(close, 20)[5]'],
    ['cross_above(close, sma(close, 20))', 20, 'sma(close, 20)'],
    ['close > highest(high, 30)', 29, 'highest(high, 30)'],
    ['close > highest(sma(close, 10)[2], 30)', 40, 'highest(sma(close, 10)[2], 30)'],
    ['sma(rsi(close, 14), 9) > 50', 22, 'sma(rsi(close, 14), 9)'],
    ['abs(close - ema(close, 50)) > atr(14)', 49, 'abs((close - ema(close, 50)))'],
    ['not exists(roc(close, 7)[3]) or close > open', 10, 'roc(close, 7)[3]'],
    ['macd(close, 12, 26, 9).signal > 0', 33, 'macd(close, 12, 26, 9).signal'],
    ['macd(close, 12, 26, 500) > 0', 25, 'macd(close, 12, 26, 500)'],
    ['close > min(sma(close, 5), open[8])', 8, 'min(sma(close, 5), open[8])'],
  ];
  for (const [rule, bars, of] of cases) assert.deepEqual(needOf(rule), [bars, of], rule);
  assert.equal(needOf('close > open'), null);
});

test('of all variants the longest counts, and only those that the constraints leave', () => {
  assert.deepEqual(needOf('close > sma(close, n)', { n: values(400, 50) }), [399, 'sma(close, 400)']);
  assert.deepEqual(needOf('close > sma(close, 2 * n)[m]', { n: values(9, 30), m: values(5, 1) }), [
    64,
    'sma(close, 60)[5]',
  ]);
  const shared = { n: values(2, 30, 58) };
  assert.deepEqual(needOf('close > sma(sma(close, n), 60 - n)', shared), [58, 'sma(sma(close, 2), 58)']);
  const spec = parseSpec(
    specInput(
      {},
      {
        indicator_grids: undefined,
        rules: { long: 'ema(close, a) > ema(close, b)' },
        params: { a: values(10, 900), b: values(20, 1000) },
        constraints: ['a < 100', 'b - a < 100'],
      },
    ),
  );
  assert.equal(longestLookBack(buildGrid(spec), 'value')?.bars, 19);
});

test('a grid too large to try needs what its longest values need', () => {
  const many = { mode: 'range', start: 2, stop_incl: 101, step: 1 };
  const spec = specOf('sma(sma(sma(close, a), b), c) > close', { a: many, b: many, c: many });
  assert.deepEqual(longestLookBack(buildGrid(spec), 'value')?.bars, 300);
});

test('a warm-up that is left out, or auto, is as long as the longest variant needs and at least the default', () => {
  const warmup = (long: string, more: object = {}): number => specOf(long, {}, more).warmup_bars;
  assert.equal(warmup('close > sma(close, 400)'), 399);
  assert.equal(warmup('close > sma(close, 400)', { warmup_bars: 'auto' }), 399);
  assert.equal(warmup('close > sma(close, 50)'), 200);
  assert.equal(warmup('close > sma(close, 400)', { warmup_bars: 7 }), 7);
  // An exponential average of 100 weighs its seed by (99/101)^k, below a millionth after 691 bars.
  assert.equal(warmup('close > ema(close, 100)'), 99 + 691);
  const weight = (bars: number): number => (99 / 101) ** bars;
  assert.deepEqual([weight(690) < 1e-6, weight(691) < 1e-6], [false, true]);
});

test('a warm-up whose candles would not fit in memory is as long as values need', () => {
  // 2,000 days and 27,000 more until the average has settled: by the minute that is over 1 GB.
  const guards = { max_variants_per_compute: 1000, max_compute_bytes_total: 600e6 };
  const input = specInput(
    {},
    { timeframe: '1d', indicator_grids: [{ indicator_id: 'ma.rma', params: { window: 2000 } }] },
  );
  assert.equal(parseSpec(input, { ...DEFAULTS, guards }).warmup_bars, 1999);
  assert.ok(parseSpec(input).warmup_bars > 25_000);
});

test('a short history names what has no value, on how many bars, and the way out', () => {
  const grid = buildGrid(specOf('close > sma(close, n)', { n: values(50, 400) }));
  const asked = shortHistory(grid, { asked_bars: 200, warmup_bars: 200, target_bars: 300 });
  assert.deepEqual(asked, {
    raised: true,
    indicator: 'sma(close, 400)',
    needed_bars: 399,
    asked_bars: 200,
    warmup_bars: 200,
    target_bars: 300,
    missing_bars: 199,
  });
  assert.equal(
    shortHistoryText(asked),
    'sma(close, 400) has no value on the first 199 of 300 bars; give warmup_bars of at least 399, or leave it out',
  );
  const stored = shortHistory(grid, { asked_bars: 399, warmup_bars: 0, target_bars: 300 });
  assert.equal(
    shortHistoryText(stored),
    'sma(close, 400) has no value on the first 300 of 300 bars; add candles from before the time range, or begin the range 300 bars later',
  );
  assert.equal(shortHistory(grid, { asked_bars: 399, warmup_bars: 399, target_bars: 300 }).raised, false);
});
