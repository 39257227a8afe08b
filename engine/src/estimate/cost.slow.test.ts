// The estimate against whole searches, each in a process of its own that measures what its columns take.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseSpec } from '../gate/parse-spec.ts';
import { buildGrid } from '../grid/grid.ts';
import { specInput } from '../testing/specs.ts';
import { estimate } from './cost.ts';

const MINUTES = 150_000;
const range = (start: number, stop_incl: number, step = 1): object => ({ mode: 'range', start, stop_incl, step });
const some = (...values: readonly (number | string)[]): object => ({ mode: 'explicit', values });

/** Specs on minutes of a market that never closes, of which every column can be counted beforehand. */
const WHOLE: Readonly<Record<string, readonly [object, object]>> = {
  'indicators with stops': [
    { top_k: 50, preselect: 100 },
    {
      indicator_grids: [
        { indicator_id: 'ma.sma', params: { window: range(5, 40) } },
        { indicator_id: 'momentum.rsi', params: { window: range(5, 14) } },
      ],
      signal_grids: { 'momentum.rsi': { long_threshold: range(30, 45, 5) } },
      risk_grid: { sl: some('off', 1, 2) },
    },
  ],
  'rules with an exit, ranked by a path': [
    { top_k: 20, preselect: 30, ranking: { primary_metric: 'sharpe' } },
    {
      indicator_grids: undefined,
      rules: { long: 'ema(close, a) > ema(close, b)', exit_long: 'close < lowest(low[1], b)' },
      params: { a: range(3, 8), b: range(20, 40, 5) },
    },
  ],
  'a sample of a grid of many columns': [
    { top_k: 20, preselect: 30, sample: { n: 40, seed: 1 } },
    {
      indicator_grids: undefined,
      rules: { long: 'close > sma(close, a) and rsi(close, n) < 50' },
      params: { a: range(2, 1001), n: range(2, 1001) },
    },
  ],
  'few of many combinations in a verdict': [
    { top_k: 20, preselect: 30 },
    {
      indicator_grids: undefined,
      rules: { long: 'close > a * 20 and close > n / 13' },
      params: { a: range(1, 5), n: range(1, 2000) },
    },
  ],
  'more columns than are kept': [
    { top_k: 20, preselect: 30 },
    {
      indicator_grids: undefined,
      rules: { long: 'close > sma(close, a) and rsi(close, n) < 40 and ema(close, n) > open' },
      params: { a: range(3, 4), n: range(5, 154) },
    },
  ],
};

for (const [name, [changes, template]] of Object.entries(WHOLE)) {
  test(`the memory of a whole search is estimated within 20 %: ${name}`, () => {
    const end = new Date(Date.UTC(2024, 0, 1) + MINUTES * 60_000).toISOString();
    const time_range = { start: '2024-01-01T00:00:00Z', end };
    // Trades are counted as the most there can be, so no row keeps any here.
    const input = specInput(
      { time_range, warmup_bars: 0, top_trades_n: 0, ...changes },
      { timeframe: '1m', ...template },
    );
    const spec = parseSpec(input);
    const { bytes: promised } = estimate(spec, buildGrid(spec));
    const program = fileURLToPath(new URL('../testing/measure-search.ts', import.meta.url));
    const args = [program, JSON.stringify(input), String(MINUTES)];
    const { bytes } = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));
    assert.ok(Math.abs(promised / bytes - 1) < 0.2, `${bytes} bytes taken, ${promised} promised`);
  });
}
