// backtest candles import: a file, a folder or an exchange becomes part of the store of this machine.

import { stat } from 'node:fs/promises';
import { COLUMNS } from '@backtest-jobs/engine/internal';
import type { ColumnChoice } from '../candles/csv/columns.ts';
import { requireDateOrder } from '../candles/csv/values.ts';
import { importExchange, openExchange, type ExchangeReport } from '../candles/exchange.ts';
import { GROUPS } from '../candles/files/groups.ts';
import type { MarketDayStart } from '../candles/files/market-grid.ts';
import { TIME_UNITS } from '../candles/files/time.ts';
import { importCandles, type ImportReport } from '../candles/import.ts';
import { isInterval } from '../candles/source.ts';
import type { Config } from '../config/config.ts';
import { marketOf } from '../config/market.ts';
import { fromCaller } from '../config/paths.ts';
import { INTERRUPTED, listenForStop } from '../stop.ts';
import { command, instant, UsageError, wholeNumber, type Values } from './command.ts';
import { CONFIG_OPTION, readConfiguration } from './configuration.ts';
import { accidentsText, rowsText } from './show/candle-rows.ts';
import { barOf, openLine } from './show/progress.ts';
import { count, print, seconds } from './show/table.ts';

const OPTIONS = {
  market: { value: 'ID', about: 'market id, as in the configuration (1 is binance spot)' },
  symbol: { value: 'SYMBOL', about: 'symbol, like BTCUSDT (else what the file names of an archive say)' },
  interval: { value: 'I', about: 'interval of the candles, like 1m, 1h, 1d (else deduced from their times)' },
  'time-column': { value: 'C', about: 'column of the time, by its name or its number from 1' },
  'open-column': { value: 'C', about: 'the same for the open; so for the others' },
  'high-column': { value: 'C', about: 'of the high' },
  'low-column': { value: 'C', about: 'of the low' },
  'close-column': { value: 'C', about: 'of the close' },
  'volume-column': { value: 'C', about: 'of the volume; none: there is no volume' },
  'symbol-column': { value: 'C', about: 'of the symbol, whose rows --symbol selects; none: it names something else' },
  'interval-column': { value: 'C', about: 'of the interval, whose rows --interval selects; none: the same' },
  adjust: { about: 'adjust all prices of a row by its Adj Close (splits and dividends)' },
  'time-unit': { value: 'U', about: 'what an epoch counts: s, ms, us or ns (else what fits all rows of the file)' },
  'skip-lines': { value: 'N', about: 'lines above the header of a CSV file that are not read' },
  'date-order': { value: 'O', about: 'which comes first in 08/09/2017: mdy, the month, or dmy, the day' },
  'decimal-comma': { about: 'numbers have a comma as decimal point, like 1.234,5' },
  timezone: { value: 'ZONE', about: 'zone of times that state none, like America/New_York (else UTC)' },
  calendar: { value: 'C', about: 'session or continuous: refused where the market is the other' },
  exchange: { value: 'NAME', about: 'fetch from this exchange, by its name in ccxt, instead of a file' },
  since: { value: 'TIME', about: 'with --exchange: the first candle; those the store has are not fetched again' },
  until: { value: 'TIME', about: 'with --exchange: candles that open before it (else up to now)' },
  'exchange-url': { value: 'URL', about: 'with --exchange: another host of its API, like a mirror' },
  as: { value: 'SYMBOL', about: "with --exchange: keep them under this symbol (else the exchange's own)" },
  'dry-run': { about: 'read, judge and count everything, write nothing' },
  ...CONFIG_OPTION,
  json: { about: 'print the report as JSON' },
} as const;

type ImportValues = Values<typeof OPTIONS>;

