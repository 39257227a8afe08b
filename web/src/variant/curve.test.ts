import assert from 'node:assert/strict';
import { test } from 'node:test';
import { curveOf } from './curve.ts';

const part = (time: number[], equity: number[], drawdown: number[]) => ({
  series: { time, equity, drawdown, benchmark: equity, position: [] },
});

test('the part held out goes on with the account, and is named', () => {
  const report = { ...part([1, 2], [10, 30], [0, 5]), out_of_sample: part([3, 4], [10, 20], [0, 0]) };
  assert.deepEqual(curveOf(report as never), {
    time: [1, 2, 3, 4],
    equity: [10, 30, 30, 60],
    benchmark: [10, 30, 30, 60],
    drawdown: [0, -5, 0, 0],
    heldOut: { from: 3, to: 4, name: 'held out' },
  });
  assert.equal(curveOf({ ...part([1], [10], [0]), out_of_sample: null }).heldOut, null);
});
