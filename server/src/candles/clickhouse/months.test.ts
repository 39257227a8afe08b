import assert from 'node:assert/strict';
import test from 'node:test';
import { monthsOf } from './months.ts';

test('parts of a range join to the range, begin where months do, and are at most 36', () => {
  const day = (text: string): number => Date.parse(`${text}T00:00:00Z`);
  const ranges = [
    [day('2023-11-20'), day('2024-02-01')],
    [day('2023-11-01') + 1, day('2023-11-01') + 2],
    [day('2021-01-01'), day('2024-01-01')],
    [day('2017-08-17') + 5, day('2026-03-09') + 7],
    [-1e15, 1e16],
  ] as const;
  const counts = ranges.map(([start, end]) => {
    const parts = monthsOf({ start, end });
    for (const [i, part] of parts.entries()) {
      assert.ok(part.start < part.end);
      if (i > 0) assert.equal(part.start, parts[i - 1]?.end);
      if (i > 0) assert.match(new Date(part.start).toISOString(), /-01T00:00:00\.000Z$/);
    }
    return parts.length;
  });
  assert.deepEqual(counts, [3, 1, 36, 35, 36]);
  const all = monthsOf({ start: ranges[0][0], end: ranges[0][1] });
  assert.deepEqual([all[0]?.start, all.at(-1)?.end], [ranges[0][0], ranges[0][1]]);
  assert.deepEqual(monthsOf({ start: 5, end: 5 }), []);
});
