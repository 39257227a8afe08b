import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseSpec } from '../gate/parse-spec.ts';
import { buildGrid, riskAt, valuesAt, type Grid } from '../grid/grid.ts';
import { edgeFlag, idleFlag, peakFlag, tradesFlag } from './flags.ts';
import { gridEdges, neighboursOf } from './neighbours.ts';
import { sentenceOf } from './sentence.ts';

const some = (...values: readonly (number | string)[]): object => ({ mode: 'explicit', values });

/** Axes in the order a, b; of risk in the order sl, tp, trail, max_bars. */
function gridOf(params: object, risk_grid: object = {}, constraints: readonly string[] = []): Grid {
  return buildGrid(
    parseSpec({
      time_range: { start: '2024-01-01T00:00:00Z', end: '2024-02-01T00:00:00Z' },
      template: {
        instrument_id: { market_id: 1, symbol: 'TEST' },
        timeframe: '1h',
        rules: { long: 'sma(close, a) > sma(close, b)' },
        params,
        constraints,
        risk_grid,
      },
    }),
  );
}

describe('neighbours', () => {
  const grid = gridOf({ a: some(9, 3, 5), b: some(20, 30) }, { sl: some('off', 1, 2, 4), max_bars: some(5, 10) });
  const variant = (a: number, b: number, sl: number, maxBars: number): number => ((2 * a + b) * 4 + sl) * 2 + maxBars;
  const around = (index: number): unknown[] =>
    neighboursOf(grid, index).map(({ base, risk }) => {
      const { sl, maxBars } = riskAt(grid, risk);
      return Object.values<unknown>(valuesAt(grid, base) ?? {}).concat(sl, maxBars);
    });

  test('are one step away by value, on one axis, grid or risk', () => {
    assert.deepEqual(around(variant(2, 0, 2, 1)), [
      [3, 20, 2, 10],
      [9, 20, 2, 10],
      [5, 30, 2, 10],
      [5, 20, 1, 10],
      [5, 20, 4, 10],
      [5, 20, 2, 5],
    ]);
  });

  test('`off` is no number and has none on its axis', () => {
    assert.deepEqual(around(variant(1, 1, 0, 0)), [
      [5, 30, null, 5],
      [3, 20, null, 5],
      [3, 30, null, 10],
    ]);
  });

  test('an edge is the lowest or highest of three numbers at least', () => {
    assert.deepEqual(gridEdges(grid, variant(2, 0, 2, 1)), []);
    assert.deepEqual(gridEdges(grid, variant(0, 1, 1, 1)), [
      { axis: 'a', value: 9, end: 'highest' },
      { axis: 'sl', value: 1, end: 'lowest' },
    ]);
    assert.deepEqual(gridEdges(grid, variant(1, 1, 0, 0)), [{ axis: 'a', value: 3, end: 'lowest' }]);
    assert.equal(edgeFlag(gridEdges(grid, variant(2, 0, 2, 1)))?.raised, false);
  });

  test('may be combinations that a constraint excludes: those are no variants', () => {
    const fenced = gridOf({ a: some(5, 10, 15), b: some(10, 20) }, {}, ['a < b']);
    const bases = neighboursOf(fenced, 0).map(({ base }) => valuesAt(fenced, base));
    assert.deepEqual(bases, [null, { a: 5, b: 20 }]);
  });
});

