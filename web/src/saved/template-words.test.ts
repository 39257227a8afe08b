import assert from 'node:assert/strict';
import { test } from 'node:test';
import { templateWords } from './template-words.ts';

test('a template is said by its rules or its indicators, and by what is searched over', () => {
  assert.deepEqual(
    templateWords({
      rules: { long: 'close > sma(close, n)', short: null },
      params: { n: { mode: 'range', start: 5, stop_incl: 100, step: 5 } },
    }),
    ['long: close > sma(close, n)', 'n 5 to 100 by 5'],
  );
  assert.deepEqual(
    templateWords({
      rules: null,
      indicator_grids: [
        { indicator_id: 'ma.sma', params: { window: { mode: 'range', start: 20, stop_incl: 200, step: 1 } } },
        { indicator_id: 'momentum.rsi', params: { window: { mode: 'explicit', values: [2, 14] }, shift: 1 } },
      ],
    }),
    ['ma.sma window 20 to 200', 'momentum.rsi window 2 | 14, shift 1'],
  );
  assert.deepEqual(templateWords({}), []);
});
