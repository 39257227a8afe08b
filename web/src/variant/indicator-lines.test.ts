import assert from 'node:assert/strict';
import { test } from 'node:test';
import { indicatorLines } from './indicator-lines.ts';

const close = Array.from({ length: 40 }, (_, at) => 1000 + 10 * at);
const bars = {
  time: close.map((_, at) => at * 86_400_000),
  open: close,
  high: close.map((value) => value + 5),
  low: close.map((value) => value - 5),
  close,
  volume: close.map(() => 1),
};

test('averages lie on the prices, oscillators in a pane of their own with their thresholds', () => {
  const [average, rsi, ...others] = indicatorLines(bars, {
    indicator_selections: [
      { indicator_id: 'ma.sma', inputs: { source: 'close' }, params: { window: 3 } },
      { indicator_id: 'momentum.rsi', inputs: { source: 'close' }, params: { window: 5 } },
    ],
    signal_params: { 'ma.sma': { inverted: 0 }, 'momentum.rsi': { long_threshold: 68, short_threshold: 95 } },
  });
  assert.deepEqual([average?.label, average?.pane, average?.levels], ['SMA 3', 0, []]);
  assert.equal(average?.values[4], 1030);
  assert.deepEqual([rsi?.label, rsi?.pane, rsi?.values.at(-1)], ['RSI 5', 1, 100]);
  assert.deepEqual(rsi?.levels, [
    { value: 68, title: 'long' },
    { value: 95, title: 'short' },
  ]);
  assert.notEqual(average?.colour, rsi?.colour);
  assert.equal(others.length, 0);
});

test('all outputs of bands are drawn, and a strategy of rules has none', () => {
  const bands = indicatorLines(bars, {
    indicator_selections: [
      { indicator_id: 'volatility.bbands', inputs: { source: 'close' }, params: { window: 5, mult: 2 } },
    ],
  });
  assert.ok(bands.length >= 3 && bands.every(({ pane }) => pane === 0));
  assert.deepEqual(indicatorLines(bars, { indicator_selections: [], signal_params: {} }), []);
});
