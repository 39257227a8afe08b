import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NamedAxis } from '../../words/axes.ts';
import { wantedOf } from './wanted.ts';

const axis = (key: string, values: readonly (number | string)[]): NamedAxis => ({
  key,
  label: key,
  short: key,
  unit: '',
  values,
  length: values.length,
  stride: 1,
  isRisk: false,
});
const AXES = [axis('slow', [5, 10]), axis('source', ['close', 'open'])];
const SUMMARY = {
  metric: 'sharpe',
  better: 'higher',
  quantiles: [
    { share: 0.01, value: -1 },
    { share: 0.1, value: 0 },
    { share: 0.9, value: 2 },
    { share: 0.99, value: 3 },
    { share: 0.999, value: 'inf' },
  ],
} as never;
const NONE = { share: '0.01', brush: {}, order: [] } as const;

test('it opens on the best of a hundred, and offers the shares whose level is known', () => {
  const { asked, options, isScoreBrushed } = wantedOf(NONE, AXES, SUMMARY);
  assert.deepEqual(asked, { order: ['slow', 'source'], min: 3, max: null, brush: {} });
  assert.deepEqual(
    options.map(([share]) => share),
    ['0.1', '0.01'],
  );
  assert.equal(isScoreBrushed, false);
  assert.deepEqual(wantedOf({ ...NONE, share: '1' }, AXES, SUMMARY).asked.min, null);
});

test('low scores can be the good ones', () => {
  const lower = { ...(SUMMARY as object), better: 'lower' } as never;
  const { asked } = wantedOf({ ...NONE, share: '0.1' }, AXES, lower);
  assert.deepEqual([asked.min, asked.max], [null, 0]);
});

test('a brush on the score takes the place of the share, those on axes go with it', () => {
  const brush = { sharpe: '1..2.5', slow: '10..5', source: 'close..open', nope: '1..2' };
  const { asked, isScoreBrushed } = wantedOf({ ...NONE, brush, order: ['-source'] }, AXES, SUMMARY);
  assert.deepEqual(asked, {
    order: ['source', 'slow'],
    min: 1,
    max: 2.5,
    brush: { slow: [5, 10], source: ['close', 'open'] },
  });
  assert.equal(isScoreBrushed, true);
});
