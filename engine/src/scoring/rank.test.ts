import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { random } from '../grid/random.ts';
import { metricJson } from '../simulate/metrics-json.ts';
import type { Ranking } from '../spec.ts';
import { Best, compareScores, orderOf, rank, rankedColumns, type BestColumns, type Score } from './rank.ts';

const BY_RETURN: Ranking = { primary_metric: 'total_return_pct', secondary_metric: null };
const BY_DRAWDOWN: Ranking = { primary_metric: 'max_drawdown_pct', secondary_metric: 'sharpe' };

function ranked(ranking: Ranking, primaries: readonly number[]): number[] {
  const scores = primaries.map((primary, index): Score => ({ index, primary, secondary: 0, ruined: 0 }));
  return scores.sort((a, b) => compareScores(orderOf(ranking), a, b)).map(({ primary }) => primary);
}

test('infinity is the best of what should be high, not-a-number is last in both directions', () => {
  assert.deepEqual(ranked(BY_RETURN, [NaN, 1, -Infinity, Infinity, 2]), [Infinity, 2, 1, -Infinity, NaN]);
  assert.deepEqual(ranked(BY_DRAWDOWN, [NaN, 1, -Infinity, Infinity, 2]), [-Infinity, 1, 2, Infinity, NaN]);
});

test('ties go to the secondary metric, then to the lower index; 0 and -0 and two NaN are ties', () => {
  const order = orderOf(BY_DRAWDOWN);
  const compare = (a: readonly number[], b: readonly number[]): number =>
    Math.sign(
      compareScores(
        order,
        { primary: a[0], secondary: a[1], index: a[2], ruined: 0 },
        { primary: b[0], secondary: b[1], index: b[2], ruined: 0 },
      ),
    );
  assert.equal(compare([1, 5, 9], [1, 4, 0]), -1);
  assert.equal(compare([1, NaN, 0], [1, -5, 9]), 1);
  assert.equal(compare([0, 5, 2], [-0, 5, 3]), -1);
  assert.equal(compare([NaN, 5, 2], [NaN, 5, 3]), -1);
  assert.equal(compare([NaN, NaN, 3], [NaN, NaN, 3]), 0);
  assert.equal(
    compareScores(
      orderOf(BY_RETURN),
      { primary: 1, secondary: 0, index: 1, ruined: 0 },
      { primary: 1, secondary: 9, index: 2, ruined: 0 },
    ),
    -1,
  );
});

test('rank takes variants with metrics as numbers or as JSON, and leaves out those without trades', () => {
  const variants = [
    { variant_index: 0, metrics: { profit_factor: 2, num_trades: 3 } },
    { variant_index: 1, metrics: { profit_factor: null, num_trades: 3 } },
    { variant_index: 2, metrics: { profit_factor: 'inf', num_trades: 3 } },
    { variant_index: 3, metrics: { profit_factor: 9, num_trades: 0 } },
    { variant_index: 4, metrics: { num_trades: 3 } },
    { variant_index: 5, metrics: { profit_factor: Infinity, num_trades: 3 } },
    { variant_index: 6, metrics: { profit_factor: '-inf', num_trades: 3 } },
  ] as const;
  const before = structuredClone(variants);
  const order = rank(variants, { primary_metric: 'profit_factor', secondary_metric: null });
  assert.deepEqual(
    order.map(({ variant_index }) => variant_index),
    [2, 5, 0, 6, 1, 4],
  );
  assert.deepEqual(variants, before);
});

function pushAll(limit: number, ranking: Ranking, scores: readonly Score[]): Best {
  const best = new Best(ranking, limit);
  for (const { index, primary, secondary, ruined } of scores) best.push(index, primary, secondary, ruined);
  return best;
}

/** Few distinct values, so that ties are common. */
function randomScores(next: () => number, count: number): Score[] {
  const value = (): number => [NaN, Infinity, -Infinity, 0, -0, 1, 2, 3, next()][Math.floor(next() * 9)];
  return Array.from({ length: count }, (_, index) => ({
    index,
    primary: value(),
    secondary: value(),
    ruined: Number(next() < 0.3),
  }));
}

function shuffled<T>(next: () => number, items: readonly T[]): T[] {
  const placed = items.map((item) => ({ item, at: next() }));
  return placed.sort((a, b) => a.at - b.at).map(({ item }) => item);
}

test('a variant that went bust ranks behind each that did not, whatever its metrics', () => {
  const score = (index: number, primary: number, ruined: number): Score => ({ index, primary, secondary: 0, ruined });
  const scores = [score(0, Infinity, 1), score(1, NaN, 0), score(2, -Infinity, 0), score(3, NaN, 1), score(4, 5, 0)];
  assert.deepEqual([...pushAll(9, BY_RETURN, scores).ranked().index], [4, 2, 1, 0, 3]);
  assert.deepEqual([...pushAll(3, BY_RETURN, scores).ranked().index], [4, 2, 1]);
  const rows = scores.map(({ index, primary, ruined }) => ({
    variant_index: index,
    metrics: { total_return_pct: metricJson(primary), bust: ruined },
  }));
  assert.deepEqual(
    rank(rows, BY_RETURN).map(({ variant_index }) => variant_index),
    [4, 2, 1, 0, 3],
  );
});

