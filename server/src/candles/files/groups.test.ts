// Tables of several symbols or intervals, as data sellers and competitions publish them: one series, or an error with all.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { zipOf } from '../../../test/candles.ts';
import { openDuck } from '../duckdb.ts';
import { readCandleFile, type FileOptions } from './candle-file.ts';

let root = '';
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'backtest-groups-'));
});
after(() => rm(root, { recursive: true }));

let files = 0;
async function read(content: string | Uint8Array, options: FileOptions = {}, ending = 'csv') {
  files += 1;
  const file = join(root, `f${files}.${ending}`);
  await writeFile(file, content);
  return readCandleFile(file, options);
}

const day = (at: number): string => new Date(Date.UTC(2024, 0, 2 + at)).toISOString().slice(0, 10);
/** Lines of days, the symbols one after the other or line by line. */
function table(
  header: string,
  symbols: readonly string[],
  line: (symbol: string, at: number) => string,
  mixed = false,
) {
  const days = [0, 1, 2, 3];
  const lines = mixed
    ? days.flatMap((at) => symbols.map((symbol) => line(symbol, at)))
    : symbols.flatMap((symbol) => days.map((at) => line(symbol, at)));
  return `${[header, ...lines].join('\n')}\n`;
}
const price = (symbol: string): number => symbol.length * 10;
const bar = (symbol: string): string => `${price(symbol)},${price(symbol) + 1},${price(symbol) - 1},${price(symbol)}`;

const TABLES: readonly (readonly [string, string])[] = [
  [
    'a symbol first',
    table('symbol,date,open,high,low,close,volume', ['AAPL', 'MSFT.US'], (s, at) => `${s},${day(at)},${bar(s)},5`),
  ],
  [
    'Name last, line by line',
    table('date,open,high,low,close,volume,Name', ['AAPL', 'MSFT.US'], (s, at) => `${day(at)},${bar(s)},5,${s}`, true),
  ],
  [
    'tic',
    table(
      ',date,open,high,low,close,volume,tic,day',
      ['AAPL', 'MSFT.US'],
      (s, at) => `${at},${day(at)},${bar(s)},5,${s},${at}`,
      true,
    ),
  ],
  [
    'MetaTrader',
    table(
      '<TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>',
      ['AAPL', 'MSFT.US'],
      (s, at) => `${s},D,${day(at).replaceAll('-', '')},000000,${bar(s)},5`,
    ),
  ],
  [
    'quoted, semicolons',
    table(
      '"Ticker";"Date";"Open";"High";"Low";"Close";"Volume"',
      ['AAPL', 'MSFT.US'],
      (s, at) => `"${s}";"${day(at)}";${bar(s).replaceAll(',', ';')};5`,
    ),
  ],
];

for (const [name, text] of TABLES) {
  test(`${name}: two symbols are refused by name, and --symbol takes one of them`, async () => {
    await assert.rejects(
      read(text),
      /has rows of more than one symbol in one of its columns: say which with --symbol, one of AAPL, MSFT\.US;/,
    );
    for (const symbol of ['AAPL', 'MSFT.US', 'msft-us']) {
      const { candles, other_rows } = await read(text, { symbol });
      assert.deepEqual([...new Set(candles.close)], [symbol === 'AAPL' ? 40 : 70]);
      assert.deepEqual([candles.time.length, other_rows], [4, 4]);
    }
    await assert.rejects(read(text, { symbol: 'TSLA' }), /has no rows of the symbol TSLA, only of AAPL, MSFT\.US;/);
    const packed = zipOf({ 'all.csv': text });
    await assert.rejects(read(packed, {}, 'zip'), /more than one symbol .* AAPL, MSFT\.US/);
  });
}

test('one symbol needs no option; another one is contradicted, and the column can be passed over', async () => {
  const text = table('symbol,date,open,high,low,close,volume', ['ETHUSDT'], (s, at) => `${s},${day(at)},${bar(s)},5`);
  assert.equal((await read(text)).rows, 4);
  assert.equal((await read(text, { symbol: 'ETH/USDT' })).rows, 4);
  await assert.rejects(
    read(text, { symbol: 'BTCUSDT' }),
    /no rows of the symbol BTCUSDT, only of ETHUSDT; .*--symbol-column none/,
  );
  assert.equal((await read(text, { symbol: 'BTCUSDT', columns: { symbol: 'none' } })).rows, 4);
});

test('a column that is called otherwise is named by the caller, and by its number without a header', async () => {
  const text = table('date,open,high,low,close,volume,isin', ['A1', 'B22'], (s, at) => `${day(at)},${bar(s)},5,${s}`);
  await assert.rejects(read(text), /line 6: has the time of line 2, .* and other numbers/);
  assert.equal((await read(text, { symbol: 'B22', columns: { symbol: 'isin' } })).candles.close[0], 30);
  const rows = text.split('\n').slice(1).join('\n');
  const numbers = { open: '2', high: '3', low: '4', close: '5', volume: '6', symbol: '7' };
  assert.equal((await read(rows, { symbol: 'A1', columns: numbers })).candles.close[0], 20);
});

