import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NamedAxis } from '../words/axes.ts';
import { differenceOf, figureRows, parameterRows } from './rows.ts';

const axis = (label: string, values: readonly number[], stride: number): NamedAxis => ({
  key: `k.${label}`,
  label,
  short: label,
  unit: '',
  values,
  length: values.length,
  stride,
  isRisk: false,
});

test('parameters are told by their labels, across jobs that have other axes', () => {
  const first = { axes: [axis('SMA', [10, 20], 2), axis('RSI', [1, 2], 1)], variant_index: 3 };
  const second = { axes: [axis('SMA', [10, 20], 1)], variant_index: 1 };
  const rows = parameterRows([first, second, null], 0);
  assert.deepEqual(
    rows.map(({ name, cells, isSame }) => [name, cells.map((cell) => cell && [cell.text, cell.isMarked]), isSame]),
    [
      ['SMA', [['20', false], ['20', false], null], true],
      ['RSI', [['2', false], ['–', true], null], false],
    ],
  );
});

test('the best of a figure is marked, and differences go to the base', () => {
  const [fall, sharpe, trades] = figureRows(
    [{ max_drawdown_pct: 10, sharpe: 1, num_trades: 5 }, null, { max_drawdown_pct: 12.5, sharpe: 1.5, num_trades: 7 }],
    0,
    ['max_drawdown_pct', 'sharpe', 'num_trades'],
  );
  assert.deepEqual(
    fall?.cells.map((cell) => cell && [cell.text, cell.isMarked, cell.difference, cell.tone]),
    [['10.0%', true, '', ''], null, ['12.5%', false, '+2.5', 'loss']],
  );
  assert.deepEqual(
    sharpe?.cells.map((cell) => cell?.isMarked),
    [false, undefined, true],
  );
  assert.deepEqual(
    trades?.cells.map((cell) => cell && [cell.isMarked, cell.tone, cell.difference]),
    [[false, '', ''], null, [false, '', '+2']],
  );
});

test('infinities are the best, what is not known is not, and neither has a difference', () => {
  const [factor] = figureRows([{ profit_factor: 2 }, { profit_factor: 'inf' }, { profit_factor: null }], 0, [
    'profit_factor',
  ]);
  assert.deepEqual(
    factor?.cells.map((cell) => cell && [cell.text, cell.isMarked, cell.difference]),
    [
      ['2.00', false, ''],
      ['∞', true, ''],
      ['–', false, ''],
    ],
  );
  const [same] = figureRows([{ sharpe: 1 }, { sharpe: 1 }], 0, ['sharpe']);
  assert.ok(same?.isSame && same.cells.every((cell) => cell?.isMarked === false));
  assert.deepEqual(differenceOf(1, NaN, { better: 1, digits: 2 }), { difference: '', tone: '' });
});

test('one alone is not the best of its row', () => {
  const [unseen] = figureRows([{}, { sharpe: -0.26 }], 0, ['sharpe']);
  assert.deepEqual(
    unseen?.cells.map((cell) => cell?.isMarked),
    [false, false],
  );
});
