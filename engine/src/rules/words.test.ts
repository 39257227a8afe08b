import assert from 'node:assert/strict';
import { test } from 'node:test';
import { INDICATOR_NAMES } from '../indicators/catalogue.ts';
import { paramNameProblem } from './words.ts';

test('a parameter may have any name the language has not', () => {
  for (const name of ['fast', 'rsi_max', '_x', 'a1', 'out', 'window', 'constructor']) {
    assert.equal(paramNameProblem(name), null, name);
  }
  const cases = [
    ...['Fast', '1a', '', 'a-b', 'a b', 'é', 'fast\n'].map((name) => [name, /small letters, digits and _/] as const),
    ...['and', 'or', 'not', '__proto__'].map((name) => [name, /is a reserved word/] as const),
    ...['close', 'hl2', 'hour', 'dayofweek'].map((name) => [name, /is a series/] as const),
    ...['min', 'cross_above', 'exists'].map((name) => [name, /is a function/] as const),
    ...INDICATOR_NAMES.map((name) => [name, /is an indicator/] as const),
  ] as const;
  for (const [name, message] of cases) assert.match(paramNameProblem(name) ?? 'no problem', message, name);
});
