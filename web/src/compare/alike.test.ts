import assert from 'node:assert/strict';
import { test } from 'node:test';
import { daysIn, monthlyCorrelation, sharedDays } from './alike.ts';

const months = (returns: readonly number[], first = 1) =>
  returns.map((return_pct, at) => ({ month: `2020-${String(first + at).padStart(2, '0')}`, return_pct }));

test('months that both have are correlated', () => {
  assert.equal(monthlyCorrelation(months([1, 2, 3]), months([2, 4, 6])), 1);
  assert.equal(monthlyCorrelation(months([1, 2, 3]), months([6, 4, 2])), -1);
  const value = monthlyCorrelation(months([1, 2, 3, 4, 9]), months([3, 2, 4, 7], 2));
  assert.ok(value !== null && Math.abs(value - 0.9429541672723838) < 1e-12, String(value));
});

test('what never moves, or overlaps in less than three months, is like nothing', () => {
  assert.equal(monthlyCorrelation(months([0, 0, 0]), months([1, 2, 3])), null);
  assert.equal(monthlyCorrelation(months([1, 2, 3]), months([1, 2, 3], 2)), null);
});

const trade = (entry_time: string, exit_time: string) => ({ entry_time, exit_time });

test('days in the market are those of positions, and the shared ones are a part of those of either', () => {
  const a = daysIn([
    trade('2020-01-01T00:00:00Z', '2020-01-03T00:00:00Z'),
    trade('2020-01-05T10:00:00Z', '2020-01-05T12:00:00Z'),
  ]);
  assert.equal(a.size, 3);
  const b = daysIn([trade('2020-01-02T09:00:00Z', '2020-01-03T09:00:00Z')]);
  assert.equal(b.size, 2);
  assert.equal(sharedDays(a, b), 1 / 4);
  assert.equal(sharedDays(a, a), 1);
  assert.equal(sharedDays(new Set(), new Set()), null);
});
