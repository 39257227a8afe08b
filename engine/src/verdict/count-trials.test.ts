import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSpec } from '../gate/parse-spec.ts';
import { buildGrid } from '../grid/grid.ts';
import { specInput } from '../testing/specs.ts';
import { countTrials } from './count-trials.ts';

const gridOf = (risk_grid: object) => buildGrid(parseSpec(specInput({}, { risk_grid })));
const some = (...values: readonly (number | string)[]): object => ({ mode: 'explicit', values });

test('a base variant that stage_b scores again without stops counts once', () => {
  const grid = gridOf({ sl: some('off', 1, 2), tp: some('off', 5) });
  assert.equal(countTrials({ stage_a: 10, stage_b: 4 * 6 }, grid), 10 + 4 * 5);
  assert.equal(countTrials({ stage_a: 10, stage_b: 10 }, gridOf({})), 10);
});

test('where every setting has a stop, the score without one is no variant of its own', () => {
  assert.equal(countTrials({ stage_a: 10, stage_b: 4 * 6 }, gridOf({ sl: some(1, 2, 3), tp: some('off', 5) })), 30);
  assert.equal(countTrials({ stage_a: 1, stage_b: 1 }, gridOf({ sl: some(3) })), 1);
  assert.equal(countTrials({ stage_a: 1, stage_b: 2 }, gridOf({ max_bars: some(5, 10) })), 2);
});
