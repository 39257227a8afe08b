import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Metric } from '../spec.ts';
import { countAsGood, pValue } from './p-value.ts';

const by = (primary_metric: Metric) => ({ primary_metric, secondary_metric: null });

test('as good is by the direction of the metric', () => {
  assert.equal(countAsGood(by('sharpe'), 2, [1, 2, 3, -4]), 2);
  assert.equal(countAsGood(by('max_drawdown_pct'), 2, [1, 2, 3, -4]), 3);
});

test('values equal within 1e-9 of the larger are as good', () => {
  const near = [2 * (1 - 0.9e-9), 2 * (1 - 1.1e-9), 2 * (1 + 5e-9)];
  assert.equal(countAsGood(by('sharpe'), 2, near), 2);
  assert.equal(countAsGood(by('max_drawdown_pct'), 2, [2 * (1 + 0.9e-9), 2 * (1 + 1.1e-9)]), 1);
  assert.equal(countAsGood(by('sharpe'), 0, [0, -1e-300]), 1);
  assert.equal(countAsGood(by('sharpe'), -2, [-2 * (1 + 0.9e-9), -2 * (1 + 1.1e-9)]), 1);
});

test('infinity equals infinity and beats all numbers', () => {
  assert.equal(countAsGood(by('profit_factor'), 'inf', ['inf', 1e300, '-inf', null]), 1);
  assert.equal(countAsGood(by('profit_factor'), '-inf', ['inf', 1, '-inf', null]), 3);
  assert.equal(countAsGood(by('max_drawdown_pct'), 'inf', ['inf', 1e300, null]), 2);
  assert.equal(countAsGood(by('profit_factor'), 3, ['inf', '-inf']), 1);
});

test('where nothing was ranked is the worst there is', () => {
  assert.equal(countAsGood(by('max_drawdown_pct'), 50, [null, null]), 0);
  assert.equal(countAsGood(by('sharpe'), null, [null, -7]), 2);
});

test('the real market is one of those that could have been', () => {
  assert.equal(pValue(0, 99), 0.01);
  assert.equal(pValue(99, 99), 1);
  assert.equal(pValue(4, 19), 0.25);
});
