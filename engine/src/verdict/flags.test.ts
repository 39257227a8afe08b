import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseSpec } from '../gate/parse-spec.ts';
import { buildGrid, riskAt, valuesAt, type Grid } from '../grid/grid.ts';
import { edgeFlag, holdingFlag, idleFlag, peakFlag, tradesFlag } from './flags.ts';
import { gridEdges, neighboursOf } from './neighbours.ts';

const some = (...values: readonly (number | string)[]): object => ({ mode: 'explicit', values });

/** Axes in the order a, b; of risk in the order sl, tp, trail, max_bars. */
function gridOf(params: object, risk_grid: object = {}, constraints: readonly string[] = []): Grid {
  return buildGrid(
    parseSpec({
      time_range: { start: '2024-01-01T00:00:00Z', end: '2024-02-01T00:00:00Z' },
      luck: 0,
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
    neighboursOf(grid, index).map(({ point: { base, risk } }) => {
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

  test('`off` is no number: beside it is what the list has there, which is no step by value', () => {
    const index = variant(1, 1, 0, 0);
    assert.deepEqual(around(index), [
      [5, 30, null, 5],
      [3, 20, null, 5],
      [3, 30, 1, 5],
      [3, 30, null, 10],
    ]);
    const steps = neighboursOf(grid, index).map(({ axis, value, byNumber }) => [axis, value, byNumber]);
    assert.deepEqual(steps, [
      ['a', 5, true],
      ['b', 20, true],
      ['sl', 1, false],
      ['max_bars', 10, true],
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
    const bases = neighboursOf(fenced, 0).map(({ point }) => valuesAt(fenced, point.base));
    assert.deepEqual(bases, [null, { a: 5, b: 20 }]);
  });
});

describe('flags', () => {
  const desc = { primary_metric: 'total_return_pct', secondary_metric: null } as const;
  const asc = { primary_metric: 'max_drawdown_pct', secondary_metric: null } as const;

  const bases = (scores: readonly number[]) => scores.map((score, base) => ({ base, score }));

  test('a peak is isolated when a step away more than half of its advantage is gone', () => {
    assert.deepEqual(peakFlag(desc, 100, [40, NaN, 20, 44], bases([0, 10, NaN, 20, 0, 10, 20, 11, 9])), {
      raised: true,
      score: 100,
      neighbours: 3,
      neighbour_median: 40,
      neighbour_worst: 20,
      typical: 10,
      left_share: 30 / 90,
    });
    const broad = peakFlag(desc, 100, [89, 61], bases([10, 9, 11, 8, 12, 10]));
    assert.ok(typeof broad === 'object' && !broad.raised && broad.left_share === 65 / 90);
    const shallow = peakFlag(asc, 10, [12], bases([30, 29, 31, 28, 32]));
    assert.ok(
      typeof shallow === 'object' && !shallow.raised && shallow.left_share === 0.9 && shallow.neighbour_worst === 12,
    );
  });

  test('a neighbour nearly as good as the best stands beside it, however small the advantage of both', () => {
    const around = [44.76, 45.1];
    const others = [44.9, 45, 44.8, 44.7, 44.9, 46.14, 44.76, 45.1];
    const near = peakFlag(desc, 46.14, around, bases(others));
    assert.ok(typeof near === 'object' && !near.raised && near.left_share < 0.5);
    const alone = peakFlag(desc, 46.14, around, bases(others.map((value) => value - 20)));
    assert.ok(typeof alone === 'object' && !alone.raised);
    const peak = peakFlag(desc, 46.14, [36, 36], bases([30, 33, 35, 36, 36, 46.14]));
    assert.ok(typeof peak === 'object' && peak.raised);
    const depth = peakFlag(asc, -10, [-9.5], bases([-9, -8, -9, -9.2, -10, -9.1]));
    assert.ok(typeof depth === 'object' && !depth.raised);
  });

  test('or says why that cannot be told', () => {
    const few = 'fewer than 4 base variants that trade differ in score';
    for (const drawn of [
      [100, 90, 80],
      [100, 90, 90, 80, 80],
      [100, 90, 80, NaN],
    ])
      assert.equal(peakFlag(desc, 100, [90], bases(drawn)), few);
    // Many stops of three base variants are three: of each its first one counts.
    const stops = [100, 90, 80].flatMap((score, base) => [0, 1, 2].map((by) => ({ base, score: score - by })));
    assert.equal(peakFlag(desc, 100, [90], stops), few);
    assert.equal(typeof peakFlag(desc, 100, [90], [...stops, { base: 3, score: 60 }]), 'object');
    assert.equal(typeof peakFlag(desc, 100, [90], bases([100, 90, 80, 70])), 'object');
    const others = [4, 3, 2, 1];
    assert.equal(peakFlag(desc, 100, [NaN], bases(others)), 'no variant one step away trades');
    assert.equal(peakFlag(desc, Infinity, [3], bases(others)), 'scores are equal or infinite');
    assert.equal(peakFlag(desc, 2.5, [5], bases(others)), 'scores are equal or infinite');
    assert.equal(peakFlag(desc, 5, [4], []), 'no other variant trades');
    assert.equal(peakFlag(desc, 2, [1], bases(others)), 'the best is no better than a typical variant');
    assert.equal(peakFlag(asc, 5, [4], bases(others)), 'the best is no better than a typical variant');
  });

  test('holding is better where its Sharpe ratio is higher', () => {
    const holding = {
      return_pct: 10,
      excess_return_pct: -5,
      sharpe_annual: 0.5,
      excess_sharpe_annual: 0.1,
      error_annual: 0.2,
      deflated_sharpe: null,
      long_share: 1,
    };
    assert.deepEqual(holdingFlag(holding), { raised: false, sharpe_annual: 0.6, holding_sharpe_annual: 0.5 });
    assert.equal(holdingFlag({ ...holding, excess_sharpe_annual: -0.1 })?.raised, true);
    assert.equal(holdingFlag(null), null);
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