test('rows of several intervals are told apart in the same way, in the words of many feeds', async () => {
  const line = (per: string, at: number): string =>
    `${Date.UTC(2024, 0, 2) + at * (per === '1h' ? 3_600_000 : 86_400_000)},${per},1,2,1,2,5`;
  for (const words of [
    ['1h', '1d'],
    ['60', 'D'],
    ['H1', 'D1'],
    ['1 hour', 'daily'],
    ['60min', '1Day'],
  ]) {
    const [hour = '', dayWord = ''] = words;
    const text = table('time,timeframe,open,high,low,close,volume', ['1h', '1d'], line)
      .replaceAll(',1h,', `,${hour},`)
      .replaceAll(',1d,', `,${dayWord},`);
    await assert.rejects(read(text), /more than one interval .*--interval, one of/);
    assert.deepEqual(
      [(await read(text, { interval: '1h' })).interval, (await read(text, { interval: '1d' })).rows],
      ['1h', 4],
    );
    await assert.rejects(read(text, { interval: '4h' }), /has no rows of the interval 4h, only of/);
  }
  const months = table('time,timeframe,open,high,low,close,volume', ['1h'], line).replaceAll(',1h,', ',1M,');
  await assert.rejects(read(months, { interval: '1m' }), /has no rows of the interval 1m, only of 1M/);
});

test('a table of more symbols than fit into a message, and Parquet', async () => {
  const symbols = Array.from({ length: 500 }, (_, at) => `S${at}`);
  const text = table('date,symbol,open,high,low,close,volume', symbols, (s, at) => `${day(at)},${s},${bar(s)},5`);
  await assert.rejects(read(text), /one of S0, S1, .* and 480 more;/);
  const many = table(
    'date,symbol,open,high,low,close,volume',
    Array.from({ length: 2000 }, (_, at) => `S${at}`),
    (s, at) => `${day(at)},${s},${bar(s)},5`,
  );
  await assert.rejects(read(many), /and 981 more;/);
  assert.equal(
    (await read(many, { symbol: 'S1999' })).rows,
    (await read(text, { symbol: 'S3' })).rows,
    'one of them is asked for',
  );
  using duck = await openDuck();
  const file = join(root, 'two.parquet');
  const select = `select timestamp '2024-01-01' + to_days(i::integer) as date, s as symbol, p as open, p + 1 as high, p - 1 as low, p as close, 5 as volume, p / 2 as "Adj Close", 'x' as note`;
  await duck.connection.run(
    `copy (${select} from range(4) t(i), (values ('AAPL', 40.0), ('MSFT', 70.0)) v(s, p)) to '${file}' (format parquet)`,
  );
  await assert.rejects(readCandleFile(file), /more than one symbol .* one of AAPL, MSFT;/);
  const found = await readCandleFile(file, { symbol: 'MSFT', adjust: true });
  assert.deepEqual([found.rows, found.other_rows, found.candles.close[0], found.candles.high[0]], [4, 4, 35, 35.5]);
  assert.deepEqual(found.unused_columns, ['note']);
});

test('columns that are not used are named, and Adj Close is used when it is asked for', async () => {
  const text =
    'Date,Open,High,Low,Close,Adj Close,Volume,Dividends\n2024-01-02,400,440,360,400,100,7,0\n2024-01-03,101,103,99,102,102,8,1\n';
  const plain = await read(text, { interval: '1d' });
  assert.deepEqual([plain.unused_columns, plain.candles.close[0]], [['Adj Close', 'Dividends'], 400]);
  const adjusted = await read(text, { interval: '1d', adjust: true });
  assert.deepEqual(adjusted.unused_columns, ['Dividends']);
  const { open, high, low, close, volume } = adjusted.candles;
  assert.deepEqual([open[0], high[0], low[0], close[0], volume[0], close[1]], [100, 110, 90, 100, 7, 102]);
  const without = 'Date,Open,High,Low,Close,Volume\n2024-01-02,1,1,1,1,7\n';
  await assert.rejects(
    read(without, { adjust: true }),
    /has no column Adj Close by which --adjust could adjust prices/,
  );
  await assert.rejects(read('1704153600,1,1,1,1,7\n', { adjust: true }), /has no column Adj Close/);
  const days = ['04', '05', '08'].map((date) => `2024-01-${date},101,103,99,102,102,8,1\n`).join('');
  const bad = await read(text.replace(',102,8', ',null,8') + days, { interval: '1d', adjust: true });
  assert.match(bad.bad.shown[0] ?? '', /line 3: the adjusted close must be a positive number, not NaN/);
});
