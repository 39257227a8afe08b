import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY_MS, MINUTE_MS } from '@backtest-jobs/engine/internal';
import { openChanged } from './changed.ts';

test('bars near each other are one stretch, and every bar is in one', () => {
  const changed = openChanged();
  for (let minute = 0; minute < 5000; minute += 1) changed.add(minute * MINUTE_MS);
  changed.add(9 * DAY_MS);
  assert.deepEqual(changed.ranges(), [
    { start: 0, end: 4999 * MINUTE_MS + 1 },
    { start: 9 * DAY_MS, end: 9 * DAY_MS + 1 },
  ]);
  assert.deepEqual(openChanged().ranges(), []);
});

test('however many stretches there are, few are kept, and they hold all', () => {
  const changed = openChanged();
  const times = Array.from({ length: 3000 }, (_, at) => (at + (at % 7) / 10) * 3 * DAY_MS);
  for (const time of times) changed.add(time);
  const ranges = changed.ranges();
  assert.ok(ranges.length <= 100 && ranges.length > 0, `${ranges.length}`);
  for (const time of times) assert.ok(ranges.some(({ start, end }) => start <= time && time < end));
  assert.ok(ranges.every(({ start }, at) => at === 0 || start > (ranges[at - 1]?.end ?? 0)));
});
