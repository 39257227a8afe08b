// The check that every published number stands on: it must notice the last bit of one score.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foldScorer } from '@backtest-jobs/engine/internal';
import { check, checkPairs, spread } from './reference.ts';
import { allBases, stageBOf } from './scoring.ts';
import { prepareSpec, readWorkload, withFirstWindows } from './workloads.ts';

const small = prepareSpec(withFirstWindows(readWorkload('w3'), 2));

for (const task of [allBases(small), stageBOf(small)]) {
  test(`scores of ${task.stage} pass, and one that is off by its last bit does not`, () => {
    const scores = foldScorer(small)(task);
    assert.deepEqual(check(small, task.stage, scores), { checked: 40, difference: 0 });
    const row = scores.best.index.indexOf(Math.min(...scores.best.index)); // the first is always in the sample
    const bits = new BigInt64Array(scores.best.primary.buffer, scores.best.primary.byteOffset);
    bits[row] += 1n;
    assert.throws(() => check(small, task.stage, scores), /no number is printed/);
  });
}

test('nothing scored is no proof', () => {
  const { best, counts } = foldScorer(small)({ stage: 'stage_a', from: 0, to: 0, bases: null });
  assert.throws(() => check(small, 'stage_a', { best, counts }), /nothing to check/);
});

test('a missing score is as far off as can be', () => {
  assert.throws(() => checkPairs([{ index: 1, got: Number.NaN, expected: 3 }]), /up to Infinity/);
  assert.deepEqual(checkPairs([{ index: 1, got: Number.NaN, expected: Number.NaN }]), { checked: 1, difference: 0 });
});

test('a sample is spread evenly and has both ends', () => {
  assert.deepEqual(spread([1, 2, 3, 4, 5], 3), [1, 3, 5]);
  assert.deepEqual(spread([1, 2], 3), [1, 2]);
});
