// Variants with windows of unequal length, on prices that rise all the time: with history enough each is long throughout.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSpec } from '../gate/parse-spec.ts';
import { search, type SearchResult } from '../search.ts';
import { DAY_MS } from '../spec.ts';
import { candlesOfCloses } from '../testing/candles.ts';

const BARS = 700;
const START = Date.UTC(2021, 0, 1);
const CANDLES = candlesOfCloses(
  Array.from({ length: BARS }, (_, bar) => 50 * 1.002 ** bar),
  START,
  DAY_MS,
);

/** The last 200 bars. */
async function resultOf(changes: object, rule: string, params: object, skipped = 0): Promise<SearchResult> {
  const day = (bar: number): string => new Date(START + bar * DAY_MS).toISOString();
  const spec = parseSpec({
    time_range: { start: day(BARS - 200), end: day(BARS) },
    luck: 0,
    template: {
      instrument_id: { market_id: 1, symbol: 'TEST' },
      timeframe: '1d',
      rules: { long: rule },
      params,
      direction_mode: 'long-only',
      execution: { fee_pct: 0, slippage_pct: 0 },
    },
    ...changes,
  });
  const { time, open, high, low, close, volume } = CANDLES;
  const [a, b, c, d, e, f] = [time, open, high, low, close, volume].map((column) => column.slice(skipped));
  const candles = { time: a, open: b, high: c, low: d, close: e, volume: f };
  for await (const { result } of search(candles, spec)) if (result !== null) return result;
  return assert.fail('no result');
}

const values = (...list: number[]) => ({ mode: 'explicit', values: list });

const RULES: readonly (readonly [string, object, string, number])[] = [
  ['close > sma(close, n)', { n: values(20, 350) }, 'sma(close, 350)', 349],
  ['close > sma(close, 20)[n]', { n: values(3, 301) }, 'sma(close, 20)[301]', 320],
  ['cross_above(close, close) or close > highest(close, n)[1]', { n: values(3, 300) }, 'highest(close, 300)[1]', 300],
  ['close > zlema(sma(close, n), 20)[2]', { n: values(2, 300) }, 'zlema(sma(close, 300), 20)[2]', 299 + 28 + 2],
];

for (const [rule, params, indicator, needed_bars] of RULES) {
  const returns = (found: SearchResult) => found.rows.map(({ metrics }) => metrics.total_return_pct);

  test(`${rule}: an automatic warm-up lets all variants trade on equal bars`, async () => {
    const found = await resultOf({}, rule, params);
    assert.equal(found.rows.length, 2);
    assert.equal(new Set(returns(found)).size, 1);
    assert.equal(found.verdict.flags.short_history?.raised, false);
    const walk = await resultOf({ validation: { mode: 'walk_forward', folds: 3, train_fraction: 0.6 } }, rule, params);
    assert.equal(new Set(returns(walk)).size, 1);
    for (const { best } of walk.validation?.folds ?? []) assert.equal(best?.out_of_sample.num_trades, 1);
  });

  test(`${rule}: too few bars, asked for or found, are a flag that names the indicator`, async () => {
    const asked = await resultOf({ warmup_bars: 250 }, rule, params);
    assert.ok(new Set(returns(asked)).size > 1);
    const expected = { raised: true, indicator, needed_bars, target_bars: 200, warmup_bars: 250 };
    const missing_bars = needed_bars - 250;
    assert.deepEqual(asked.verdict.flags.short_history, { ...expected, asked_bars: 250, missing_bars });
    assert.ok(asked.verdict.sentence.includes(`${indicator} has no value on the first ${missing_bars} of 200 bars`));
    const found = await resultOf({}, rule, params, 250);
    const asked_bars = found.verdict.flags.short_history?.asked_bars ?? 0;
    assert.ok(asked_bars >= needed_bars);
    assert.deepEqual(found.verdict.flags.short_history, { ...expected, asked_bars, missing_bars });
    assert.equal(found.ledger.base_missing, 0);
  });
}
