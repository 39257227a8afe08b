import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvOf } from '../../parts/csv.ts';
import type { NamedAxis } from '../../words/axes.ts';
import { bandsModel, bandsTable, bandText, binWords, scoreShare } from './model.ts';

const SLOW: NamedAxis = {
  key: 'ma.sma.window',
  label: 'SMA window',
  short: 'SMA',
  unit: '',
  values: [],
  length: 4,
  stride: 1,
  isRisk: false,
};
const BANDS = {
  metric: 'total_return_pct',
  scores: 10,
  matched: 3,
  axes: [{ key: 'ma.sma.window', from: [5, 15], to: [10, 20], all: [4, 6], hits: [1, 2] }],
  between: [[0, 1, 1, 1]],
  score: { from: -10, to: 30, all: [6, 4], hits: [1, 2] },
};
const shown = (isFlipped: boolean, isLower = false) => ({ named: [SLOW], isFlipped: () => isFlipped, isLower });

test('the score is the last axis, in bins that meet at round edges and end exactly', () => {
  const { axes, curves, curvesInGap } = bandsModel(BANDS, shown(true));
  assert.deepEqual(
    axes.map(({ label, isFlipped, isScore }) => [label, isFlipped, isScore ?? false]),
    [
      ['SMA window', true, false],
      ['Return %', false, true],
    ],
  );
  assert.deepEqual(
    [axes[1]?.from, axes[1]?.to],
    [
      [-10, 10],
      [10, 30],
    ],
  );
  assert.equal(curves.length, 3);
  assert.deepEqual(curvesInGap, [3]);
  assert.equal(bandsModel(BANDS, shown(false, true)).axes[1]?.isFlipped, true, 'low scores above where they are good');
});

test('a bin says its values, what is matched and of how many', () => {
  const [slow, score] = bandsModel(BANDS, shown(false)).axes;
  assert.ok(slow && score);
  assert.equal(binWords(slow, 1), 'SMA window 15–20: 2 of 6 match, 33%');
  assert.equal(bandText(score, 0, 1), '−10.0 to +30.0');
  assert.equal(binWords({ ...slow, all: [0, 0], hits: [0, 0] }, 0), 'SMA window 5–10: nothing is scored');
  assert.deepEqual(
    [-10, 10, 999].map((value) => scoreShare(BANDS.score, value)),
    [0, 0.5, 1],
  );
  assert.equal(scoreShare({ ...BANDS.score, from: 3, to: 3 }, 3), 0.5);
});

test('the table has every bar and every curve', () => {
  const table = bandsTable(bandsModel(BANDS, shown(false)), BANDS.between);
  assert.deepEqual(csvOf(table).split('\n').slice(1), [
    'SMA window,5,10,,,,1,4',
    'SMA window,15,20,,,,2,6',
    'Return %,-10,10,,,,1,6',
    'Return %,10,30,,,,2,4',
    'SMA window,5,10,Return %,10,30,1,',
    'SMA window,15,20,Return %,-10,10,1,',
    'SMA window,15,20,Return %,10,30,1,',
    '',
  ]);
});
