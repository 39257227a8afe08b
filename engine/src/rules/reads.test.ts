import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConditionExpr, Expr } from './expression.ts';
import { readRule } from './read-rule.ts';
import { effectiveParams, paramsOf, walk } from './reads.ts';

const params = new Set(['fast', 'slow', 'smooth', 'mult', 'limit', 'back', 'window']);

function rule(text: string, bindings?: ReadonlyMap<string, Expr>): ConditionExpr {
  const reading = readRule(text, { params, ...(bindings && { bindings }) });
  assert.ok('expr' in reading, JSON.stringify(reading));
  return reading.expr;
}

const sorted = (names: ReadonlySet<string>): readonly string[] => [...names].sort();

test('every parameter is found, wherever it stands', () => {
  const text = `not (cross_above(ema(close, fast), abs(highest(low, slow))[back]) or min(fast, limit) > abs(smooth))
    and exists(bbands(sma(volume, window), 20, mult / 2).upper)`;
  assert.deepEqual(sorted(paramsOf(rule(text))), [...params].sort());
  assert.deepEqual(sorted(paramsOf(rule('close > 1 and hour < 3'))), []);
});

test('a parameter that cannot move the output read has no effect, unless it is read elsewhere too', () => {
  const effect = (text: string): readonly string[] => sorted(effectiveParams(rule(text)));
  assert.deepEqual(effect('macd(close, fast, slow, smooth).macd > 0'), ['fast', 'slow']);
  assert.deepEqual(effect('macd(close, fast, slow, smooth).signal > 0'), ['fast', 'slow', 'smooth']);
  assert.deepEqual(effect('bbands(rsi(close, window), 20, mult) > bbands(close, 20, mult * limit).mid'), ['window']);
  assert.deepEqual(effect('bbands(close, 20, mult) > mult'), ['mult']);
});

test('text axes count, and so does what their values choose', () => {
  const close: Expr = { kind: 'column', column: 'close' };
  const cases = { close, ema: rule('ema(close, fast) > 1') };
  const left: Expr = { kind: 'lag', of: close, bars: { kind: 'param', name: 'back' } };
  const source: Expr = { kind: 'choose_series', axis: 'source', cases: { close, lag: left } };
  const chosen: Expr = { kind: 'choose_condition', axis: 'rule', cases: { a: cases.ema, b: rule('limit > 1') } };
  const both: Expr = { kind: 'and', left: { kind: 'holds', of: chosen }, right: { kind: 'exists', of: source } };
  assert.deepEqual(sorted(paramsOf(both)), ['back', 'fast', 'limit', 'rule', 'source']);
  assert.deepEqual(sorted(effectiveParams(both)), ['back', 'fast', 'limit', 'rule', 'source']);
});

test('a walk visits everything once, outside first', () => {
  const kinds: string[] = [];
  walk(rule('close[1] > atr(14)'), (part) => kinds.push(part.kind));
  assert.deepEqual(kinds, ['compare', 'lag', 'column', 'number', 'indicator', 'number']);
});
