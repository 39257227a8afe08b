import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whatDiffers, type Ground } from './comparable.ts';

const ground = (letter: string, facts: Partial<Ground['facts']> = {}): Ground => ({
  letter,
  facts: {
    market: 'BTC',
    timeframe: '1h',
    range: '2020',
    held: 'none',
    candles: 'abc',
    costs: 'fee 0.1%',
    fill: 'close',
    sizing: 'all in',
    ...facts,
  },
});

test('what stands on the same ground may be compared', () => {
  assert.deepEqual(whatDiffers([ground('A'), ground('B')]), []);
  assert.deepEqual(whatDiffers([]), []);
});

test('each difference is named with who has what', () => {
  assert.deepEqual(whatDiffers([ground('A'), ground('B', { costs: 'fee 0' }), ground('C')]), [
    'costs: A and C fee 0.1%, B fee 0',
  ]);
  assert.deepEqual(whatDiffers([ground('A'), ground('B', { candles: 'x' })]), ['candles: A abc, B x']);
});

test('other candles are not told beside another range, from which they follow', () => {
  const told = whatDiffers([ground('A'), ground('B', { candles: 'x', range: '2021', fill: 'next open' })]);
  assert.deepEqual(told, ['range: A 2020, B 2021', 'fill: A close, B next open']);
});
