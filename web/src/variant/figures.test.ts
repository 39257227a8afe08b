import assert from 'node:assert/strict';
import { test } from 'node:test';
import { figureText, groupFigures } from './figures.ts';

test('figures are written by their kind', () => {
  const cases = [
    ['Total Return [%]', '257.8398', '+257.84%'],
    ['Total Profit', '-1269.7', '−1,269.70'],
    ['Max. Drawdown [%]', '11.26', '11.26%'],
    ['Max. Drawdown Duration', '1172 days, 0:00:00', '1,172 d'],
    ['Avg. Trade Duration', '45 days, 22:01:00', '45 d 22 h'],
    ['Avg. Trade Duration', '3:05:00', '3 h 5 min'],
    ['Max. Trade Duration', '1 day, 0:00:00', '1 d'],
    ['Start', '2000-01-03T00:00:00.000Z', '2000-01-03'],
    ['Num. Trades', '1082', '1,082'],
    ['SQN', 'inf', '∞'],
    ['Sharpe Ratio', 'N/A', '–'],
    ['Something New', 'abc', 'abc'],
  ] as const;
  for (const [metric, value, text] of cases) assert.equal(figureText(metric, value), text, metric);
});

test('groups keep their order, with what was held out beside, and lose no row', () => {
  const rows = [
    { metric: 'Start', value: '2000-01-03T00:00:00.000Z' },
    { metric: 'Something New', value: '7', definition: 'what it is' },
    { metric: 'Num. Trades', value: '3' },
    { metric: 'Total Return [%]', value: '1' },
    { metric: 'Init. Cash', value: '10000' },
  ];
  const groups = groupFigures(rows, [{ metric: 'Num. Trades', value: '1' }]);
  assert.deepEqual(
    groups.map(({ name, figures }) => [name, ...figures.map((one) => [one.name, one.value, one.heldOut])]),
    [
      ['Result', ['Initial cash', '10,000.00', null], ['Total return', '+1.00%', null]],
      ['Trades', ['Trades', '3', '1']],
      ['Period', ['Start', '2000-01-03', null]],
      ['Other', ['Something New', '7', null]],
    ],
  );
  assert.equal(groups.at(-1)?.figures[0]?.meaning, 'what it is');
});
