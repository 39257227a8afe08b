// Comparisons that clocks and limits of indicators decide before there is a candle.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { strategyOf } from '../grid/strategy.ts';
import { errorOf, problemsOf, specInput } from '../testing/specs.ts';
import { parseSpec } from './parse-spec.ts';

const values = (...list: number[]) => ({ mode: 'explicit', values: list });

function input(long: string, params: object = {}): object {
  return specInput({}, { indicator_grids: undefined, rules: { long }, params });
}

test('never or always true: an error at the rule, with the limits and a caret', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['hour > 24', 'hour is 0 to 23, so this is never true'],
    ['hour > 23', 'hour is 0 to 23, so this is never true'],
    ['hour <= 23', 'hour is 0 to 23, so this is always true'],
    ['dayofweek == 9', 'dayofweek is 0 to 6, so this is never true'],
    ['dayofweek == 2.5', 'dayofweek is 0 to 6, so this is never true'],
    ['7 != dayofweek', 'dayofweek is 0 to 6, so this is always true'],
    ['dayofweek[3] < 0', 'dayofweek[3] is 0 to 6, so this is never true'],
    ['rsi(close, 14) > 100', 'rsi(close, 14) is 0 to 100, so this is never true'],
    ['rsi(close, 14) >= 0', 'rsi(close, 14) is 0 to 100, so this is always true'],
    ['highest(williams_r(14), 5) > 0', 'highest(williams_r(14), 5) is -100 to 0, so this is never true'],
    ['stoch(14, 3, 3).d - 50 < -50', 'stoch(14, 3, 3).d - 50 is -50 to 50, so this is never true'],
    ['abs(aroon(25)) > 100', 'abs(aroon(25)) is 0 to 100, so this is never true'],
    ['abs(close - open) < 0', 'abs(close - open) is at least 0, so this is never true'],
    ['cmf(20) * 1 > cmf(20) or mfi(14) < -1', 'mfi(14) is 0 to 100, so this is never true'],
    ['cross_above(rsi(close, 14), 100)', 'rsi(close, 14) is 0 to 100, so this is never true'],
    ['cross_below(hour, 24)', 'hour is 0 to 23, so this is never true'],
    ['hour < dayofweek - 7', 'hour is 0 to 23 and dayofweek - 7 is -7 to -1, so this is never true'],
  ];
  for (const [rule, expected] of cases) {
    const { problems } = errorOf(input(rule));
    assert.deepEqual(
      problems.map(({ path, code }) => `${path} ${code}`),
      ['template.rules.long invalid_rule'],
      rule,
    );
    const [first, text, carets] = problems[0].message.split('\n');
    assert.ok(first.includes(expected), `${rule}: ${first}`);
    assert.equal(text, rule);
    assert.match(carets, /^ *\^+$/);
  }
});

test('what values may decide is no error', () => {
  const rules = [
    'hour > 22',
    'hour >= 23',
    'dayofweek == 6',
    'rsi(close, 14) >= 100',
    'rsi(close, 14) <= 0',
    'rsi(close, 14) > stoch(14, 3, 3)',
    'close > 0',
    'cross_above(rsi(close, 14), 99)',
    'macd(close, 12, 26, 9) > 1000',
    'hour * 2 > 40',
    'linreg_slope(close, 9).r2 > 0.9',
  ];
  for (const rule of rules) assert.deepEqual(faultsOf(rule), [], rule);
});

function faultsOf(rule: string, params: object = {}): readonly string[] {
  try {
    parseSpec(input(rule, params));
    return [];
  } catch {
    return problemsOf(input(rule, params));
  }
}

test('of parameters all values count together', () => {
  const never = ['template.rules.long invalid_rule'];
  assert.deepEqual(faultsOf('hour >= h', { h: values(0, 5, 24) }), []);
  assert.deepEqual(faultsOf('hour >= h', { h: values(24, 25) }), never);
  assert.deepEqual(faultsOf('hour >= h', { h: values(0, -1) }), never);
  assert.deepEqual(faultsOf('dayofweek == d', { d: { mode: 'range', start: 7, stop_incl: 9, step: 1 } }), never);
  assert.deepEqual(faultsOf('rsi(close, 14) > 50 + x', { x: values(50, 60) }), never);
  assert.deepEqual(faultsOf('rsi(close, 14) > 50 + x', { x: values(40, 60) }), []);
});

test('a rule that was stored before this was an error still runs', () => {
  const { template } = parseSpec(input('hour > 22'));
  const stored = { ...template, rules: { long: 'hour > 24', short: null, exit_long: null, exit_short: null } };
  assert.equal(strategyOf({ ...stored, params: {}, constraints: [] }).rules.long?.kind, 'compare');
});
