import assert from 'node:assert/strict';
import { test } from 'node:test';
import { levelsOf, nothingWords, scoresSentence, stageWords } from './words.ts';

const summary = (metric: string, above: readonly (readonly [number, number])[]) =>
  ({
    metric,
    better: metric === 'max_drawdown_pct' ? 'lower' : 'higher',
    scores: 1000,
    quantiles: [{ share: 0.5, value: 12.3 }],
    above: above.map(([level, scores]) => ({ level, scores })),
  }) as never;

test('the sentence says how many made money and how many beat buy and hold, and none is none', () => {
  const counted = summary('total_return_pct', [
    [0, 670],
    [122.01, 25],
  ]);
  assert.equal(scoresSentence(counted, 122.01), '67% of what trades made money; 2.5% beat buy and hold.');
  assert.equal(scoresSentence(counted, null), '67% of what trades made money.');
  assert.match(
    scoresSentence(
      summary('total_return_pct', [
        [0, 1000],
        [9, 0],
      ]),
      9,
    ),
    /^100% .*; none beat/,
  );
  assert.deepEqual(levelsOf('total_return_pct', 122.01), [0, 122.01]);
});

test('a metric that does not tell money from loss is not said to', () => {
  assert.equal(scoresSentence(summary('sharpe', [[0, 960]]), null), '96% of what trades has a Sharpe ratio above 0.');
  assert.equal(scoresSentence(summary('profit_factor', [[1, 500]]), null), '50% of what trades made money.');
  assert.deepEqual(levelsOf('profit_factor', null), [1]);
  assert.equal(
    scoresSentence(summary('max_drawdown_pct', []), null),
    'Half of what trades has a maximum drawdown of 12.3% or less.',
  );
});

test('stage 1 says that it has no stops, where there are any', () => {
  const axis = (...values: readonly (number | string)[]) => ({ key: 'sl', values, length: values.length, stride: 1 });
  assert.equal(stageWords({ risk_axes: [axis('off')] } as never), 'scores of every variant');
  assert.equal(stageWords({ risk_axes: [axis('off'), axis(2)] } as never), 'scores of stage 1, without stops');
  assert.equal(nothingWords({ state: 'succeeded' }, 9), 'None of 9 variants is ranked: none has enough trades.');
  assert.equal(nothingWords({ state: 'running' }, 9), 'Nothing is scored yet.');
});
