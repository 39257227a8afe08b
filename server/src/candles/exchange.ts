// Candles straight from an exchange, through ccxt, which knows more than a hundred of them. It is 60 MB and most users
// have files, so it is loaded when it is asked for and need not be there. An import asks for the bars the store lacks
// and for no others: what was fetched before it was stopped is not fetched again, and holes are tried again.

import { setTimeout as sleep } from 'node:timers/promises';
import { SpecError, TIMEFRAMES, type Timeframe } from '@backtest-jobs/engine';
import { nearest, specError } from '@backtest-jobs/engine/internal';
import { messageOf, storable } from '../message.ts';
import { candlesOf, judge, openOf } from './exchange-bars.ts';
import { openBad, type Named } from './files/bad-rows.ts';
import { minuteOf } from './files/grid.ts';
import { importSeries } from './import.ts';
import { parquetSource } from './parquet.ts';
import { lowerBound, requireSymbol, type Instrument } from './source.ts';

/** The part of an exchange of ccxt that we use. */
export interface Exchange {
  readonly id: string;
  urls: { api: unknown };
  readonly has: Readonly<Record<string, unknown>>;
  readonly timeframes: Readonly<Record<string, unknown>> | undefined;
  loadMarkets(): Promise<unknown>;
  market(symbol: string): { readonly id: string; readonly symbol: string };
  featureValue(symbol: string, method: string, name: string): unknown;
  /** Time of the exchange; where `has` does not offer it, nothing. */
  fetchTime?(): Promise<number | undefined>;
  fetchOHLCV(symbol: string, timeframe: string, since: number, limit: number): Promise<readonly Bar[]>;
  close?(): Promise<unknown>;
}

type Bar = readonly (number | undefined)[];

interface Ccxt {
  readonly exchanges: Readonly<Record<string, new (options: object) => Exchange>>;
  readonly NetworkError: new () => Error;
}

const CCXT: string = 'ccxt';

/**
 * Opens an exchange of ccxt.
 * @param url another address of its API, like a mirror: scheme, host and port of every request are replaced
 */
export async function openExchange(id: string, symbol: string, url?: string): Promise<Exchange> {
  const { exchanges } = await loadCcxt();
  const Class = Object.hasOwn(exchanges, id) ? exchanges[id] : undefined;
  if (Class === undefined) {
    const near = nearest(id, Object.keys(exchanges));
    throw specError(
      'exchange',
      'invalid_value',
      `ccxt knows no ${id}${near === undefined ? '' : `, did you mean ${near}?`}`,
    );
  }
  // Binance has an address for each kind of market; one is enough, and not all can be reached from everywhere.
  const types = symbol.includes(':') ? ['linear', 'inverse'] : ['spot'];
  const options = id.startsWith('binance') ? { fetchMarkets: { types } } : {};
  const exchange = new Class({ enableRateLimit: true, timeout: 20_000, options });
  if (url !== undefined) exchange.urls = { ...exchange.urls, api: redirected(exchange.urls.api, new URL(url)) };
  return exchange;
}

async function loadCcxt(): Promise<Ccxt> {
  try {
    return (await import(CCXT)) as Ccxt;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND')) throw error;
    throw new Error('exchanges are read through ccxt, which is not installed: npm install --no-save ccxt@4', {
      cause: error,
    });
  }
}

/** Returns the same addresses on another host. */
function redirected(api: unknown, to: URL): unknown {
  if (typeof api === 'string' && URL.canParse(api)) {
    const url = new URL(api);
    [url.protocol, url.host] = [to.protocol, to.host];
    return url.href.replace(/\/$/, '');
  }
  if (typeof api !== 'object' || api === null) return api;
  return Object.fromEntries(Object.entries(api).map(([name, value]) => [name, redirected(value, to)]));
}

export interface ExchangeImport {
  /** Folder of the store, and the market and symbol the candles are kept under; without a symbol the exchange's own. */
  readonly folder: string;
  readonly market_id: number;
  readonly as?: string | undefined;
  readonly exchange: Exchange;
  /** Name at the exchange or in ccxt: BTCUSDT or BTC/USDT. */
  readonly symbol: string;
  readonly interval: Timeframe;
  /** Bars that open in [since, until), epoch milliseconds; one that is not over by the time of the exchange is left out. */
  readonly since: number;
  readonly until?: number | undefined;
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number, fetched: number) => void;
  /** Clock that counts where the exchange does not give its time. */
  readonly now?: () => number;
  /** Pause after the first failure of the network; it doubles each time. */
  readonly pauseMs?: number;
}

