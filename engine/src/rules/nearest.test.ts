import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearest } from './nearest.ts';

test('the word that takes the fewest changes, if it takes few', () => {
  const known = ['ma.sma', 'ma.ema', 'momentum.rsi', 'momentum.macd'];
  assert.equal(nearest('momentum.rsl', known), 'momentum.rsi');
  assert.equal(nearest('MA.SMA', known), 'ma.sma');
  assert.equal(nearest('ma.smma', known), 'ma.sma');
  assert.equal(nearest('momentum.mcd', known), 'momentum.macd');
  assert.equal(nearest('hgih', ['high', 'highest', 'hma']), 'high'); // neighbours that are swapped are one change
  assert.equal(nearest('volume.obv', known), undefined);
  assert.equal(nearest('', known), undefined);
  assert.equal(nearest('x'.repeat(1_000_000), known), undefined);
  assert.equal(nearest('a', []), undefined);
});
