// What is told before a search is what its verdict tells, wherever every variant trades and candles fill the range.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSpec } from '../gate/parse-spec.ts';
import { buildGrid } from '../grid/grid.ts';
import { search } from '../search.ts';
import { randomCandles } from '../testing/candles.ts';
import { specInput } from '../testing/specs.ts';
import { estimateHistory } from './history.ts';

const DAY_MS = 86_400_000;
const WARMUP = 10;
const some = (...values: readonly (number | string)[]): object => ({ mode: 'explicit', values });

const CASES: Readonly<Record<string, object>> = {
  'everything searched on': {},
  'some held out': { validation: { mode: 'holdout', fraction: 0.3 } },
  'a walk of three folds, of which the verdict is of the last': {
    validation: { mode: 'walk_forward', folds: 3, train_fraction: 0.5 },
  },
  'a sample': { sample: { n: 4, seed: 1 } },
};

for (const [name, changes] of Object.entries(CASES)) {
  test(`trials and years as the verdict has them: ${name}`, async () => {
    const end = '2021-01-01T00:00:00Z';
    const time_range = { start: '2020-01-01T00:00:00Z', end };
    const indicator_grids = [
      { indicator_id: 'ma.sma', params: { window: { mode: 'range', start: 2, stop_incl: 7, step: 1 } } },
    ];
    const risk_grid = { sl: some('off', 3), tp: some('off', 5, 9) };
    const template = { timeframe: '1d', indicator_grids, risk_grid };
    const spec = parseSpec(specInput({ time_range, warmup_bars: WARMUP, preselect: 3, ...changes }, template));
    const candles = randomCandles(1, 366 + WARMUP, {
      start: Date.parse(time_range.start) - WARMUP * DAY_MS,
      stepMs: DAY_MS,
    });
    for await (const { result } of search(candles, spec)) {
      if (result === null) continue;
      const { trials, years, minimum_backtest_years, flags } = result.verdict;
      const { short_history } = flags;
      assert.deepEqual(estimateHistory(spec, buildGrid(spec)), {
        trials,
        minimum_backtest_years,
        years,
        short_history,
      });
    }
  });
}

test('one trial chooses nothing and needs no history', () => {
  const spec = parseSpec(specInput({}, { indicator_grids: [{ indicator_id: 'ma.sma', params: { window: 20 } }] }));
  const { trials, minimum_backtest_years } = estimateHistory(spec, buildGrid(spec));
  assert.deepEqual({ trials, minimum_backtest_years }, { trials: 1, minimum_backtest_years: 0 });
});
