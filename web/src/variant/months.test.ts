import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compound, heatOf, joinMonths, monthGrid } from './months.ts';

const month = (name: string, return_pct: number) => ({ month: name, return_pct, benchmark_pct: 1 });

test('months stand in their years, and a year without any is there', () => {
  const grid = monthGrid([month('2000-11', 10), month('2000-12', 10), month('2002-01', -50)]);
  assert.deepEqual(
    grid.map(({ year, months }) => [year, months.map((one) => one?.return_pct ?? null)]),
    [
      ['2000', [null, null, null, null, null, null, null, null, null, null, 10, 10]],
      ['2001', Array.from({ length: 12 }, () => null)],
      ['2002', [-50, ...Array.from({ length: 11 }, () => null)]],
    ],
  );
  assert.ok(Math.abs((grid[0]?.return_pct ?? 0) - 21) < 1e-9);
  assert.deepEqual(monthGrid([]), []);
});

test('a month that is searched and held out counts once', () => {
  const joined = joinMonths([month('2014-01', 10)], [month('2014-01', -10), month('2014-02', 3)]);
  assert.deepEqual(
    joined.map(({ month: name }) => name),
    ['2014-01', '2014-02'],
  );
  assert.ok(Math.abs((joined[0]?.return_pct ?? 0) + 1) < 1e-9);
  assert.equal(compound([]), 0);
});

test('colours are centred on 0 and end at the widest', () => {
  assert.deepEqual(
    [-99, -10, 0, 10, 99].map((percent) => heatOf(percent, 10)),
    [0, 0, 6, 12, 12],
  );
  assert.ok(heatOf(0.1, 10) >= 6);
  assert.equal(heatOf(5, 0), 6);
});
