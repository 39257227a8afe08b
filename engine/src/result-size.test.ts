// Results have a bounded size: trades above the bound are cut, the guard counts those that are kept, and rows can be taken
// one by one instead of being held.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULTS } from './defaults.ts';
import { estimate, keptTrades } from './estimate/cost.ts';
import { parseSpec } from './gate/parse-spec.ts';
import { buildGrid } from './grid/grid.ts';
import { prepare } from './prepare.ts';
import type { VariantRow } from './scoring/finalize.ts';
import { inPlace } from './scoring/pool.ts';
import { search, type SearchResult } from './search.ts';
import { HOUR_MS, requestHash, requestJson, type Spec } from './spec.ts';
import { candlesOfCloses } from './testing/candles.ts';
import { errorOf } from './testing/specs.ts';

const START = Date.UTC(2024, 0, 1);
const BARS = 400;
const closes = Array.from({ length: BARS }, (_, bar) => 100 + (bar % 2) + (bar % 7 === 0 ? 0.25 : 0));
const candles = candlesOfCloses(closes, START, HOUR_MS);

/** Trades on nearly every bar. */
function busy(most: number, changes: object = {}): Spec {
  const input = {
    time_range: { start: new Date(START).toISOString(), end: new Date(START + BARS * HOUR_MS).toISOString() },
    luck: 0,
    warmup_bars: 0,
    top_trades_n: 2,
    template: {
      instrument_id: { market_id: 1, symbol: 'BUSY' },
      timeframe: '1h',
      rules: { long: 'close < close[n]', short: 'close > close[n]' },
      params: { n: { mode: 'explicit', values: [1, 3, 5] } },
      sizing_mode: 'fixed_quote',
      execution: { fee_pct: 0, slippage_pct: 0 },
    },
    ...changes,
  };
  return parseSpec(input, { ...DEFAULTS, max_trades_persisted_per_row: most });
}

async function resultOf(spec: Spec, take?: (row: VariantRow) => void): Promise<SearchResult> {
  const pool = { ...inPlace(prepare(candles, spec)), ...(take && { take }) };
  for await (const { result } of search(candles, spec, undefined, pool)) if (result !== null) return result;
  throw new Error('a search ends with a result');
}

test('of more trades than are kept, the first and the last half stay, with the number of all', async () => {
  const whole = (await resultOf(busy(10_000))).rows;
  for (const most of [2, 7, 100]) {
    const { rows } = await resultOf(busy(most));
    for (const [at, row] of rows.entries()) {
      const all = whole[at];
      assert.ok(!('trades_total' in all));
      const { trades, trades_total, ...rest } = row;
      const { trades: allTrades, ...allRest } = all;
      assert.deepEqual(rest, allRest, 'nothing else changes');
      if (allTrades === null) {
        assert.deepEqual([trades, trades_total], [null, undefined]);
        continue;
      }
      assert.ok(allTrades.length > 100);
      assert.equal(trades_total, allTrades.length);
      const expected = [...allTrades.slice(0, Math.ceil(most / 2)), ...allTrades.slice(-Math.floor(most / 2))];
      assert.deepEqual(trades, expected);
    }
  }
});

test('a bound that is reached exactly cuts nothing', async () => {
  const [row] = (await resultOf(busy(10_000))).rows;
  const { length } = row.trades!;
  const [exact] = (await resultOf(busy(length))).rows;
  assert.deepEqual([exact.trades!.length, exact.trades_total], [length, undefined]);
  const [cut] = (await resultOf(busy(length - 1))).rows;
  assert.deepEqual([cut.trades!.length, cut.trades_total], [length - 1, length]);
});

test('the usual bound leaves requests and their hashes as they were; another one is a part of the request', () => {
  const usual = busy(10_000);
  assert.ok(!('max_trades_persisted_per_row' in usual.runtime));
  const other = requestJson(busy(500));
  assert.equal(other.runtime.max_trades_persisted_per_row, 500);
  assert.notEqual(requestHash(busy(500)), requestHash(usual));
});

test('rows that are taken one by one are those of the result, which has none then', async () => {
  const spec = busy(50);
  const { rows, ...rest } = await resultOf(spec);
  const taken: VariantRow[] = [];
  const { rows: none, ...same } = await resultOf(spec, (row) => taken.push(row));
  assert.deepEqual(none, []);
  assert.deepEqual(
    taken.toSorted((a, b) => a.rank - b.rank),
    rows,
  );
  assert.deepEqual(same, rest);
});

test('the estimate counts the trades that rows keep: at most one a bar, and no more than are stored', () => {
  const bytes = (spec: Spec): number => estimate(spec, buildGrid(spec)).bytes;
  const kept = (spec: Spec): number[] => Object.values(keptTrades(spec, buildGrid(spec)));
  const without = bytes(busy(10_000, { top_trades_n: 0 }));
  assert.deepEqual(kept(busy(10_000)), [2, BARS]);
  assert.equal(bytes(busy(10_000)) - without, (2 + 1) * BARS * 600, 'two that are kept and one under way');
  assert.deepEqual(kept(busy(100)), [2, 100]);
  assert.equal(bytes(busy(100)) - without, 3 * 100 * 600);
  assert.deepEqual(kept(busy(100, { top_trades_n: 1000 })), [3, 100], 'no more rows than are ranked');
});

test('the gate refuses more trades than the memory holds, and names the way out', () => {
  const year = { start: '2024-01-01T00:00:00Z', end: '2025-01-01T00:00:00Z' };
  const template = {
    instrument_id: { market_id: 1, symbol: 'BUSY' },
    timeframe: '1m',
    indicator_grids: [
      { indicator_id: 'ma.sma', params: { window: { mode: 'range', start: 2, stop_incl: 1001, step: 1 } } },
    ],
  };
  const input = (top_trades_n: number): object => ({ time_range: year, luck: 0, top_k: 1000, top_trades_n, template });
  assert.doesNotThrow(() => parseSpec(input(300)));
  const { problems } = errorOf(input(1000));
  assert.deepEqual(
    problems.map(({ path, code }) => [path, code]),
    [['top_trades_n', 'too_much_memory']],
  );
  assert.match(
    problems[0].message,
    /trades of 1000 variants, up to 10000 each, .* ask for the trades of fewer variants/,
  );
});
