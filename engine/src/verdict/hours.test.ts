import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TargetBars } from '../bars/carried.ts';
import { parseSpec } from '../gate/parse-spec.ts';
import { buildGrid } from '../grid/grid.ts';
import { random } from '../grid/random.ts';
import type { Rules } from '../rules/expression.ts';
import { DAY_MS, HOUR_MS } from '../spec.ts';
import { candlesOfCloses } from '../testing/candles.ts';
import { unequalHours } from './hours.ts';

function rulesOf(long: string, exit_long: string | null = null): Rules {
  const template = {
    instrument_id: { market_id: 1, symbol: 'TEST' },
    timeframe: '1h',
    rules: { long, exit_long },
    params: { n: { mode: 'explicit', values: [3, 9] } },
  };
  const time_range = { start: '2024-01-01T00:00:00Z', end: '2024-02-01T00:00:00Z' };
  return buildGrid(parseSpec({ time_range, template })).strategy.rules;
}

/** Hours whose moves have these sizes by hour and by calm or wild week. */
function market(sizeOf: (hour: number, day: number) => number, seed: number, stepMs = HOUR_MS): TargetBars {
  const next = random(seed);
  let price = 100;
  const closes = Array.from({ length: 3000 }, (_, bar) => {
    const time = bar * stepMs;
    const size = sizeOf(Math.floor(time / HOUR_MS) % 24, Math.floor(time / DAY_MS));
    price *= Math.exp(size * (next() + next() + next() - 1.5));
    return price;
  });
  return { ...candlesOfCloses(closes, Date.UTC(2024, 0, 1), stepMs), carried: null };
}

const ON_HOUR = rulesOf('hour == n');
const even = (): number => 0.01;
const busy = (hour: number): number => (hour >= 13 && hour < 17 ? 0.02 : 0.01);

test('rules on the hour, in a market that is wilder at some hours', () => {
  const found = unequalHours(ON_HOUR, market(busy, 1));
  assert.deepEqual([found.raised, found.clock], [true, 'hour']);
  assert.ok(Number(found.ratio) > 1.8 && Number(found.ratio) < 2.8, `${found.ratio}`);
  assert.ok(Number(found.chance) < 1e-9);
  assert.equal(unequalHours(rulesOf('close > sma(close, n)', 'hour >= n'), market(busy, 1)).raised, true);
});

test('no flag where the rules read no clock, or the market is even, or only by chance uneven', () => {
  const none = { raised: false, clock: null, ratio: null, chance: null };
  assert.deepEqual(unequalHours(rulesOf('close > sma(close, n)'), market(busy, 1)), none);
  const chances = Array.from({ length: 40 }, (_, seed) => unequalHours(ON_HOUR, market(even, seed)));
  assert.ok(chances.every(({ raised }) => !raised));
  const below = chances.filter(({ chance }) => Number(chance) < 0.25).length;
  assert.ok(below >= 3 && below <= 18, `${below} of 40 chances below a quarter`);
});

test('calm and wild weeks are no daily pattern', () => {
  const clustered = (_: number, day: number): number => (Math.floor(day / 7) % 2 === 0 ? 0.004 : 0.03);
  for (let seed = 0; seed < 20; seed += 1) assert.equal(unequalHours(ON_HOUR, market(clustered, seed)).raised, false);
});

test('a pattern of weekdays counts for rules on the weekday; bars of a day have no hours', () => {
  const weekends = (_: number, day: number): number => (day % 7 >= 5 ? 0.004 : 0.02);
  const days = market(weekends, 3, DAY_MS);
  assert.deepEqual(unequalHours(ON_HOUR, days), { raised: false, clock: 'hour', ratio: null, chance: null });
  const both = unequalHours(rulesOf('hour < n and dayofweek < n'), days);
  assert.deepEqual([both.raised, both.clock], [true, 'dayofweek']);
});

test('hours at which nothing moves are as quiet as can be; bars without a market say nothing', () => {
  const dead = market((hour) => (hour < 4 ? 0 : 0.01), 5);
  const found = unequalHours(ON_HOUR, dead);
  assert.deepEqual([found.raised, found.ratio], [true, null]);
  const carried = Uint8Array.from(dead.time, (time) => Number(new Date(time).getUTCHours() < 4));
  assert.equal(unequalHours(ON_HOUR, { ...dead, carried }).raised, false);
});

test('a market that stands still has no pattern', () => {
  assert.deepEqual(
    unequalHours(
      ON_HOUR,
      market(() => 0, 1),
    ),
    { raised: false, clock: 'hour', ratio: null, chance: null },
  );
});
