// The work of a luck test: what it counts, and that the estimates of memory, units and time have it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSpec } from '../gate/parse-spec.ts';
import { buildGrid } from '../grid/grid.ts';
import type { Spec } from '../spec.ts';
import { specInput } from '../testing/specs.ts';
import { estimate, unitsOf } from './cost.ts';
import { luckWork } from './luck.ts';
import { estimateTime } from './time.ts';

const BARS = 30 * 24;
const WINDOWS = 100;
const windows = { mode: 'range', start: 5, stop_incl: 4 + WINDOWS, step: 1 };
const sma = { indicator_grids: [{ indicator_id: 'ma.sma', params: { window: windows } }] };
const stops = { risk_grid: { sl: { mode: 'explicit', values: ['off', 1, 2] } } };
const rules = (exit: object): object => ({
  indicator_grids: undefined,
  rules: { long: 'close > sma(close, a)', ...exit },
  params: { a: windows },
});

function specOf(luck: object, changes: object = {}, template: object = sma): Spec {
  return parseSpec(specInput({ luck: { permutations: 19, ...luck }, ...changes }, template));
}

function workOf(luck: object, changes?: object, template?: object): number {
  const spec = specOf(luck, changes, template);
  return luckWork(spec, buildGrid(spec));
}

/** Of variants in both stages and series, on all bars, by return and without exits; conditions add a little. */
const plain = (variants: number, series: number, bars = BARS): number => (variants + 20 * series) * bars;
const isNear = (found: number, expected: number): void =>
  assert.ok(Math.abs(found / expected - 1) < 0.15, `${found}, not about ${expected}`);

test('variants of both stages, and a series as twenty of them, on the bars that are searched', () => {
  isNear(workOf({}), plain(2 * WINDOWS, WINDOWS));
  isNear(workOf({ variants: 10 }), plain(20, 10));
  isNear(workOf({}, { preselect: 10 }), plain(WINDOWS + 10, WINDOWS));
  isNear(workOf({ variants: 50 }, { preselect: 10 }), plain(50 + 5, 50));
  isNear(workOf({}, {}, { ...sma, ...stops }), plain(WINDOWS + 3 * WINDOWS, WINDOWS));
  isNear(workOf({}, { validation: { mode: 'holdout', fraction: 0.25 } }), plain(2 * WINDOWS, WINDOWS, 0.75 * BARS));
  const validation = { mode: 'walk_forward', folds: 4, train_fraction: 0.6 };
  const fold = workOf({}, { validation });
  assert.equal(workOf({ walk: true }, { validation }), 4 * fold, 'all folds');
  assert.ok(fold < workOf({}));
});

test('what costs more weighs more: metrics of the path, exit rules, and both with stops', () => {
  const one = workOf({}, {}, rules({}));
  assert.equal(workOf({}, { ranking: { primary_metric: 'sharpe' } }, rules({})), 4 * one);
  assert.equal(workOf({}, { filters: { max_drawdown_pct: 20 } }, rules({})), 4 * one);
  const exits = rules({ exit_long: 'close < open' });
  isNear(workOf({}, {}, exits), 4 * one);
  isNear(workOf({ variants: 40 }, {}, { ...exits, ...stops }), 6 * plain(40 + 120, 40));
});

test('estimates have the test: units of the real market and of each permuted one, memory of a market a thread', () => {
  const [without, tested] = [specOf({ permutations: 0 }), specOf({ variants: 50 })];
  const grid = buildGrid(tested);
  const { luck, market, total } = unitsOf(tested, grid);
  assert.deepEqual([luck, market], [20 * 100, 100]);
  assert.equal(total, unitsOf(without, grid).total + luck);
  for (const threads of [1, 4]) {
    const [bare, full] = [without, tested].map((spec) => estimate(spec, grid, threads));
    assert.equal(bare.luck_variants + bare.luck_bytes, 0);
    assert.equal(full.luck_variants, luck);
    assert.equal(full.total_units, bare.total_units + luck);
    assert.ok(full.luck_bytes > threads * BARS * 40 && full.bytes === bare.bytes + full.luck_bytes);
    const [short, long] = [without, tested].map((spec) => estimateTime(spec, grid, threads));
    assert.deepEqual(short.luck, { low_seconds: 0, high_seconds: 0 });
    assert.ok(Math.abs(long.high_seconds - short.high_seconds - long.luck.high_seconds) < 1e-9);
  }
  const seconds = (luck: object, threads = 1): number => estimateTime(specOf(luck), grid, threads).luck.high_seconds;
  isNear(seconds({ permutations: 39 }), 2 * seconds({}));
  isNear(seconds({}, 2), seconds({}) / 2);
});