export const candlesImport = command({
  name: 'candles import',
  about:
    'Imports candles of a file, a folder or an exchange, and names every row left out. Importing again changes nothing.',
  takes: ['FILE?'],
  options: OPTIONS,
  notes: [
    'FILE is CSV (plain, gzip or zip), Parquet or JSON lists of numbers. Columns are found by their names; a CSV without a',
    'header must have time, open, high, low, close, volume in this order first, or say their numbers. Or FILE is a folder',
    "of such files, like one of Binance's public archive of klines with its monthly and daily zips. Of a file or folder with",
    'several symbols or intervals --symbol and --interval select one.',
  ],
  examples: [
    'candles import btc-1m.csv.gz --market 1 --symbol BTCUSDT',
    'candles import spot/monthly/klines/BTCUSDT/1m --market 1',
    'candles import spy.csv --market 5 --symbol SPY --time-column Day --volume-column none',
    'candles import --exchange binance --symbol BTC/USDT --since 2024-01-01 --market 1',
  ],
  run: async (values, [file]) => {
    const market_id = wholeNumber('--market', values.market, 1, 65_535);
    if (market_id === undefined) throw new UsageError('candles import needs --market ID');
    if ((file === '') === (values.exchange === undefined)) {
      throw new UsageError('candles import needs a FILE or --exchange NAME, and not both');
    }
    const { settings, config } = await readConfiguration('local', values.config);
    const place = { folder: settings.store, market_id, ...marketRules(config, market_id, values.calendar) };
    if (file === '') return fromExchange(values, place);
    refuse(values, ['since', 'until', 'exchange-url', 'as'], 'goes with --exchange only');
    return fromFile(values, fromCaller(file), place);
  },
});

interface Place {
  readonly folder: string;
  readonly market_id: number;
  readonly calendar: 'continuous' | 'session';
  readonly day: MarketDayStart | null;
}

function marketRules(config: Config, market_id: number, wanted: string | undefined): Pick<Place, 'calendar' | 'day'> {
  const { markets } = config.backtest;
  if (markets[market_id] === undefined) {
    const known = Object.entries(markets).map(([id, { name }]) => `${id} ${name}`);
    throw new UsageError(`--market ${market_id} is not in the configuration, which has ${known.join(', ')}`);
  }
  const { calendar, day } = marketOf(markets, market_id);
  if (wanted === undefined || wanted === calendar) return { calendar, day };
  throw new UsageError(
    `--calendar ${wanted} contradicts market ${market_id}, whose calendar is ${calendar}: choose the market that the candles are of`,
  );
}

async function fromFile(values: ImportValues, file: string, place: Place): Promise<number> {
  const found = await stat(file).catch(() => null);
  if (values.symbol === undefined && found !== null && !found.isDirectory()) {
    throw new UsageError('candles import of a file needs --symbol SYMBOL');
  }
  const timeUnit = TIME_UNITS.find((unit) => unit === values['time-unit']);
  if (values['time-unit'] !== undefined && timeUnit === undefined) {
    throw new UsageError(`--time-unit must be one of ${TIME_UNITS.join(', ')}, not "${values['time-unit']}"`);
  }
  const dryRun = values['dry-run'];
  const skipLines = wholeNumber('--skip-lines', values['skip-lines'], 0, 1000);
  const report = await importWithBar((onSize, onBytes) => {
    const { symbol, interval } = values;
    return importCandles({
      ...place,
      file,
      symbol,
      interval,
      columns: columnsOf(values),
      timeUnit,
      skipLines,
      adjust: values.adjust,
      dateOrder: requireDateOrder(values['date-order']),
      decimalComma: values['decimal-comma'],
      timezone: values.timezone,
      dryRun,
      onSize,
      onBytes,
    });
  });
  if (values.json) print(JSON.stringify(dryRun ? { ...report, dry_run: true } : report));
  else for (const line of reportText(report, dryRun)) print(line);
  return 0;
}

function columnsOf(values: ImportValues): ColumnChoice {
  const chosen = [...COLUMNS, ...GROUPS].map((column) => [column, values[`${column}-column`]] as const);
  return Object.fromEntries(chosen.filter(([, name]) => name !== undefined));
}

const REDRAW_MS = 100;
/** Delay of the bar: small files are done before anybody could read it. */
const FIRST_MS = 1000;

