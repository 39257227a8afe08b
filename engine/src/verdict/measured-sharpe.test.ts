import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Permuted } from '../luck/permuted.ts';
import { tellPermuted } from './measured-sharpe.ts';
import { momentsOf } from './moments.ts';
import { probabilisticSharpe } from './sharpe.ts';

const BEST = momentsOf(Float64Array.from({ length: 200 }, (_, day) => 0.01 * Math.sin(day * day) + 0.002));
const MARKET = {
  ranking: { primary_metric: 'total_return_pct', secondary_metric: null },
  periodsPerYear: 365,
} as const;

function permuted(changes: Partial<Permuted> = {}): Permuted {
  const bests = Array.from({ length: 99 }, (_, at) => (at * 37) % 99);
  return {
    done: 99,
    asked: 99,
    variants: 30,
    grid_variants: 30,
    blocks: null,
    walk: false,
    p: 0.01,
    as_good: 0,
    best: 120,
    best_sharpe_daily: BEST.sharpe,
    best_variant: 0,
    bests,
    sharpes: bests.map((value) => value / 1000),
    reason: null,
    ...changes,
  };
}

test('luck is the mean of what the best of permuted markets have, its typical best their median', () => {
  const told = tellPermuted(permuted(), BEST, MARKET);
  assert.equal(told.typical, 49);
  assert.ok(Math.abs(Number(told.lucky_sharpe_annual) - 0.049 * Math.sqrt(365)) < 1e-12);
  assert.ok(Math.abs(Number(told.deflated_sharpe) - probabilisticSharpe(BEST, 0.049)) < 1e-12);
  assert.equal(told.sharpe_reason, null);
  assert.deepEqual(told.bests, permuted().bests);
});

test('the median of infinities, of nothing ranked and of a metric that is better when lower', () => {
  const typical = (
    bests: Permuted['bests'],
    primary_metric: 'total_return_pct' | 'max_drawdown_pct' = 'total_return_pct',
  ) =>
    tellPermuted(permuted({ bests, sharpes: [] }), BEST, {
      ...MARKET,
      ranking: { primary_metric, secondary_metric: null },
    }).typical;
  assert.equal(typical([3, 'inf', 'inf', null, 'inf']), 'inf');
  assert.equal(typical([null, null, 5]), null);
  assert.equal(typical([null, '-inf', 5]), '-inf');
  assert.equal(typical([1, 2, 3, 4]), 2); // the worse of both in the middle
  assert.equal(typical([1, 2, 3, 4], 'max_drawdown_pct'), 3);
  assert.equal(typical([null, 7, 3], 'max_drawdown_pct'), 7);
  assert.equal(typical([]), null);
});

test('ratios that are no numbers are left out, up to a tenth', () => {
  const sharpes = permuted().sharpes.map((sharpe, at) => (at < 9 ? null : sharpe));
  const few = tellPermuted(permuted({ sharpes }), BEST, MARKET);
  const known = sharpes.filter((sharpe) => sharpe !== null);
  const mean = known.reduce((sum, sharpe) => sum + sharpe, 0) / 90;
  assert.ok(Math.abs(Number(few.lucky_sharpe_annual) - mean * Math.sqrt(365)) < 1e-12);
  const many = tellPermuted(
    permuted({ sharpes: sharpes.map((sharpe, at) => (at === 50 ? null : sharpe)) }),
    BEST,
    MARKET,
  );
  assert.deepEqual(
    [many.lucky_sharpe_annual, many.deflated_sharpe, many.sharpe_reason],
    [null, null, 'in 10 of 99 permuted markets the best has no Sharpe ratio'],
  );
});

test('what the ratio of that search cannot be measured by is said', () => {
  const reason = (changes: Partial<Permuted>, best: typeof BEST | null = BEST): string | null => {
    const told = tellPermuted(permuted(changes), best, MARKET);
    assert.equal(told.deflated_sharpe, null);
    return told.sharpe_reason;
  };
  assert.equal(reason({ walk: true }), 'the best of a walk changes from fold to fold');
  assert.equal(reason({}, null), 'the moments of the best of that search are not known');
  assert.equal(reason({ bests: [], sharpes: [], done: 0, p: null }), 'no permuted market was searched');
  const still = momentsOf(new Float64Array(50).fill(0.01));
  assert.equal(still.sharpe, Infinity);
  assert.equal(reason({}, still), 'the best of that search has no Sharpe ratio');
});
