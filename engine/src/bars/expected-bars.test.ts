import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSpec } from '../gate/parse-spec.ts';
import { specInput } from '../testing/specs.ts';
import { expectedBars } from './expected-bars.ts';

const SPX = { market_id: 5, symbol: 'X' };
const barsOf = (changes: object, template: object = {}) => expectedBars(parseSpec(specInput(changes, template)));

test('a market that never closes: exactly the whole bars of the range', () => {
  assert.deepEqual(barsOf({}), { fewest: 720, most: 720, days: 30 });
  const time_range = { start: '2024-01-01T00:30:00Z', end: '2024-01-02T00:30:00Z' };
  assert.deepEqual(barsOf({ time_range }), { fewest: 23, most: 23, days: 23 / 24 });
});

test('sessions: as many days as the market opens in a year, each with a bar or with those of a session', () => {
  const time_range = { start: '2000-01-01T00:00:00Z', end: '2020-01-01T00:00:00Z' };
  const daily = barsOf({ time_range }, { instrument_id: SPX, timeframe: '1d' });
  assert.equal(daily.fewest, daily.most);
  assert.ok(Math.abs(daily.days - 5031) < 15, `${daily.days}; the S&P 500 had 5,031 sessions`);
  const hourly = barsOf({ time_range }, { instrument_id: SPX, timeframe: '1h' });
  assert.equal(hourly.days, daily.days);
  assert.equal(hourly.fewest, Math.round(6 * daily.days));
  assert.equal(hourly.most, Math.round(24 * daily.days));
});
