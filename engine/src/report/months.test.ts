import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDayClock } from '../bars/market-day.ts';
import { HOUR_MS } from '../spec.ts';
import { dayOf } from '../testing/sessions.ts';
import { monthReturns } from './months.ts';

test('months go from the last close before them to their last close, and multiply to the whole', () => {
  const bars = 24 * 70; // from the last day of January on
  const time = Float64Array.from({ length: bars }, (_, bar) => Date.UTC(2024, 0, 31) + bar * HOUR_MS);
  const equity = time.map((_, bar) => 1000 + 300 * Math.sin(bar / 200));
  const close = time.map((_, bar) => 50 + (bar % 97));
  const months = monthReturns({ time, equity, close }, { initCash: 1000 });
  assert.deepEqual(
    months.map(({ month }) => month),
    ['2024-01', '2024-02', '2024-03', '2024-04'],
  );
  // The last bar of January opens at 23:00 and closes with the month: it is the 24th.
  assert.equal(months[0].return_pct, (equity[23] / 1000 - 1) * 100);
  assert.equal(months[1].return_pct, (equity[23 + 24 * 29] / equity[23] - 1) * 100);
  assert.equal(months[0].benchmark_pct, (close[23] / close[0] - 1) * 100);
  const grown = months.reduce((factor, { return_pct }) => factor * (1 + return_pct / 100), 1);
  assert.ok(Math.abs(grown - equity[bars - 1] / 1000) < 1e-12);
});

test('a month without bars is left out, and nothing returns nothing', () => {
  const time = Float64Array.of(Date.UTC(2023, 10, 30), Date.UTC(2024, 1, 1), Date.UTC(2024, 2, 1));
  const months = monthReturns(
    { time, equity: Float64Array.of(90, 0, 0), close: Float64Array.of(5, 5, 10) },
    { initCash: 100 },
  );
  assert.deepEqual(months, [
    { month: '2023-11', return_pct: (90 / 100 - 1) * 100, benchmark_pct: 0 },
    { month: '2024-02', return_pct: -100, benchmark_pct: 0 },
    { month: '2024-03', return_pct: 0, benchmark_pct: 100 },
  ]);
});

test('where a market has a day of its own, a bar belongs to the month of its date', () => {
  // Days of New York that begin at 17:00: that of February 1st opens on January 31st.
  const opens = ['2024-01-30T22:00Z', '2024-01-31T22:00Z', '2024-02-01T22:00Z'];
  const time = Float64Array.from(opens, (open) => Date.parse(open));
  const columns = { time, equity: Float64Array.of(100, 110, 121), close: Float64Array.of(1, 1, 1) };
  const evenings = monthReturns(columns, { initCash: 100, clock: openDayClock(dayOf('17:00', 'America/New_York')) });
  assert.deepEqual(
    evenings.map(({ month, return_pct }) => [month, Math.round(return_pct)]),
    [
      ['2024-01', 0],
      ['2024-02', 21],
    ],
  );
  const mornings = openDayClock(dayOf('09:30', 'America/New_York'));
  const late = {
    ...columns,
    time: Float64Array.from(['2024-01-31T14:30Z', '2024-02-01T14:29Z', '2024-02-01T14:30Z'], Date.parse),
  };
  assert.deepEqual(
    monthReturns(late, { initCash: 100, clock: mornings }).map(({ return_pct }) => Math.round(return_pct)),
    [10, 10],
  );
});
