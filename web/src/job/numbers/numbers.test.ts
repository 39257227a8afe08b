import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aroundOf } from './around.ts';
import { statisticsOf } from './statistics.ts';

type Verdict = Parameters<typeof statisticsOf>[0];

test('what is not known has its reason in the place of its meaning', () => {
  const reasons = { sharpe_annual: 'no variant was ranked', deflated_sharpe: 'the returns do not vary' };
  const verdict = {
    sharpe_annual: null,
    deflated_sharpe: null,
    lucky_sharpe_annual: null,
    skewness: null,
    days: 3,
    years: 0.5,
    trials: 2,
    compared: { drawn: 0 },
    reasons,
  } as unknown as Verdict;
  const by = Object.fromEntries(
    statisticsOf(verdict, null).map(({ name, value, meaning }) => [name, [value, meaning]]),
  );
  assert.deepEqual(by['Sharpe ratio of the best'], ['–', 'no variant was ranked']);
  assert.deepEqual(by['Deflated Sharpe ratio'], ['–', 'the returns do not vary']);
  assert.deepEqual(by['Luck by formula'], ['–', 'not known']);
  assert.deepEqual(by['As good by luck'], ['–', 'no markets were permuted']);
  assert.equal('Tried before' in by, false);
});

test('the trials of ancestors are told beside', () => {
  const verdict = {
    compared: { drawn: 0 },
    reasons: {},
    permuted: { as_good: 3, done: 99, p: 0.04, variants: 5, grid_variants: 10, lucky_sharpe_annual: 0.5 },
  } as unknown as Verdict;
  const all = statisticsOf(verdict, { jobs: 2, trials: 12_345, complete: false });
  assert.deepEqual(all.at(-1), {
    name: 'Tried before',
    value: 'at least 12,345',
    meaning: 'variants of 2 jobs that this one came from, on the same candles',
  });
  assert.equal(all[0]?.meaning, 'permuted markets, searched 5 of 10 base variants; p 0.040');
});

test('a cliff one step away is marked', () => {
  const axes = [{ key: 'sl', label: 'stop', unit: '%' }] as unknown as Parameters<typeof aroundOf>[1];
  const { lines, from, to } = aroundOf(
    [
      { axis: 'sl', value: 0.5, score: -7 },
      { axis: 'sl', value: 'off', score: 250 },
      { axis: 'n', value: 3, score: null },
    ],
    axes,
    { typical: 6, best: 258 },
  );
  assert.deepEqual(
    lines.map(({ words, tone }) => [words, tone]),
    [
      ['stop 0.5%', 'loss'],
      ['stop off', 'gain'],
      ['n 3', 'none'],
    ],
  );
  assert.deepEqual([from, to], [-7, 258]);
});
