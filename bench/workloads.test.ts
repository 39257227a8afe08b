import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildGrid } from '@backtest-jobs/engine';
import { barsOf, stageBOf } from './scoring.ts';
import { onMinutes, prepareSpec, readWorkload, withFirstWindows } from './workloads.ts';

test('the spec files are the grids that the targets speak of', () => {
  const totals = (['w1', 'w2', 'w4'] as const).map((name) => buildGrid(readWorkload(name)).baseTotal);
  assert.deepEqual(totals, [196, 8036, 1_004_500]);
  assert.equal(buildGrid(withFirstWindows(readWorkload('w4'), 20)).baseTotal, 102_500);
  assert.equal(barsOf(prepareSpec(readWorkload('w1'))), 26_280);
  assert.equal(barsOf(prepareSpec(onMinutes(readWorkload('w1')))), 525_600);
});

test('stage_b of W3 is 50 base variants under 100 risk settings', () => {
  const { bases, from, to } = stageBOf(prepareSpec(withFirstWindows(readWorkload('w3'), 2)));
  assert.deepEqual([bases.length, from, to], [50, 0, 5000]);
});
