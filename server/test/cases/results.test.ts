// Small searches whose results can be worked out by hand: fills without a market, clocks before 1970, a warm-up shorter than the
// longest window, grids of two variants.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import { parseSpec, search, type Candles, type SearchResult } from '@backtest-jobs/engine';
import { parse } from 'yaml';
import { readCandleFile } from '../../src/candles/files/candle-file.ts';
import { estimateJson } from '../../src/reports/estimate-json.ts';

const HERE = import.meta.dirname;
const DAY = 86_400_000;

async function resultOf(input: unknown, candles: Candles): Promise<SearchResult> {
  for await (const { result } of search(candles, parseSpec(input))) if (result !== null) return result;
  return assert.fail('no result');
}

async function caseOf(folder: string, name: string, file = `${name}.csv`): Promise<SearchResult> {
  const spec: unknown = parse(await readFile(join(HERE, folder, `${name}.yaml`), 'utf8'));
  const { candles } = await readCandleFile(join(HERE, folder, file));
  return resultOf(spec, candles);
}

/** Rounds a percentage of a result to four places. */
function percentOf({ rows: [best] }: SearchResult): number {
  assert.ok(best !== undefined, 'no variant was ranked');
  return Number(best.total_return_pct.toFixed(4));
}

/** Daily bars of so many closes; each opens at the close before. */
function daily(start: string, closes: readonly number[]): Candles {
  const close = Float64Array.from(closes);
  const open = close.map((price, day) => close[day - 1] ?? price);
  const high = close.map((price, day) => Math.max(price, open[day] ?? price));
  const low = close.map((price, day) => Math.min(price, open[day] ?? price));
  const time = close.map((_, day) => Date.parse(start) + day * DAY);
  return { time, open, high, low, close, volume: close.map(() => 5) };
}

test('no order fills where there is no market: bought and sold at 120, not at the 100 of hours ago', async () => {
  const found = await caseOf('no-market', 'spec', 'hours.csv');
  assert.equal(percentOf(found), 0);
  const [best] = found.rows;
  assert.deepEqual([best?.metrics.num_trades, best?.metrics['waited_fills']], [1, 1]);
});

test('weekdays and hours before 1970 are those of the calendar', async () => {
  const tuesdays = await caseOf('before-1970', 'days');
  assert.equal(percentOf(tuesdays), Number((((92 / 91) ** 2 - 1) * 100).toFixed(4)));
  const evenings = await caseOf('before-1970', 'hours');
  assert.equal(percentOf(evenings), 2.01);
  for (const { rows } of [tuesdays, evenings]) assert.equal(rows[0]?.metrics.num_trades, 2);
});

const RISING = daily(
  '2020-01-01T00:00:00Z',
  Array.from({ length: 1000 }, (_, day) => Number((100 * 1.001 ** day).toFixed(9))),
);

/** Above an average over 50 and one over 400 days, on the last 300 of a thousand. */
const overWindows = (changes: object) => ({
  time_range: { start: '2021-12-01T00:00:00Z', end: '2022-09-27T00:00:00Z' },
  template: {
    instrument_id: { market_id: 1, symbol: 'TEST' },
    timeframe: '1d',
    rules: { long: 'close > sma(close, n)' },
    params: { n: { mode: 'explicit', values: [50, 400] } },
    direction_mode: 'long-only',
    execution: { fee_pct: 0, slippage_pct: 0 },
  },
  ...changes,
});

test('windows of 50 and 400 days trade on the same bars: the warm-up is as long as the longest needs', async () => {
  const made = Number(((1.001 ** 299 - 1) * 100).toFixed(4));
  for (const changes of [{}, { warmup_bars: 400 }]) {
    const { rows } = await resultOf(overWindows(changes), RISING);
    assert.deepEqual(
      rows.map(({ total_return_pct }) => Number(total_return_pct.toFixed(4))),
      [made, made],
    );
  }
  const walk = { validation: { mode: 'walk_forward', folds: 3, train_fraction: 0.6 } };
  const { rows, validation } = await resultOf(overWindows(walk), RISING);
  assert.equal(validation?.folds.length, 3);
  assert.deepEqual(
    rows.map(({ metrics }) => metrics.num_trades),
    [1, 1],
  );
});

test('a warm-up that is given and too short is warned of, with the window and its bars, before and after', async () => {
  const spec = parseSpec(overWindows({ warmup_bars: 200 }));
  const { warnings } = estimateJson(spec, { threads: 1, markets: {} });
  const warned = warnings.find(({ code }) => code === 'short_history');
  assert.match(warned?.message ?? '', /400.*199|199.*400/);
  const { verdict } = await resultOf(overWindows({ warmup_bars: 200 }), RISING);
  assert.match(verdict.sentence, /199/);
});

/** Flat, but Wednesdays rise by 0.5 to 1.1 % in turn, and Fridays by 0.02 points less. */
function weeks(): Candles {
  let price = 100;
  const closes = Array.from({ length: 336 }, (_, day) => {
    const gain = 0.005 + 0.001 * (Math.floor(day / 7) % 7);
    if (day % 7 === 2) price *= 1 + gain;
    if (day % 7 === 4) price *= 1 + gain - 0.0002;
    return price;
  });
  return daily('2024-01-01T00:00:00Z', closes);
}

test('of two variants that are nearly as good neither stands alone on a peak', async () => {
  const spec = {
    time_range: { start: '2024-01-01T00:00:00Z', end: '2024-12-02T00:00:00Z' },
    warmup_bars: 0,
    template: {
      instrument_id: { market_id: 1, symbol: 'TEST' },
      timeframe: '1d',
      rules: { long: 'dayofweek == d' },
      params: { d: { mode: 'explicit', values: [1, 3] } },
      direction_mode: 'long-only',
      execution: { fee_pct: 0, slippage_pct: 0 },
    },
  };
  const { rows, verdict } = await resultOf(spec, weeks());
  assert.deepEqual(
    rows.map(({ total_return_pct }) => Number(total_return_pct.toFixed(2))),
    [46.14, 44.76],
  );
  assert.equal(verdict.flags.isolated_peak, null);
  assert.doesNotMatch(verdict.sentence, /one step away/);
});