describe('the best of many', () => {
  test('by plateaus has one variant of each base, whatever the order, the chunks and the order of merging', () => {
    const riskTotal = 3;
    for (let seed = 0; seed < 200; seed += 1) {
      const next = random(seed);
      const ranking = { ...(seed % 2 === 0 ? BY_RETURN : BY_DRAWDOWN), secondary_metric: null, plateau: 1 };
      const limit = Math.floor(next() * 40);
      const plateaus = randomScores(next, 60).map(({ primary }) => primary);
      const scores = randomScores(next, 60 * riskTotal)
        .filter(() => next() < 0.8)
        .map(({ index, primary, ruined }) => {
          return { index, primary, secondary: plateaus[Math.floor(index / riskTotal)], ruined };
        });
      const bare = orderOf({ primary_metric: ranking.primary_metric, secondary_metric: null });
      const firsts = plateaus.flatMap((_, base) => {
        const own = scores.filter(({ index }) => Math.floor(index / riskTotal) === base);
        return own.sort((a, b) => compareScores(bare, a, b)).slice(0, 1);
      });
      const sorted = firsts.sort((a, b) => compareScores(orderOf(ranking), a, b)).slice(0, limit);
      const merged = new Best(ranking, limit, riskTotal);
      const mixed = shuffled(next, scores);
      while (mixed.length > 0) {
        const part = new Best(ranking, next() < 0.5 ? limit : Infinity, riskTotal);
        const some = mixed.splice(0, 1 + Math.floor(next() * 50));
        for (const { index, primary, secondary, ruined } of some) part.push(index, primary, secondary, ruined);
        merged.merge(part.columns());
      }
      const found = merged.ranked();
      assert.deepEqual(
        [...found.index],
        sorted.map(({ index }) => index),
        `seed ${seed}`,
      );
      assert.deepEqual(
        [...found.primary],
        sorted.map(({ primary }) => primary),
        `seed ${seed}`,
      );
    }
  });

  test('is the head of the sorted list, whatever the order, the chunks and the order of merging', () => {
    for (let seed = 0; seed < 200; seed += 1) {
      const next = random(seed);
      const ranking = seed % 2 === 0 ? BY_RETURN : BY_DRAWDOWN;
      const limit = Math.floor(next() * 100);
      const scores = randomScores(next, Math.floor(next() * 300));
      const sorted = scores.toSorted((a, b) => compareScores(orderOf(ranking), a, b)).slice(0, limit);
      const expected: BestColumns = {
        index: Float64Array.from(sorted, ({ index }) => index),
        primary: Float64Array.from(sorted, ({ primary }) => primary),
        secondary: Float64Array.from(sorted, ({ secondary }) => secondary),
        ruined: Float64Array.from(sorted, ({ ruined }) => ruined),
      };
      const mixed = shuffled(next, scores);
      const whole = pushAll(limit, ranking, mixed);
      assert.deepEqual(whole.ranked(), expected);
      assert.deepEqual(rankedColumns(ranking, whole.columns()), expected);
      assert.equal(whole.size, sorted.length);

      const chunks: Score[][] = [[], [], [], []];
      for (const score of mixed) chunks[Math.floor(next() * 4)].push(score);
      const merged = new Best(ranking, limit);
      for (const chunk of shuffled(next, chunks)) merged.merge(pushAll(limit, ranking, chunk).columns());
      assert.deepEqual(merged.ranked(), expected);
    }
  });

  test('a copy of the columns can be resumed from, and does not change with it', () => {
    const next = random(1);
    const scores = randomScores(next, 500);
    const snapshot = pushAll(50, BY_RETURN, scores.slice(0, 250)).columns();
    const kept = structuredClone(snapshot);
    const resumed = new Best(BY_RETURN, 50);
    resumed.merge(snapshot);
    for (const { index, primary, secondary, ruined } of scores.slice(250))
      resumed.push(index, primary, secondary, ruined);
    assert.deepEqual(resumed.ranked(), pushAll(50, BY_RETURN, scores).ranked());
    assert.deepEqual(snapshot, kept);
  });

  test('looking at the best in between changes nothing', () => {
    for (let seed = 0; seed < 50; seed += 1) {
      const next = random(seed);
      const scores = randomScores(next, 300);
      const watched = new Best(BY_DRAWDOWN, 40);
      for (const { index, primary, secondary, ruined } of scores) {
        watched.push(index, primary, secondary, ruined);
        if (next() < 0.1) assert.equal(watched.columns().index.length, watched.size);
      }
      assert.deepEqual(watched.ranked(), pushAll(40, BY_DRAWDOWN, scores).ranked());
    }
  });
});
