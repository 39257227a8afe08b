import assert from 'node:assert/strict';
import { basename, dirname, resolve } from 'node:path';
import test from 'node:test';
import { periodOf, seriesFolder, symbolFolders } from './store.ts';

test('any symbol becomes the name of one folder, and no two the same, whatever the disk makes of case', () => {
  const symbols = [
    'BTCUSDT',
    'btcusdt',
    'BtcUsdt',
    '^GSPC',
    'BTC/USDT',
    'BTC/USDT:USDT',
    'BTC/usdt',
    '@',
    'a\\b',
    '%2E',
    '%2e',
    '*',
    '~',
    'C:',
    'CON',
    'con',
    'LPT1',
    'ÄÖ',
    'äö',
    '币安',
    '贵州茅台',
    'Газпром',
    'रिलायंस',
    '木'.repeat(63),
    '木'.repeat(64),
    '🍏'.repeat(64),
    'A'.repeat(64),
    'a'.repeat(64),
  ];
  const folders = symbols.map((symbol) => symbolFolders(symbol)[0] ?? '');
  assert.equal(new Set(folders.map((folder) => folder.toLowerCase())).size, symbols.length);
  for (const folder of symbols.flatMap(symbolFolders)) {
    assert.match(folder, /^[\w%@-]{1,120}$/);
    const path = resolve('/store', '1', folder);
    assert.deepEqual([dirname(path), basename(path)], ['/store/1', folder]);
  }
  assert.ok(folders.every((folder) => !/^(?:CON|PRN|AUX|NUL|COM\d|LPT\d)$/i.test(folder)));
});

test('symbols keep the folders that they had', () => {
  const folders = ['BTCUSDT', '^GSPC', 'BTC/USDT:USDT', 'BRK.B', 'A-B_C'].map((symbol) => symbolFolders(symbol)[0]);
  assert.deepEqual(folders, ['BTCUSDT', '%5EGSPC', 'BTC%2FUSDT%3AUSDT', 'BRK%2EB', 'A-B_C']);
  assert.deepEqual(symbolFolders('kPEPE'), ['kPEPE@2db6573f98e89606', 'kPEPE']);
  assert.deepEqual(symbolFolders('\u0418\u0306'), symbolFolders('\u0419'));
});

test('what is no symbol or market', async () => {
  for (const symbol of ['', 'a b', 'a\n', '\u0000', 'x'.repeat(65), '../x', 'a/..']) {
    assert.throws(() => symbolFolders(symbol), { name: 'SpecError' }, JSON.stringify(symbol));
  }
  for (const market_id of [0, -1, 1.5, 65_536, Number.NaN]) {
    await assert.rejects(
      seriesFolder('/s', { market_id, symbol: 'A' }, '1m'),
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
