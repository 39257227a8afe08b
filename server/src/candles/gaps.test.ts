import assert from 'node:assert/strict';
import test from 'node:test';
import { splitAt, walk } from '../../test/candles.ts';
import { checkSeries, gapsOf, seriesLedger } from './gaps.ts';
import { memorySource } from './memory.ts';

test('gaps are counted, all of them, and the longest are named in order of time', () => {
  const missing = new Set([3, 4, 5, 9, 20, 21]);
  const times = Float64Array.from({ length: 30 }, (_, i) => i * 60).filter((time) => !missing.has(time / 60));
  const [first, second] = [
    { start: 180, end: 360, missing: 3 },
    { start: 1200, end: 1320, missing: 2 },
  ];
  assert.deepEqual(gapsOf(times, 60, 2), { count: 3, missing: 6, most: 3, longest: [first, second] });
  assert.deepEqual(gapsOf(times, 60), { count: 3, missing: 6, most: 3, longest: [] });
  assert.deepEqual(gapsOf(new Float64Array(0), 60, 5), { count: 0, missing: 0, most: 0, longest: [] });
});

test('of very many gaps the longest are still found', () => {
  const times: number[] = [0];
  for (let i = 1; i <= 5000; i += 1) times.push((times.at(-1) ?? 0) + 2 + (i === 1234 ? 7 : 0));
  const { count, longest } = gapsOf(Float64Array.from(times), 1, 1);
  assert.equal(count, 5000);
  assert.deepEqual(longest, [{ start: times[1233]! + 1, end: times[1234], missing: 8 }]);
});

test('a jump like a split is found wherever a series is cut into parts, and stands in its ledger', async () => {
  const BARS = 201_000;
  for (const split of [200_000]) {
    const whole = splitAt(walk(Date.UTC(2020, 0, 1), BARS), split, 1 / 4);
    const source = memorySource([{ market_id: 5, symbol: 'X', interval: '1m', candles: whole }]);
    const [series = assert.fail()] = await source.coverage();
    const { present, expected, gaps, split_jumps } = seriesLedger(
      series,
      await checkSeries(source, series, 5),
      'session',
      5,
    );
    assert.deepEqual([present, expected, gaps, split_jumps?.count], [BARS, null, null, 1]);
    const [jump] = split_jumps?.first ?? [];
    assert.deepEqual([jump?.time, jump?.split], [new Date(whole.time[split]!).toISOString(), '4:1']);
    await source[Symbol.asyncDispose]();
  }
});
