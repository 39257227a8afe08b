import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '../grid/random.ts';
import { formatDuration, formatNumber } from './format.ts';

test('rounds half to even on the decimals that name the number', () => {
  const cases: [number, number, string][] = [
    [0.125, 2, '0.12'],
    [0.135, 2, '0.14'], // the double is a little above, its name is the tie
    [2.675, 2, '2.68'], // the double is a little below, its name is the tie
    [1.005, 2, '1'],
    [1.015, 2, '1.02'],
    [0.5, 0, '0'],
    [1.5, 0, '2'],
    [2.5, 0, '2'],
    [2.5000001, 0, '3'],
    [0.00005, 4, '0'],
    [0.00015, 4, '0.0002'],
    [99.99995, 4, '100'],
    [-103.7037037037, 2, '-103.7'],
  ];
  for (const [value, places, text] of cases) assert.equal(formatNumber(value, places), text, String(value));
});

test('strips trailing zeros, knows no -0, no exponent, and says what is not a number', () => {
  assert.equal(formatNumber(1200, 2), '1200');
  assert.equal(formatNumber(0.1, 5), '0.1');
  assert.equal(formatNumber(-0, 2), '0');
  assert.equal(formatNumber(-0.0001, 2), '0');
  assert.equal(formatNumber(-0.0051, 2), '-0.01');
  assert.equal(formatNumber(1.5e21, 2), '1500000000000000000000');
  assert.equal(formatNumber(1e-300, 5), '0');
  assert.equal(formatNumber(5e-324, 5), '0');
  assert.deepEqual(
    [NaN, Infinity, -Infinity].map((value) => formatNumber(value, 2)),
    ['N/A', 'inf', '-inf'],
  );
});

test('a number that has few enough decimals is printed as it is', () => {
  const next = random(7);
  for (let i = 0; i < 2000; i += 1) {
    const value = (Math.floor(next() * 2e9) - 1e9) / 10_000;
    assert.equal(formatNumber(value, 4), String(value));
  }
});

test('durations', () => {
  const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];
  assert.equal(formatDuration(0), '0:00:00');
  assert.equal(formatDuration(9 * hour + 5 * minute + 7000), '9:05:07');
  assert.equal(formatDuration(23 * hour + 59 * minute + 59_000), '23:59:59');
  assert.equal(formatDuration(day), '1 day, 0:00:00');
  assert.equal(formatDuration(1234 * day + 12 * hour), '1234 days, 12:00:00');
  assert.equal(formatDuration(500), '0:00:00');
  assert.equal(formatDuration(1500), '0:00:02');
  assert.equal(formatDuration(day - 1), '1 day, 0:00:00');
  assert.equal(formatDuration(NaN), 'N/A');
});