export interface ExchangeReport extends Instrument {
  readonly interval: Timeframe;
  readonly requests: number;
  readonly added: number;
  /** Bars of the range that the store does not have and the exchange did not give. */
  readonly missing: number;
  /** Opens of the first and the last bar of the range that the exchange gave; null when it gave none. */
  readonly got: { readonly first: string; readonly last: string } | null;
  /** Bars that opened seconds late and were put in their place, and bars without sound numbers, which were left out. */
  readonly moved: Named;
  readonly bad: Named;
  /** True when a signal ended it before the end of the range. */
  readonly stopped: boolean;
}

/** Bars that are fetched before they are stored: a kill costs at most that many. */
const BATCH = 50_000;
const ATTEMPTS = 6;

export async function importExchange(options: ExchangeImport): Promise<ExchangeReport> {
  const { exchange, interval, folder, market_id, signal, dryRun = false, onProgress } = options;
  const market = await openMarket(options);
  const instrument = { market_id, symbol: requireSymbol(options.as ?? market.id) };
  const clock = await clockOf(options);
  const range = rangeOf(options, clock.now);
  const stored = refetched(await storedTimes(folder, instrument, interval), clock.sure);
  const fetched: number[][] = [];
  let [added, requests, taken, kept] = [0, 0, 0, 0];
  const [moved, bad] = [openBad(exchange.id), openBad(exchange.id)];
  let got = null as ExchangeReport['got'];
  const flush = async (): Promise<void> => {
    const rows = fetched.splice(0);
    if (rows.length === 0) return;
    taken += rows.length;
    const sound = rows.filter((row) => judge(row, range.step, { moved, bad }));
    kept += sound.length;
    if (dryRun || sound.length === 0) return;
    const storing = importSeries({ folder, ...instrument, interval, candles: candlesOf(sound) });
    added += (await storing.catch((error: unknown) => refused(exchange.id, error))).added;
  };
  const pages = missingPages(options, market, stored, range);
  try {
    for await (const { rows, next } of pages) {
      requests += 1;
      fetched.push(...rows);
      if (rows.length > 0) got = { first: got?.first ?? openOf(rows.at(0)), last: openOf(rows.at(-1)) };
      if (fetched.length >= BATCH) await flush();
      onProgress?.(next - range.start, range.end - range.start, taken + fetched.length);
      if (signal?.aborted) break;
    }
  } catch (error) {
    await flush();
    const message = messageOf(error);
    const rest = dryRun ? '' : `; ${added} candles were stored, the same command goes on from there`;
    throw new Error(`${exchange.id}: ${storable(message, 300)}${rest}`, { cause: error });
  }
  await flush();
  const expected = Math.max(0, (range.end - range.start) / range.step);
  const there = countBetween(stored, range) + kept;
  return {
    ...instrument,
    interval,
    requests,
    added: dryRun ? kept : added,
    missing: Math.max(0, expected - there),
    got,
    moved: moved.named(),
    bad: bad.named(),
    stopped: signal?.aborted ?? false,
  };
}

/** Bars that cannot be stored are the exchange's fault, not that of the caller who asked for them. */
function refused(id: string, error: unknown): never {
  if (!(error instanceof SpecError)) throw error;
  throw new Error(`${id} gave candles that cannot be stored: ${storable(error.message, 300)}`, { cause: error });
}

async function openMarket({ exchange, symbol, interval }: ExchangeImport): Promise<{ id: string; symbol: string }> {
  if (exchange.has['fetchOHLCV'] !== true)
    throw specError('exchange', 'invalid_value', `${exchange.id} offers no candles`);
  if (exchange.timeframes !== undefined && !Object.hasOwn(exchange.timeframes, interval)) {
    const known = Object.keys(exchange.timeframes).join(', ');
    throw specError('interval', 'invalid_value', `${exchange.id} has no ${interval} candles, only ${known}`);
  }
  await exchange.loadMarkets();
  try {
    return exchange.market(symbol);
  } catch (error) {
    const message = messageOf(error);
    throw specError('symbol', 'unknown_instrument', `${exchange.id} has no ${symbol}: ${message.slice(0, 200)}`);
  }
}

