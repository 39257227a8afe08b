import assert from 'node:assert/strict';
import { basename, dirname, resolve } from 'node:path';
import test from 'node:test';
import { periodOf, seriesFolder, symbolFolder } from './store.ts';

test('any symbol becomes the name of one folder, and no two the same', () => {
  const symbols = [
    'BTCUSDT',
    '^GSPC',
    'BTC/USDT',
    'BTC/USDT:USDT',
    '.',
    '..',
    '../../etc',
    'a\\b',
    '%2E',
    '*',
    '~',
    'C:',
    'ÄÖ',
    '币安',
  ];
  const folders = symbols.map(symbolFolder);
  assert.equal(new Set(folders).size, symbols.length);
  for (const folder of folders) {
    assert.match(folder, /^[\w%-]+$/);
    const path = resolve('/store', '1', folder);
    assert.deepEqual([dirname(path), basename(path)], ['/store/1', folder]);
  }
  assert.equal(symbolFolder('BTCUSDT'), 'BTCUSDT');
});

test('what is no symbol or market', () => {
  for (const symbol of ['', 'a b', 'a\n', '\u0000', 'x'.repeat(65), '币'.repeat(40)]) {
    assert.throws(() => symbolFolder(symbol), { name: 'SpecError' }, JSON.stringify(symbol));
  }
  for (const market_id of [0, -1, 1.5, 65_536, Number.NaN]) {
    assert.throws(
      () => seriesFolder('/s', { market_id, symbol: 'A' }, '1m'),
      /market_id: must be a whole number from 1 to 65,535/,
    );
  }
});

test('minutes are kept by month, hours and days by year', () => {
  const time = Date.UTC(2024, 11, 31, 23, 59);
  assert.deepEqual(periodOf(time, '30m'), { period: '2024-12', start: Date.UTC(2024, 11), end: Date.UTC(2025, 0) });
  assert.deepEqual(periodOf(time, '1h'), { period: '2024', start: Date.UTC(2024), end: Date.UTC(2025) });
  assert.deepEqual(periodOf(Date.UTC(1927, 11, 30), '1d').period, '1927');
});
