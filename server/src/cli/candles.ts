// backtest candles list|check: which candles there are and which are missing, at CANDLE_SOURCE or behind an API.

import { TIMEFRAMES } from '@backtest-jobs/engine';
import { MINUTE_MS, splitJumpsText } from '@backtest-jobs/engine/internal';
import { checkSeries, seriesLedger, type SeriesLedger } from '../candles/gaps.ts';
import { openSource } from '../candles/open.ts';
import { bySeries, requireSymbol, type Coverage } from '../candles/source.ts';
import { openClient } from './client.ts';
import { command, INVOCATION, UsageError, wholeNumber } from './command.ts';
import { CONFIG_OPTION, readConfiguration } from './configuration.ts';
import { printJson } from './show/json.ts';
import { count, print, printTable, type Column } from './show/table.ts';

const API = {
  api: { value: 'URL', about: 'ask the API there (or at BACKTEST_API) which candles it has' },
} as const;

export const candlesList = command({
  name: 'candles list',
  about: 'Lists the candles there are: in the store of this machine, where CANDLE_SOURCE says, or behind an API.',
  takes: [],
  options: { ...API, json: { about: 'print them as JSON' } },
  examples: ['candles list', 'candles list --api http://127.0.0.1:8000 --json'],
  run: async ({ api, json }) => {
    const series = await listed(api);
    if (json) await printJson(series);
    else if (series.length === 0) print(nothing(api));
    else printTable(LIST, series.map(listRow));
    return 0;
  },
});

export const candlesCheck = command({
  name: 'candles check',
  about: 'Looks at every candle there is: a ledger of each series, its longest gaps, and jumps that look like splits.',
  takes: [],
  options: {
    market: { value: 'ID', about: 'only of this market' },
    symbol: { value: 'SYMBOL', about: 'only of this symbol' },
    interval: { value: 'I', about: 'only of this interval' },
    gaps: { value: 'N', about: 'how many gaps of each series to name (20)' },
    ...API,
    ...CONFIG_OPTION,
    json: { about: 'print the ledgers as JSON' },
  },
  notes: ['In a session market nobody here knows which candles should exist, so no gaps are counted there.'],
  examples: ['candles check', 'candles check --market 1 --symbol BTCUSDT --gaps 100'],
  run: async ({ market, symbol: text, interval, gaps, api, config, json }) => {
    const market_id = wholeNumber('--market', market, 1, 65_535);
    const named = wholeNumber('--gaps', gaps, 0, 1000) ?? 20;
    const symbol = text === undefined ? undefined : requireSymbol(text);
    const wanted = (one: Coverage): boolean =>
      (market_id === undefined || one.market_id === market_id) &&
      (symbol === undefined || one.symbol === symbol) &&
      (interval === undefined || one.interval === interval);
    const ledgers = await (apiOf(api) === undefined
      ? checkedHere(wanted, named, config)
      : checkedByApi(wanted, named, api));
    if (ledgers.length === 0 && (await listed(api)).length > 0) {
      throw new UsageError('there are no such candles; candles list shows what there is');
    }
    if (json) await printJson(ledgers);
    else if (ledgers.length === 0) print(nothing(api));
    else printLedgers(ledgers);
    return 0;
  },
});

/** Returns --api, or else the variable; undefined: what this machine reads. */
function apiOf(api: string | undefined): string | undefined {
  return api ?? (process.env['BACKTEST_API'] || undefined);
}

function nothing(api: string | undefined): string {
  if (apiOf(api) !== undefined) return 'no candles';
  return `no candles; ${INVOCATION} candles import FILE --market ID --symbol SYMBOL loads some`;
}

async function listed(api: string | undefined): Promise<readonly Coverage[]> {
  if (apiOf(api) !== undefined) return (await coverageOfApi(api, '')).map(rangeOf);
  const { settings } = await readConfiguration('local', undefined);
  await using source = await openSource(settings.candles, { hurry: true });
  return await source.coverage();
}

function rangeOf({ market_id, symbol, interval, start, end, rows }: Coverage): Coverage {
  return { market_id, symbol, interval, start, end, rows };
}

async function coverageOfApi(api: string | undefined, query: string): Promise<readonly SeriesLedger[]> {
  const { items } = await openClient(apiOf(api)).get<{ items: readonly SeriesLedger[] }>(
    `/market-data/coverage${query}`,
  );
  return items;
}

