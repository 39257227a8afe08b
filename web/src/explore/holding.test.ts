import assert from 'node:assert/strict';
import { test } from 'node:test';
import { holdingOf, plateauOf } from './holding.ts';

const job = (verdict: unknown, validation_mode: string | null = null) => ({ verdict, validation_mode }) as never;
const HOLDING = { holding: { return_pct: 122, sharpe_annual: 0.31 } };

test('buy and hold is in the metric of the ranking, exact where the result has it', () => {
  assert.equal(holdingOf(job(HOLDING), 'total_return_pct'), 122);
  assert.equal(holdingOf(job({ ...HOLDING, benchmark_return_pct: 121.5 }), 'total_return_pct'), 121.5);
  assert.equal(holdingOf(job(HOLDING), 'sharpe'), 0.31);
  assert.equal(holdingOf(job(HOLDING), 'profit_factor'), null);
});

test('nothing is compared before the verdict, without a measure, or over other bars', () => {
  assert.equal(holdingOf(job(null), 'sharpe'), null);
  assert.equal(holdingOf(job({ holding: null }), 'total_return_pct'), null);
  assert.equal(holdingOf(job(HOLDING, 'walk_forward'), 'sharpe'), null);
  assert.equal(plateauOf({ verdict: {} as never }), undefined);
  assert.equal(plateauOf({ verdict: { plateau: null } as never }), null);
});
