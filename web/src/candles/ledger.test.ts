import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accidentsOf, bytesWords, importCommand, ledgerOf, symbolIn } from './ledger.ts';

const REPORT = {
  market_id: 1,
  symbol: 'BTCUSDT',
  interval: '1h',
  rows: 744,
  duplicates: 0,
  revised: 0,
  moved: { count: 0, shown: [] },
  bad: { count: 0, shown: [] },
  time_units: ['ms'],
  gaps: 0,
  missing: 0,
  first: '2024-01-01T00:00:00.000Z',
  last: '2024-01-31T23:00:00.000Z',
  added: 744,
  replaced: 0,
  stored: 8784,
} as const;

const words = (more: object): string =>
  ledgerOf({ ...REPORT, ...more } as never)
    .map(({ what, words: said, tone }) => `${what}: ${said}${tone === '' ? '' : ` (${tone})`}`)
    .join('\n');

test('a ledger says what a file is to the store, and no line for what did not happen', () => {
  assert.equal(
    words({}),
    [
      'Series: BTCUSDT, 1h, 2024-01-01 00:00 UTC to 2024-01-31 23:00 UTC',
      'Rows read: 744',
      'New bars: 744',
      'Bars then: 8,784',
      'Gaps: none',
      'Times: epochs in ms',
    ].join('\n'),
  );
  const bad = { count: 1, shown: ['line 9: no time'] };
  const other = words({ added: 700, replaced: 43, gaps: 2, missing: 5, bad, files_read: 3, left_out: ['x.txt'] });
  assert.match(other, /^Bars replaced: 43, which are stored with other numbers \(caution\)$/m);
  assert.match(other, /^Gaps: 2, 5 bars missing \(caution\)$/m);
  assert.match(other, /^Left out: 1 that are no candles \(caution\)$/m);
  assert.match(other, /^Rows read: 744 in 3 files$/m);
  assert.match(words({ added: 0 }), /^Changes: none/m);
  assert.doesNotMatch(words({ gaps: null, missing: null }), /Gaps/);
});

test('rows that were left out keep their places, and those that are not named are counted', () => {
  const bad = { count: 22, shown: ['line 9: no time', 'line 12: high below low'] };
  assert.deepEqual(accidentsOf({ ...REPORT, bad } as never), [...bad.shown, 'and 20 more']);
  assert.deepEqual(accidentsOf(REPORT as never), []);
});

test('a file name may say its symbol; sizes and the command are short', () => {
  assert.deepEqual(['BTCUSDT-1h-2024-01.zip', 'SPY.csv', '^GSPC_daily.csv', 'candles.csv'].map(symbolIn), [
    'BTCUSDT',
    'SPY',
    '^GSPC',
    '',
  ]);
  assert.deepEqual([812, 48_211, 3_100_000].map(bytesWords), ['812 B', '48 kB', '3.1 MB']);
  assert.equal(
    importCommand("it's mine.csv", { market_id: '5', symbol: 'SPY', interval: '1d' }),
    String.raw`backtest candles import 'it'\''s mine.csv' --market 5 --symbol SPY --interval 1d`,
  );
  assert.equal(importCommand('FILE', {}), 'backtest candles import FILE --market 1 --symbol SYMBOL');
});