interface Range {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

/** Asks the exchange for its time: a bar has closed when its clock says so. Ours counts where it does not say. */
async function clockOf(options: ExchangeImport): Promise<{ readonly now: number; readonly sure: boolean }> {
  const { exchange, now = Date.now } = options;
  if (exchange.has['fetchTime'] === true && exchange.fetchTime !== undefined) {
    const time = await patiently(options, async () => exchange.fetchTime?.()).catch(() => undefined);
    if (typeof time === 'number' && time > 0) return { now: time, sure: true };
  }
  return { now: now(), sure: false };
}

/** Drops the last stored bar where clocks may differ, so that it is fetched again: it may have been open when it was stored. */
function refetched(stored: Float64Array, sure: boolean): Float64Array {
  return sure ? stored : stored.subarray(0, -1);
}

/** Puts the range on the grid of the interval, without the bar that is still open. */
function rangeOf({ interval, since, until }: ExchangeImport, now: number): Range {
  const step = TIMEFRAMES[interval];
  const closed = Math.floor(now / step) * step;
  const end = Math.min(closed, until === undefined ? closed : Math.ceil(until / step) * step);
  return { start: Math.ceil(since / step) * step, end, step };
}

async function storedTimes(folder: string, instrument: Instrument, interval: Timeframe): Promise<Float64Array> {
  await using source = parquetSource(folder);
  const series = (await source.coverage(instrument)).find((one) => one.interval === interval);
  return series === undefined ? new Float64Array(0) : await source.times(series);
}

interface Page {
  readonly rows: readonly number[][];
  /** End of the part of the range in which everything that the store lacks was asked for. */
  readonly next: number;
}

/** Asks for the first bar that is missing and whatever follows it in one answer, until nothing is missing. */
async function* missingPages(
  options: ExchangeImport,
  { symbol }: { readonly symbol: string },
  stored: Float64Array,
  { start, end, step }: Range,
): AsyncGenerator<Page> {
  const { exchange, interval } = options;
  const size = pageSize(exchange, symbol);
  const missingFrom = (time: number): number => {
    let missing = time;
    for (let at = lowerBound(stored, time); stored[at] === missing; at += 1) missing += step;
    return missing;
  };
  for (let at = missingFrom(start); at < end;) {
    const from = at;
    const page = await patiently(options, () => exchange.fetchOHLCV(symbol, interval, from, size));
    const isNew = ([time = Number.NaN]: Bar): boolean =>
      time >= from && time < end && stored[lowerBound(stored, minuteOf(time))] !== minuteOf(time);
    const rows = page.filter(isNew).map((bar) => bar.map((cell) => cell ?? Number.NaN));
    const last = Math.floor((page.at(-1)?.[0] ?? Number.NEGATIVE_INFINITY) / step) * step;
    // Nothing in that page: a market that was not there yet, or a pause longer than a page.
    at = missingFrom(last >= from ? last + step : from + size * step);
    yield { rows, next: Math.min(at, end) };
  }
}

/** Returns how many bars an answer has; few enough where ccxt does not know, so that no bar is stepped over. */
function pageSize(exchange: Exchange, symbol: string): number {
  const most = exchange.featureValue(symbol, 'fetchOHLCV', 'limit');
  return typeof most === 'number' && most > 0 ? Math.min(most, 1000) : 100;
}

async function patiently<T>({ signal, pauseMs = 1000 }: ExchangeImport, work: () => Promise<T>): Promise<T> {
  const { NetworkError } = await loadCcxt();
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof NetworkError) || attempt === ATTEMPTS || signal?.aborted) throw error;
      await sleep(pauseMs * 2 ** (attempt - 1), undefined, signal === undefined ? {} : { signal });
    }
  }
}

function countBetween(times: Float64Array, { start, end }: Range): number {
  return end <= start ? 0 : lowerBound(times, end) - lowerBound(times, start);
}