type Wanted = (series: Coverage) => boolean;

async function checkedHere(wanted: Wanted, named: number, given: string | undefined): Promise<readonly SeriesLedger[]> {
  const { settings, config } = await readConfiguration('local', given);
  await using source = await openSource(settings.candles);
  const ledgers: SeriesLedger[] = [];
  for (const series of (await source.coverage()).filter(wanted)) {
    const calendar = config.backtest.markets[series.market_id]?.calendar ?? 'continuous';
    ledgers.push(seriesLedger(series, await checkSeries(source, series, named), calendar, named));
  }
  return ledgers;
}

/** Asks for one instrument at a time, because the API counts gaps of one only. */
async function checkedByApi(wanted: Wanted, named: number, api: string | undefined): Promise<readonly SeriesLedger[]> {
  const ledgers: SeriesLedger[] = [];
  for (const { market_id, symbol, interval } of (await coverageOfApi(api, '')).filter(wanted)) {
    const query = new URLSearchParams({ market_id: String(market_id), symbol, interval, gaps: String(named) });
    ledgers.push(...(await coverageOfApi(api, `?${query.toString()}`)));
  }
  return ledgers.sort(bySeries);
}

const SERIES: readonly Column[] = [
  { title: 'market', align: 'right' },
  { title: 'symbol' },
  { title: 'interval' },
  { title: 'from' },
  { title: 'to' },
];
const LIST: readonly Column[] = [...SERIES, { title: 'candles', align: 'right' }];
const LEDGER: readonly Column[] = [
  ...LIST,
  { title: 'expected', align: 'right' },
  { title: 'missing', align: 'right' },
  { title: 'gaps', align: 'right' },
  { title: 'longest', align: 'right' },
];
const GAPS: readonly Column[] = [{ title: 'from' }, { title: 'to' }, { title: 'missing', align: 'right' }];

function seriesRow({ market_id, symbol, interval, start, end }: Coverage): readonly string[] {
  return [String(market_id), symbol, interval, start.slice(0, 16), end.slice(0, 16)];
}

function listRow(series: Coverage): readonly string[] {
  return [...seriesRow(series), count(series.rows)];
}

function ledgerRow(series: SeriesLedger): readonly string[] {
  const { present, rows, expected, gaps } = series;
  const numbers = [present ?? rows, expected, gaps?.missing ?? null, gaps?.count ?? null];
  const longest = gaps === null ? '' : spanOf(series, gaps.longest_missing);
  return [...seriesRow(series), ...numbers.map((number) => (number === null ? 'n/a' : count(number))), longest];
}

/** Writes a time span: 717 bars of a minute are 11h57m. */
function spanOf({ interval }: Coverage, bars: number): string {
  const minutes = (bars * TIMEFRAMES[interval]) / MINUTE_MS;
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60)];
  const parts = [days > 0 ? `${days}d` : '', hours > 0 ? `${hours}h` : '', minutes % 60 > 0 ? `${minutes % 60}m` : ''];
  return parts.join('') || '0';
}

function printLedgers(ledgers: readonly SeriesLedger[]): void {
  printTable(LEDGER, ledgers.map(ledgerRow), 140);
  for (const series of ledgers) {
    printJumps(series);
    const longest = series.gaps?.longest ?? [];
    if (longest.length === 0) continue;
    const which = longest.length < (series.gaps?.count ?? 0) ? `the longest ${longest.length} gaps` : 'the gaps';
    print(`\n${which} of ${series.market_id}:${series.symbol} ${series.interval}`);
    printTable(
      GAPS,
      longest.map(({ start, end, missing }) => [start.slice(0, 16), end.slice(0, 16), count(missing)]),
    );
  }
}

const JUMPS: readonly Column[] = [
  { title: 'at' },
  { title: 'close before', align: 'right' },
  { title: 'price after', align: 'right' },
  { title: 'ratio', align: 'right' },
  { title: 'split' },
];

function printJumps({ market_id, symbol, interval, split_jumps: jumps }: SeriesLedger): void {
  if (!jumps || jumps.count === 0) return;
  print(`\n${market_id}:${symbol} ${interval}: ${splitJumpsText(jumps)}`);
  const rows = jumps.first.map(({ time, before, after, ratio, split }) => [
    time.slice(0, 16),
    String(before),
    String(after),
    ratio.toPrecision(4),
    split,
  ]);
  printTable(JUMPS, rows);
}
