import assert from 'node:assert/strict';
import { test } from 'node:test';
import { monteCarloLines } from './monte-carlo.ts';

test('what trades could have come to stands in 80 columns, and nothing where it was not drawn', () => {
  const falls = { p50: 22.61, p95: 33.5, p99: 38.14 };
  const found = {
    trades: 1234,
    draws: 1000,
    closed_drawdown_pct: 20.9,
    reordered: { closed_drawdown_pct: falls },
    resampled: {
      return_pct: { p5: -9.5, p50: 122.3, p95: 601.6 },
      closed_drawdown_pct: falls,
      loss_probability: 0.085,
    },
  };
  assert.deepEqual(monteCarloLines(found), [
    'reordered  drawdown on closed trades 20.9% as they came; 1,234 trades in 1,000',
    '           random orders: 22.6% in the middle, above 33.5% in 5% and above 38.1%',
    '           in 1% of the orders',
    'resampled  as many trades drawn from them, 1,000 times: return -9.5% or less in',
    '           5%, 122.3% in the middle, 601.6% or more in 5%, a loss in 8.5% of the',
    '           draws',
  ]);
  for (const none of [null, undefined]) assert.deepEqual(monteCarloLines(none), []);
});
