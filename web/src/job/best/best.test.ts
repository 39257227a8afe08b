import assert from 'node:assert/strict';
import { test } from 'node:test';
import { columnsOf, hiddenAtFirst, isAtEnd, metricOf, readHidden, writeHidden, type Row } from './columns.ts';
import { linePath } from './equity-line.ts';
import {
  alone,
  brushed,
  grouped,
  matching,
  nextSort,
  readRange,
  readSort,
  shownSort,
  sorted,
  writeRange,
} from './rows.ts';

type Axis = Parameters<typeof brushed>[0] & Parameters<typeof columnsOf>[0]['axes'][number];

const axis = (key: string, stride: number, values: readonly (number | string | null)[]): Axis => ({
  key,
  label: key,
  short: key,
  unit: key === 'sl' ? '%' : '',
  values,
  length: values.length,
  stride,
  isRisk: key === 'sl',
});

// variant_index = 6 n + 2 source + sl
const AXES = [axis('n', 6, [10, 20, 30]), axis('source', 2, ['close', 'open', 'high']), axis('sl', 1, [null, 2])];

function row(rank: number, variant_index: number, metrics: object, more: object = {}): Row {
  return { rank, variant_index, metrics, alike: null, ...more } as unknown as Row;
}

const ROWS = [
  row(
    1,
    0,
    { total_return_pct: 30, sharpe: 0.5, max_drawdown_pct: 9, profit_factor: 'inf' },
    { alike: { first_rank: 1, rows: 2 } },
  ),
  row(2, 6, { total_return_pct: 20, sharpe: 0.9, max_drawdown_pct: 3, profit_factor: 2 }),
  row(3, 12, { total_return_pct: 10, sharpe: null, max_drawdown_pct: 5, profit_factor: '-inf' }),
  row(
    4,
    2,
    { total_return_pct: 5, sharpe: 0.9, max_drawdown_pct: 4, profit_factor: null },
    { alike: { first_rank: 1, rows: 2 } },
  ),
];

const { columns, shared } = columnsOf({ rows: ROWS, axes: AXES, primary: 'sharpe', hidden: new Set() });
const ranksBy = (text: string): readonly number[] =>
  sorted(alone(ROWS), readSort(text), columns).map((one) => one.row.rank);

test('only parameters that differ have a column; the rest is said once', () => {
  assert.deepEqual(
    columns.slice(0, 4).map(({ id }) => id),
    ['rank', 'n', 'source', 'sharpe'],
  );
  assert.deepEqual(shared, ['sl off']);
  const one = columnsOf({ rows: ROWS.slice(0, 1), axes: AXES, primary: null, hidden: new Set() });
  assert.deepEqual(
    one.columns.slice(0, 4).map(({ id }) => id),
    ['rank', 'n', 'source', 'sl'],
  );
  assert.deepEqual(one.shared, []);
});

test('the ranking metric stands first and cannot be hidden; unseen ones follow it', () => {
  const seen = ROWS.map(
    (one) => ({ ...one, out_of_sample: { metrics: { total_return_pct: -1, sharpe: -0.2 } } }) as unknown as Row,
  );
  const { columns: all } = columnsOf({
    rows: seen,
    axes: AXES,
    primary: 'sortino',
    hidden: new Set(['sortino', 'sharpe']),
  });
  assert.deepEqual(
    all.slice(3, 7).map(({ id }) => id),
    ['sortino', 'unseen.total_return_pct', 'unseen.sharpe', 'total_return_pct'],
  );
  assert.equal(
    all.some(({ id }) => id === 'sharpe'),
    false,
  );
  assert.equal(metricOf(seen[0] as Row, { kind: 'unseen', metric: 'sharpe' }), -0.2);
});

test('a search that prefers plateaus is ranked by what lies around, and stands so', () => {
  const around = ROWS.map((one) => ({ ...one, metrics: { ...one.metrics, plateau_score: 1 / one.rank } }));
  const { columns: all } = columnsOf({ rows: around, axes: AXES, primary: 'max_drawdown_pct', hidden: new Set() });
  assert.deepEqual(
    all.slice(3, 5).map((one) => [one.id, one.kind === 'metric' && one.isRanking]),
    [
      ['plateau_score', true],
      ['max_drawdown_pct', false],
    ],
  );
  assert.deepEqual(shownSort(null, all), { id: 'plateau_score', way: 'asc' });
});

test('hidden columns go to the address and back', () => {
  assert.equal(readHidden('', 'sqn').has('sqn'), false);
  for (const hidden of [new Set<string>(), new Set(['sharpe']), new Set(hiddenAtFirst('sharpe'))]) {
    assert.deepEqual(readHidden(writeHidden(hidden, 'sharpe'), 'sharpe'), hidden);
  }
  assert.equal(writeHidden(new Set(hiddenAtFirst('sharpe')), 'sharpe'), '');
});