describe('flags', () => {
  const desc = { primary_metric: 'total_return_pct', secondary_metric: null } as const;
  const asc = { primary_metric: 'max_drawdown_pct', secondary_metric: null } as const;

  test('a peak is isolated when a step away more than half of its advantage is gone', () => {
    assert.deepEqual(peakFlag(desc, 100, [40, NaN, 20, 44], [0, 10, NaN, 20, 0, 10, 20, 10]), {
      raised: true,
      score: 100,
      neighbours: 3,
      neighbour_median: 40,
      neighbour_worst: 20,
      typical: 10,
      left_share: 30 / 90,
    });
    const broad = peakFlag(desc, 100, [89, 61], [10, 9, 11, 8, 12, 10]);
    assert.ok(typeof broad === 'object' && !broad.raised && broad.left_share === 65 / 90);
    const shallow = peakFlag(asc, 10, [12], [30, 29, 31, 28, 32]);
    assert.ok(
      typeof shallow === 'object' && !shallow.raised && shallow.left_share === 0.9 && shallow.neighbour_worst === 12,
    );
  });

  test('a neighbour nearly as good as the best stands beside it, however small the advantage of both', () => {
    const around = [44.76, 45.1];
    const others = [44.9, 45, 44.8, 44.7, 44.9, 46.14, 44.76, 45.1];
    const near = peakFlag(desc, 46.14, around, others);
    assert.ok(typeof near === 'object' && !near.raised && near.left_share < 0.5);
    const alone = peakFlag(
      desc,
      46.14,
      around,
      others.map((value) => value - 20),
    );
    assert.ok(typeof alone === 'object' && !alone.raised);
    const peak = peakFlag(desc, 46.14, [36, 36], [30, 33, 35, 36, 36, 46.14]);
    assert.ok(typeof peak === 'object' && peak.raised);
    const depth = peakFlag(asc, -10, [-9.5], [-9, -8, -9, -9.2, -10, -9.1]);
    assert.ok(typeof depth === 'object' && !depth.raised);
  });

  test('or says why that cannot be told', () => {
    const few = 'fewer than 3 variants that trade are neither the best nor one step away';
    for (const drawn of [
      [100, 90],
      [100, 90, 80],
      [100, 90, 80, 70],
    ])
      assert.equal(peakFlag(desc, 100, [90], drawn), few);
    assert.equal(typeof peakFlag(desc, 100, [90], [100, 90, 80, 70, 60]), 'object');
    assert.equal(peakFlag(desc, 100, [NaN], [10]), 'no variant one step away trades');
    assert.equal(peakFlag(desc, Infinity, [3], [1]), 'scores are equal or infinite');
    assert.equal(peakFlag(desc, 5, [5], [5]), 'scores are equal or infinite');
    assert.equal(peakFlag(desc, 5, [4], []), 'no other base variant trades');
    assert.equal(peakFlag(desc, 5, [4], [6]), 'the best is no better than a typical variant');
    assert.equal(peakFlag(asc, 5, [4], [3]), 'the best is no better than a typical variant');
  });

  test('few trades are fewer than 30, an idle grid is one of which more than half never trades', () => {
    assert.deepEqual(
      [29, 30].map((trades) => tradesFlag(trades)?.raised),
      [true, false],
    );
    assert.deepEqual(idleFlag(6, 10), { raised: true, share: 0.6 });
    assert.deepEqual([idleFlag(5, 10)?.raised, idleFlag(0, 0)], [false, null]);
  });
});

test('the sentence says what a trader needs, warnings last', () => {
  const verdict = {
    luck: 'likely' as const,
    trials: 970_808,
    compared: { kept: 100, drawn: 700 },
    days: 5031,
    years: 19.96,
    periods_per_year: 252,
    sharpe_daily: 0.0448,
    sharpe_annual: 0.711,
    skewness: 0,
    kurtosis: 3,
    probabilistic_sharpe: 0.999,
    sharpe_variance_daily: 0.0003,
    lucky_sharpe_annual: 1.3449,
    deflated_sharpe: 0.01,
    minimum_backtest_years: 23.7,
    overfitting_probability: 0.615,
    flags: {
      edge_of_grid: edgeFlag([{ axis: 'n', value: 200, end: 'highest' }]),
      few_trades: tradesFlag(12),
      isolated_peak: null,
      zero_trades_share: idleFlag(0, 10),
    },
    reasons: {},
  };
  assert.equal(
    sentenceOf(verdict),
    'Likely luck: the best of 970,808 variants has a Sharpe ratio of 0.71 a year, and the best of as many without any ' +
      'skill would have about 1.34; what wins in one half of the history does worse than most in the other half 62% of ' +
      'the time; beware: it made only 12 trades, it lies at the edge of the grid (n 200, the highest).',
  );
  const { edge_of_grid, zero_trades_share } = verdict.flags;
  const calm = { edge_of_grid: edgeFlag([]), few_trades: tradesFlag(1), isolated_peak: null, zero_trades_share };
  assert.ok(edge_of_grid?.raised);
  assert.equal(
    sentenceOf({ ...verdict, sharpe_annual: -1.004, overfitting_probability: null, flags: calm }),
    'Likely luck: the best of 970,808 variants has a Sharpe ratio of -1 a year, so even the best made no money; ' +
      'beware: it made only 1 trade.',
  );
});
