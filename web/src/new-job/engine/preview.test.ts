import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULTS, parseSpec, type Candles } from '@backtest-jobs/engine';
import { defaultsOf } from './judge.ts';
import { preview, SHOWN, truths } from './preview.ts';

const DAY = 86_400_000;
const BARS = 900;

/** Makes days of a price that swings: four bars up, four down. */
function swings(): Candles {
  const time = Float64Array.from({ length: BARS }, (_, bar) => Date.UTC(2018, 0, 1) + bar * DAY);
  const close = Float64Array.from({ length: BARS }, (_, bar) => 100 + [0, 1, 2, 3, 4, 3, 2, 1][bar % 8]!);
  const open = close.map((_, bar) => close[Math.max(0, bar - 1)]!);
  const high = close.map((value, bar) => Math.max(value, open[bar]!));
  const low = close.map((value, bar) => Math.min(value, open[bar]!));
  return { time, open, high, low, close, volume: new Float64Array(BARS).fill(1) };
}

const input = {
  time_range: { start: '2018-06-01T00:00:00Z', end: '2020-06-19T00:00:00Z' },
  luck: 'off',
  template: {
    instrument_id: { market_id: 1, symbol: 'X' },
    timeframe: '1d',
    direction_mode: 'long-only',
    rules: { long: 'close > sma(close, n)', exit_long: 'close < open and oops > 1' },
    params: { n: { mode: 'range', start: 4, stop_incl: 8, step: 2 } },
  },
};
const sound = { ...input, template: { ...input.template, rules: { long: input.template.rules.long } } };
const rules = { defaults: DEFAULTS, saved: null };

test('the middle of the axes is traded on the last bars, and drawn', () => {
  const drawn = preview({ spec: parseSpec(sound), candles: swings(), seed: null });
  assert.ok(drawn);
  assert.equal(drawn.candles.time.length, SHOWN);
  assert.deepEqual(drawn.values, [['n', 6]]);
  const changes = drawn.signal.filter((one, bar) => one === 1 && drawn.signal[bar - 1] !== 1).length;
  assert.ok(changes > 50);
  assert.ok(Math.abs(drawn.entries.length - changes) <= 1);
  assert.ok(drawn.entries.every(({ side, bar }) => side === 1 && bar < SHOWN));
  assert.deepEqual(
    drawn.lines.map(({ label }) => label),
    ['sma 6'],
  );
  const bar = 100;
  const mean = drawn.candles.close.subarray(bar - 5, bar + 1).reduce((sum, one) => sum + one, 0) / 6;
  assert.ok(Math.abs((drawn.lines[0]?.values[bar] ?? 0) - mean) < 1e-9);
});

test('a drawn variant is the same for the same seed', () => {
  const ask = { spec: parseSpec(sound), candles: swings() };
  const draw = (seed: number) => preview({ ...ask, seed })?.values[0]?.[1];
  assert.equal(draw(1), draw(1));
  assert.ok(new Set([1, 2, 3, 4, 5, 6, 7, 8].map(draw)).size > 1);
});

test('each rule is counted by itself, also while another cannot be read', () => {
  const found = truths(input, swings(), rules);
  assert.equal(found['exit_long'], null);
  const drawn = preview({ spec: parseSpec(sound), candles: swings(), seed: null });
  assert.equal(found['long'], (drawn?.signal.reduce((sum, one) => sum + one, 0) ?? 0) / SHOWN);
});

test('without a bar in range there is nothing to draw', () => {
  const { time, ...columns } = swings();
  const later = { time: time.map((one) => one + 9000 * DAY), ...columns };
  assert.ok(preview({ spec: parseSpec(sound), candles: later, seed: null }));
  const empty = new Float64Array(0);
  assert.throws(() =>
    preview({
      spec: parseSpec(sound),
      candles: { time: empty, open: empty, high: empty, low: empty, close: empty, volume: empty },
      seed: null,
    }),
  );
});

test('what the API says of the defaults is what the engine takes', () => {
  const { guards, markets, ...defaults } = DEFAULTS;
  const told = Object.fromEntries(Object.entries(markets).map(([id, market]) => [id, { ...market, day: null }]));
  assert.deepEqual(defaultsOf({ defaults, limits: guards, markets: told }), DEFAULTS);
});
