// No wall time here: that the range grows with the work and shrinks with threads, and what each part is about.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSpec } from '../gate/parse-spec.ts';
import { buildGrid } from '../grid/grid.ts';
import { specInput } from '../testing/specs.ts';
import { estimateTime, type TimeEstimate } from './time.ts';

const range = (start: number, stop_incl: number): object => ({ mode: 'range', start, stop_incl, step: 1 });
const sma = (windows: object): object => ({
  indicator_grids: [{ indicator_id: 'ma.sma', params: { window: windows } }],
});

function timeOf(changes: object = {}, template: object = {}, threads = 1): TimeEstimate {
  const spec = parseSpec(specInput(changes, template));
  return estimateTime(spec, buildGrid(spec), threads);
}

/** Both ends. */
function longer(more: TimeEstimate, less: TimeEstimate, why: string): void {
  assert.ok(more.low_seconds > less.low_seconds, `low: ${why}`);
  assert.ok(more.high_seconds > less.high_seconds, `high: ${why}`);
}

const SPX = { market_id: 5, symbol: 'X' };

test('a range: low is above nothing and well below high', () => {
  for (const time of [timeOf(), timeOf({}, { timeframe: '1m' }), timeOf({}, { instrument_id: SPX, timeframe: '1d' })]) {
    assert.ok(time.low_seconds > 0 && 3 * time.low_seconds < time.high_seconds);
    assert.ok(Number.isFinite(time.high_seconds));
  }
});

test('more of anything takes longer', () => {
  const base = timeOf({}, sma(range(5, 50)));
  longer(timeOf({}, sma(range(5, 90))), base, 'more variants');
  longer(timeOf({}, { ...sma(range(5, 50)), timeframe: '5m' }), base, 'more bars of a day');
  const quarter = { start: '2024-01-01T00:00:00Z', end: '2024-04-01T00:00:00Z' };
  longer(timeOf({ time_range: quarter }, sma(range(5, 50))), base, 'more days');
  longer(timeOf({}, { ...sma(range(5, 50)), risk_grid: { sl: range(1, 9) } }), base, 'more risk settings');
  longer(base, timeOf({ top_k: 1 }, sma(range(5, 50))), 'more kept rows');
  longer(base, timeOf({ sample: { n: 5, seed: 1 } }, sma(range(5, 50))), 'more than a sample');
  longer(timeOf({ ranking: { primary_metric: 'sharpe' } }, sma(range(5, 50))), base, 'a metric that follows equity');
  const rules = { long: 'close > sma(close, n)' };
  const ruled = { indicator_grids: undefined, rules, params: { n: range(5, 50) } };
  const withExit = { ...ruled, rules: { ...rules, exit_long: 'close < open' } };
  longer(timeOf({}, withExit), timeOf({}, ruled), 'an exit rule');
});

test('threads divide scoring and rows; the start and the verdict stay, and nothing gets slower', () => {
  const many = { ...sma(range(5, 100)), risk_grid: { sl: range(1, 50), tp: range(1, 50) } };
  const year = { time_range: { start: '2020-01-01T00:00:00Z', end: '2024-01-01T00:00:00Z' } };
  const [one, two, eight] = [1, 2, 8].map((threads) => timeOf(year, many, threads));
  assert.ok(one && two && eight);
  longer(one, two, 'one thread rather than two');
  longer(two, eight, 'two rather than eight');
  assert.ok(two.high_seconds > one.high_seconds / 2 && eight.low_seconds > one.low_seconds / 8);
  assert.ok(two.high_seconds < 0.75 * one.high_seconds, 'most of a large search is divided');
});

test('each fold of a walk forward is a search of its own, of the bars it sees', () => {
  const template = { ...sma(range(5, 200)), risk_grid: { sl: range(1, 50), tp: range(1, 50) } };
  const walk = (folds: number): object => ({ validation: { mode: 'walk_forward', folds, train_fraction: 0.9 } });
  longer(timeOf(walk(8), template), timeOf(walk(2), template), 'more folds');
  longer(
    timeOf({}, template),
    timeOf({ validation: { mode: 'holdout', fraction: 0.5 } }, template),
    'nothing held out',
  );
});

test('columns that do not fit into memory are computed again for each variant', () => {
  const template = (a: number): object => ({
    indicator_grids: undefined,
    rules: { long: 'sma(close, a) > sma(close, b) + 0.01' },
    params: { a: range(2, 1 + a), b: range(2, 1001) },
    timeframe: '1m',
  });
  const perVariant = (a: number): number => timeOf({ top_k: 1, preselect: 1 }, template(a)).high_seconds / (a * 1000);
  assert.ok(perVariant(10) > 3e-3, 'thousand columns of 43,200 minutes are more than the memory keeps');
});
