import assert from 'node:assert/strict';
import { test } from 'node:test';
import { differences } from './bit-for-bit.ts';

test('a report is that of the score only when every bit is', () => {
  const row = { sharpe: 0.1 + 0.2, sqn: null, profit_factor: 'inf', num_trades: 3, plateau_score: 1 } as const;
  assert.deepEqual(differences(row, { sharpe: 0.1 + 0.2, sqn: null, profit_factor: 'inf', num_trades: 3 }), []);
  assert.deepEqual(differences(row, { sharpe: 0.3, sqn: null, profit_factor: null, num_trades: 3 }), [
    { metric: 'sharpe', scored: 0.1 + 0.2, reported: 0.3 },
    { metric: 'profit_factor', scored: 'inf', reported: null },
  ]);
});
