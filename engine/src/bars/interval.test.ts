import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '../grid/random.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../spec.ts';
import { deduceInterval } from './interval.ts';

const minutes = (...times: readonly number[]): Float64Array => Float64Array.from(times, (time) => time * MINUTE_MS);
const grid = (bars: number, step: number): number[] => Array.from({ length: bars }, (_, bar) => bar * step);

test('regular series, with gaps and without', () => {
  assert.equal(deduceInterval(minutes(...grid(10, 1))), MINUTE_MS);
  assert.equal(deduceInterval(minutes(...grid(10, 10))), 10 * MINUTE_MS);
  assert.equal(deduceInterval(minutes(...grid(1000, 1).filter((minute) => minute % 7 !== 0))), MINUTE_MS);
  assert.equal(deduceInterval(minutes(...grid(300, 1), ...grid(300, 1).map((minute) => minute + 9999))), MINUTE_MS);
  const days = grid(400, 1).filter((day) => day % 7 < 5 && day % 30 !== 4);
  assert.equal(deduceInterval(Float64Array.from(days, (day) => day * DAY_MS)), DAY_MS);
  const sessions = days.flatMap((day) => [14, 15, 16, 17, 18, 19, 20].map((hour) => day * 24 + hour + 0.5));
  assert.equal(deduceInterval(Float64Array.from(sessions, (hour) => hour * HOUR_MS)), HOUR_MS);
  const mondays = grid(100, 7).map((day) => day + (day % 9 === 0 ? 1 : 0)); // some begin on a Tuesday
  assert.equal(deduceInterval(Float64Array.from(mondays, (day) => day * DAY_MS)), 7 * DAY_MS);
});

test('a bar out of place, a doubled one and a change of the clock change nothing', () => {
  const hours = grid(24, 60);
  const odd = (bar: number, by: number): Float64Array =>
    minutes(...hours.map((time, n) => (n === bar ? time + by : time)));
  for (const by of [1, 5, 15, 30, -1, -20]) assert.equal(deduceInterval(odd(7, by)), HOUR_MS, `by ${by} minutes`);
  assert.equal(deduceInterval(minutes(...hours, ...hours.slice(-1))), HOUR_MS);
  assert.equal(deduceInterval(minutes(...hours, 23 * 60 + 1)), HOUR_MS, 'a bar that is not over');
  assert.equal(deduceInterval(minutes(...hours.slice(0, 8), 421, ...hours.slice(8))), HOUR_MS);
  const days = Float64Array.from(grid(250, 1), (day) => day * DAY_MS + (day > 60 && day < 200 ? 4 : 5) * HOUR_MS);
  assert.equal(deduceInterval(days), DAY_MS);
});

test('a thin series has the interval of its grid, however few bars it has', () => {
  const next = random(3);
  for (const share of [0.5, 0.2, 0.05, 0.02]) {
    for (const step of [1, 3, 60, 240]) {
      const thin = grid(20_000, step).filter(() => next() < share);
      assert.equal(deduceInterval(minutes(...thin)), step * MINUTE_MS, `${share} of the bars of ${step} minutes`);
    }
  }
  // Mostly every five minutes, and again and again a minute between them.
  const clustered = grid(300, 5).flatMap((minute) => (minute % 4 === 0 ? [minute, minute + 1] : [minute]));
  assert.equal(deduceInterval(minutes(...clustered)), MINUTE_MS);
  assert.equal(deduceInterval(minutes(0, 4, 8, 10, 12, 16, 20)), 2 * MINUTE_MS);
});

test('two intervals in one series: the smaller, unless it is of a few bars only', () => {
  assert.equal(deduceInterval(minutes(...grid(100, 60), ...grid(200, 1).map((minute) => 6000 + minute))), MINUTE_MS);
  assert.equal(deduceInterval(minutes(...grid(100, 60), ...grid(10, 1).map((minute) => 6000 + minute))), HOUR_MS);
  // Hours, and half an hour before the close of each session.
  const sessions = grid(20, 24).flatMap((day) =>
    [14.5, 15.5, 16.5, 17.5, 18.5, 19.5, 20.5, 21].map((hour) => day + hour),
  );
  assert.equal(deduceInterval(Float64Array.from(sessions, (hour) => hour * HOUR_MS)), 0.5 * HOUR_MS);
});

test('where no step divides the others, the most common one, the smallest of equally common ones', () => {
  const months = Float64Array.from(grid(24, 1), (month) => Date.UTC(2023, month));
  assert.equal(deduceInterval(months), 31 * DAY_MS);
  assert.equal(deduceInterval(minutes(0, 3, 7)), 3 * MINUTE_MS);
  assert.equal(deduceInterval(minutes(0, 4, 7)), 3 * MINUTE_MS);
});

test('less than two times have no interval', () => {
  for (const times of [[], [5], [5, 5, 5]]) assert.equal(deduceInterval(minutes(...times)), null);
  assert.equal(deduceInterval(minutes(5, 5, 6)), MINUTE_MS);
});

test('a series without two equal steps', () => {
  const uneven = Float64Array.from({ length: 6000 }, (_, bar) => (bar * (bar + 1) * MINUTE_MS) / 2);
  assert.equal(deduceInterval(uneven), MINUTE_MS);
});
