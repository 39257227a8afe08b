import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logBelow, logBestDensity } from './normal.ts';

test('the tails are right where probabilities are too small for numbers', () => {
  assert.ok(Math.abs(logBelow(0) - Math.log(0.5)) < 1e-6);
  assert.ok(Math.abs(Math.exp(logBelow(1.959964)) - 0.975) < 1e-6);
  // log(phi(40)/40), and the first term of the series beyond it
  const far = -800 - 0.5 * Math.log(2 * Math.PI) - Math.log(40) + Math.log1p(-1 / 1600);
  assert.ok(Math.abs(logBelow(-40) - far) < 1e-5);
  assert.ok(logBelow(9) < 0 && logBelow(9) > -1e-15);
});

test('the density of the best is one, and its mean the known one', () => {
  for (const [trials, mean] of [
    [1, 0],
    [2, 1 / Math.sqrt(Math.PI)],
    [1000, 3.24144],
    [1_000_000, 4.86345],
  ] as const) {
    const step = 0.001;
    let [sum, first] = [0, 0];
    for (let x = -10; x < 12; x += step) {
      const mass = Math.exp(logBestDensity(2 * x, trials, 2)) * 2 * step;
      sum += mass;
      first += x * mass;
    }
    assert.ok(Math.abs(sum - 1) < 1e-4, `${trials}: ${sum}`);
    assert.ok(Math.abs(first - mean) < 1e-3, `${trials}: ${first}`);
  }
});
