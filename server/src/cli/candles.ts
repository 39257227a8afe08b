// backtest candles import|list: the candle store of this machine.
import { importCandles, type ImportReport } from '../candles/import.ts';
import { openSource } from '../candles/open.ts';
import { INVOCATION, UsageError, command, whole } from './command.ts';
import { CONFIG_OPTION, readConfiguration } from './configuration.ts';
import { fromCaller } from '../paths.ts';
import { count, print, printTable } from './table.ts';

export const candlesImport = command({
  name: 'candles import',
  about: 'Imports candles from a file: all of it, or nothing when a row is wrong. Importing it again changes nothing.',
  takes: ['FILE'],
  options: {
    market: { value: 'ID', about: 'market id, as in the configuration (1 is binance spot)' },
    symbol: { value: 'SYMBOL', about: 'symbol of the instrument, like BTCUSDT' },
    interval: { value: 'I', about: 'interval of the candles, like 1m, 1h, 1d (else deduced from their times)' },
    ...CONFIG_OPTION,
    json: { about: 'print the report as JSON' },
  },
  notes: ['The file is CSV (plain or gzip) or Parquet with columns time, open, high, low, close, volume.'],
  examples: [
    'candles import btc-1m.csv.gz --market 1 --symbol BTCUSDT',
    'candles import spy.csv --market 5 --symbol SPY --interval 1d',
  ],
  run: async ({ market, symbol, interval, config: given, json }, [file]) => {
    const market_id = whole('--market', market, 1, 65_535);
    if (market_id === undefined || symbol === undefined)
      throw new UsageError('candles import needs --market ID and --symbol SYMBOL');
    const { settings, config } = await readConfiguration('local', given);
    const rules = config.backtest.markets[market_id];
    if (rules === undefined) {
      const known = Object.entries(config.backtest.markets).map(([id, { name }]) => `${id} ${name}`);
      throw new UsageError(`--market ${market_id} is not in the configuration, which has ${known.join(', ')}`);
    }
    const folder = settings.store;
    const report = await importCandles({
      file: fromCaller(file),
      market_id,
      symbol,
      interval,
      folder,
      calendar: rules.calendar,
    });
    if (json) print(JSON.stringify(report));
    else for (const line of reportText(report)) print(line);
    return 0;
  },
});

export function reportText(report: ImportReport): string[] {
  const { market_id, symbol, interval, rows, duplicates, gaps, missing, first, last, added, replaced, stored } = report;
  return [
    `${market_id}:${symbol} ${interval}: ${count(rows)} rows from ${first} to ${last}`,
    `  ${count(added)} candles added, ${count(replaced)} replaced; the store has ${count(stored)} now`,
    ...(duplicates > 0
      ? [`  ${count(duplicates)} rows repeated the time of an earlier one; the last of them counts`]
      : []),
    ...(gaps ? [`  ${count(gaps)} gaps, ${count(missing ?? 0)} candles missing in them`] : []),
  ];
}

export const candlesList = command({
  name: 'candles list',
  about: 'Lists the candles in the store of this machine.',
  takes: [],
  options: { json: { about: 'print them as JSON' } },
  examples: ['candles list'],
  run: async ({ json }) => {
    const { settings } = await readConfiguration('local', undefined);
    await using source = await openSource(settings.candles);
    const series = await source.coverage();
    if (json) print(JSON.stringify(series));
    else if (series.length === 0)
      print(`no candles; ${INVOCATION} candles import FILE --market ID --symbol SYMBOL loads some`);
    else {
      printTable(
        [
          { title: 'market', align: 'right' },
          { title: 'symbol' },
          { title: 'interval' },
          { title: 'from' },
          { title: 'to' },
          { title: 'candles', align: 'right' },
        ],
        series.map((one) => [String(one.market_id), one.symbol, one.interval, one.start, one.end, count(one.rows)]),
      );
    }
    return 0;
  },
});