async function importWithBar<T>(
  work: (onSize: (bytes: number) => void, onBytes: (bytes: number) => void) => Promise<T>,
): Promise<T> {
  using line = openLine();
  const startedAt = performance.now();
  let [size, read, drawnAt] = [0, 0, startedAt + FIRST_MS - REDRAW_MS];
  const onBytes = (bytes: number): void => {
    read += bytes;
    const now = performance.now();
    if (now - drawnAt < REDRAW_MS) return;
    drawnAt = now;
    const share = size > 0 ? read / size : 0;
    const left = share > 0 && share < 1 ? [`${seconds(((now - startedAt) / 1000) * (1 / share - 1))} left`] : [];
    const sizes = `${mebibytes(read)} of ${mebibytes(size)} MiB`;
    line.show(share < 1 ? ['reading', ...barOf(share), sizes, ...left].join('  ') : 'storing', 'import');
  };
  return work((bytes) => (size = bytes), onBytes);
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1);
}

export function reportText(report: ImportReport, dryRun = false): string[] {
  const { market_id, symbol, interval, rows, gaps, missing, first, last, added, replaced, stored } = report;
  const [done, has] = dryRun ? ['would be added', 'would have'] : ['added', 'has'];
  return [
    `${market_id}:${symbol} ${interval}: ${count(rows)} rows from ${first} to ${last}`,
    `  ${count(added)} candles ${done}, ${count(replaced)} replaced; the store ${has} ${count(stored)}${dryRun ? '' : ' now'}`,
    ...rowsText(report),
    ...(gaps ? [`  ${count(gaps)} gaps, ${count(missing ?? 0)} candles missing in them`] : []),
  ];
}

async function fromExchange(values: ImportValues, { folder, market_id }: Place): Promise<number> {
  const { exchange: name = '', symbol, interval = '1m' } = values;
  refuse(
    values,
    [
      ...[...COLUMNS, ...GROUPS].map((column) => `${column}-column` as const),
      'time-unit',
      'skip-lines',
      'timezone',
      'date-order',
    ],
    'goes with a FILE only',
  );
  for (const option of ['adjust', 'decimal-comma'] as const)
    if (values[option]) throw new UsageError(`--${option} goes with a FILE only`);
  if (symbol === undefined) throw new UsageError('candles import --exchange needs --symbol SYMBOL');
  if (!isInterval(interval))
    throw new UsageError(`--interval ${interval} is none of ours: 1m, 3m, 5m, 15m, 30m, 1h ...`);
  const since = instant('--since', values.since);
  if (since === undefined) throw new UsageError('candles import --exchange needs --since TIME');
  const until = instant('--until', values.until);
  const url = values['exchange-url'];
  if (url !== undefined && !/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : '')) {
    throw new UsageError(`--exchange-url must begin with http:// or https://, not "${url}"`);
  }
  const exchange = await openExchange(name, symbol, url);
  using stop = listenForStop();
  using line = openLine();
  const report = await importExchange({
    folder,
    market_id,
    as: values.as,
    exchange,
    symbol,
    interval,
    since,
    until,
    dryRun: values['dry-run'],
    signal: stop.signal,
    onProgress: (done, total, fetched) => {
      line.show(['fetching', ...barOf(done / total), `${count(fetched)} candles`].join('  '), 'fetch');
    },
  });
  line.clear();
  if (values.json) print(JSON.stringify(values['dry-run'] ? { ...report, dry_run: true } : report));
  else {
    print(exchangeText(report, values['dry-run']));
    for (const text of accidentsText(report)) print(`  ${text}`);
  }
  return report.stopped ? INTERRUPTED : 0;
}

function exchangeText(report: ExchangeReport, dryRun: boolean): string {
  const { market_id, symbol, interval, requests, added, missing, stopped, got } = report;
  const given = got === null ? 'none' : `those from ${got.first} to ${got.last}`;
  const lacking =
    missing > 0 && !stopped
      ? `; ${count(missing)} of the range are still missing: of those asked for the exchange gave ${given}`
      : '';
  const said = `${market_id}:${symbol} ${interval}: ${count(added)} candles ${dryRun ? 'would be added' : 'added'}`;
  const next = stopped ? '; stopped, the same command goes on from here' : '';
  return `${said} by ${count(requests)} requests${lacking}${next}`;
}

function refuse(values: ImportValues, names: readonly (keyof ImportValues)[], rule: string): void {
  const given = names.find((name) => values[name] !== undefined);
  if (given !== undefined) throw new UsageError(`--${given} ${rule}`);
}