test('every column sorts, infinities at the ends, what has no value last either way', () => {
  assert.deepEqual(ranksBy('sharpe.desc'), [2, 4, 1, 3]);
  assert.deepEqual(ranksBy('sharpe.asc'), [1, 2, 4, 3]);
  assert.deepEqual(ranksBy('profit_factor.desc'), [1, 2, 3, 4]);
  assert.deepEqual(ranksBy('profit_factor.asc'), [3, 2, 1, 4]);
  assert.deepEqual(ranksBy('n.desc'), [3, 2, 1, 4]);
  assert.deepEqual(ranksBy('source.desc'), [4, 1, 2, 3]);
  assert.deepEqual(ranksBy('nothing.asc'), [1, 2, 3, 4]);
});

test('a header goes from its better end to the other, and back to the ranking', () => {
  const sharpe = columns.find(({ id }) => id === 'sharpe');
  const fall = columns.find(({ id }) => id === 'max_drawdown_pct');
  assert.ok(sharpe && fall);
  assert.deepEqual(shownSort(null, columns), { id: 'sharpe', way: 'desc' });
  assert.deepEqual(nextSort(null, sharpe), { id: 'sharpe', way: 'asc' });
  assert.equal(nextSort({ id: 'sharpe', way: 'asc' }, sharpe), null);
  assert.deepEqual(nextSort(null, fall), { id: 'max_drawdown_pct', way: 'asc' });
  assert.deepEqual(nextSort({ id: 'max_drawdown_pct', way: 'asc' }, fall), { id: 'max_drawdown_pct', way: 'desc' });
  assert.equal(nextSort({ id: 'max_drawdown_pct', way: 'desc' }, fall), null);
  assert.deepEqual(nextSort({ id: 'max_drawdown_pct', way: 'asc' }, sharpe), { id: 'sharpe', way: 'desc' });
  assert.equal(shownSort({ id: 'hidden', way: 'asc' }, columns), null);
  assert.equal(readSort('sharpe'), null);
  assert.equal(readSort('sharpe.up'), null);
  assert.deepEqual(readSort('momentum.rsi.window.asc'), { id: 'momentum.rsi.window', way: 'asc' });
});

test('rows with equal trades are one, under the best that is shown', () => {
  assert.deepEqual(
    grouped(ROWS).map(({ row: { rank }, others }) => [rank, others]),
    [
      [1, 1],
      [2, 0],
      [3, 0],
    ],
  );
  assert.deepEqual(
    grouped(ROWS.slice(1)).map(({ row: { rank }, others }) => [rank, others]),
    [
      [2, 0],
      [3, 0],
      [4, 0],
    ],
  );
});

test('brushes and ranges leave exactly what lies within all of them', () => {
  const ranks = (brush: object, filters: object): readonly number[] =>
    matching(ROWS, AXES, brush as never, filters as never).map(({ rank }) => rank);
  assert.deepEqual(ranks({ n: '10..20' }, {}), [1, 2, 4]);
  assert.deepEqual(ranks({ n: '10..20', source: 'open..high' }, {}), [4]);
  assert.deepEqual(ranks({ n: 'x..y', other: '1..2' }, {}), [1, 2, 3, 4]);
  assert.deepEqual(ranks({ sl: '2..2' }, {}), []);
  assert.deepEqual(ranks({}, { sharpe: '0.6..' }), [2, 4]);
  assert.deepEqual(ranks({}, { sharpe: '..0.6', max_drawdown_pct: '4..10' }), [1]);
  assert.deepEqual(ranks({}, { sharpe: 'a..b' }), [1, 2, 3, 4]);
  assert.deepEqual(brushed(AXES[2] as Axis, 'off..2'), new Set([0, 1]));
  assert.equal(brushed({ values: [] }, '1..2'), null);
});

test('ranges go to the address and back', () => {
  for (const text of ['1..2.5', '..3', '-4..']) assert.equal(writeRange(readRange(text) ?? { min: 0, max: 0 }), text);
  for (const text of ['', '..', '1', 'a..b', '1..2..3']) assert.equal(readRange(text), null);
  assert.equal(writeRange({ min: -Infinity, max: Infinity }), '');
});

test('ends are those of numbers only, of three or more', () => {
  const [n, source, sl] = AXES as [Axis, Axis, Axis];
  assert.deepEqual(
    [10, 20, 30].map((value) => isAtEnd(n, value)),
    [true, false, true],
  );
  assert.equal(isAtEnd(source, 'close'), false);
  assert.equal(isAtEnd(sl, 2), false);
});

test('an equity line fills its box, and a flat one is a line', () => {
  assert.equal(linePath([100, 50, 150], 60, 20), 'M0 10L30 20L60 0');
  assert.equal(linePath([100, 100], 60, 20), 'M0 10L60 10');
  assert.equal(linePath([], 60, 20), '');
});
