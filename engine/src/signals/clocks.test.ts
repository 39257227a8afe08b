// Clocks against Date, which knows the calendar, on both sides of 1970.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openArena } from '../columns/arena.ts';
import { openMemory } from '../columns/memo.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../spec.ts';
import { candlesOfCloses } from '../testing/candles.ts';
import { openSeries } from './series-nodes.ts';

const STARTS = ['1927-12-30T00:00:00Z', '1969-12-22T05:30:00Z', '1969-12-31T23:59:00Z', '1970-01-01T00:00:00Z'];
const STEPS = [MINUTE_MS, HOUR_MS, 4 * HOUR_MS, DAY_MS];

test('hour and dayofweek are those of the calendar, before 1970 too', () => {
  for (const start of [...STARTS, '2024-02-28T22:45:00Z'].map(Date.parse)) {
    for (const step of STEPS) {
      const candles = candlesOfCloses(new Float64Array(300).fill(1), start, step);
      const memory = openMemory([]);
      const arena = openArena();
      const series = openSeries(candles, [], memory, arena);
      const nodes = (['hour', 'dayofweek'] as const).map((unit) => series.nodeOf({ kind: 'clock', unit }));
      memory.divide(1e6, 300);
      arena.reserve(memory.mostBytes(300));
      const [hours, days] = nodes.map((node) => node.at(new Int32Array(0)).slice());
      const dates = Array.from(candles.time, (time) => new Date(time));
      assert.deepEqual(
        [...hours],
        dates.map((date) => date.getUTCHours()),
      );
      assert.deepEqual(
        [...days],
        dates.map((date) => (date.getUTCDay() + 6) % 7),
      );
    }
  }
});
