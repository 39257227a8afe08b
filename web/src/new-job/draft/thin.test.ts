import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULTS, minimumBacktestYears } from '@backtest-jobs/engine';
import { judge, thin } from '../engine/judge.ts';
import { put, type PlainObject } from './plain.ts';
import { axisName, carriedBy, thinnings, twoDigits } from './thin.ts';

const SPEC: PlainObject = {
  time_range: { start: '2000-01-01T00:00:00Z', end: '2020-01-01T00:00:00Z' },
  template: {
    instrument_id: { market_id: 5, symbol: '^GSPC' },
    timeframe: '1d',
    indicator_grids: [
      { indicator_id: 'ma.sma', params: { window: { mode: 'range', start: 5, stop_incl: 200, step: 1 } } },
      { indicator_id: 'momentum.rsi', params: { window: { mode: 'range', start: 2, stop_incl: 30, step: 1 } } },
    ],
    signal_grids: { 'momentum.rsi': { long_threshold: { mode: 'range', start: 10, stop_incl: 90, step: 1 } } },
  },
};
const rules = { defaults: DEFAULTS, saved: null };

test('what a history carries is the most that needs no more years', () => {
  for (const years of [1, 5, 13, 19.96, 23]) {
    const most = carriedBy(years);
    assert.ok(most === 1 || minimumBacktestYears(most) <= years, `${years}`);
    assert.ok(minimumBacktestYears(most + Math.max(1, most * 1e-6)) > years, `${years}`);
  }
  assert.equal(twoDigits(12_345), 12_000);
  assert.equal(twoDigits(7), 7);
});

test('a spec is counted, and each suggestion leads to what it says', () => {
  const judged = judge(SPEC, rules);
  assert.ok(judged.kind === 'sound');
  assert.deepEqual(judged.counts.lengths, [196, 29, 81]);
  assert.equal(judged.counts.trials, 196 * 29 * 81);
  const found = thin(SPEC, judged.counts.carried, rules);
  assert.ok(found.length > 1);
  for (const { paths, steps, trials } of found) {
    const thinned = paths.reduce((one, path, position) => put(one, [...path, 'step'], steps[position]), SPEC);
    const again = judge(thinned, rules);
    assert.equal(again.kind === 'sound' && again.counts.trials, trials);
    assert.ok(trials < judged.counts.trials);
  }
});

test('there is nothing to thin where the history carries all, or no range is long', () => {
  assert.deepEqual(
    thinnings(SPEC, 1e12, () => 100),
    [],
  );
  assert.deepEqual(
    thinnings({ template: { params: { n: { mode: 'range', start: 1, stop_incl: 3, step: 1 } } } }, 1, () => 3),
    [],
  );
});

test('axes have names that a trader reads', () => {
  assert.equal(axisName(SPEC, ['template', 'indicator_grids', 0, 'params', 'window']), 'SMA window');
  assert.equal(axisName(SPEC, ['template', 'signal_grids', 'momentum.rsi', 'long_threshold']), 'RSI long at');
  assert.equal(axisName(SPEC, ['template', 'params', 'fast']), 'fast');
});

test('a walk forward is shown by its parts, and problems come with their paths', () => {
  const walk = judge({ ...SPEC, validation: { mode: 'walk_forward', folds: 5, train_fraction: 0.6 } }, rules);
  assert.ok(walk.kind === 'sound');
  const held = walk.counts.parts.filter(({ isHeld }) => isHeld);
  assert.equal(held.length, 5);
  assert.equal(held.at(-1)?.to, 1);
  const wrong = judge({ ...SPEC, top_k: 0 }, rules);
  assert.deepEqual(wrong.kind === 'problems' && wrong.problems.map(({ path }) => path), ['top_k']);
});
