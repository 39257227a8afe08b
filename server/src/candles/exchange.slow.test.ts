// ccxt for real, against a local server that speaks the part of Binance's API that candles need.

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { SpecError } from '@backtest-jobs/engine';
import { sliceCandles } from '@backtest-jobs/engine/internal';
import { binance } from '../../test/binance.ts';
import { digestOf, walk } from '../../test/candles.ts';
import { importExchange, openExchange, type Exchange, type ExchangeImport } from './exchange.ts';
import { importSeries } from './import.ts';
import { openSource } from './open.ts';

const MINUTE = 60_000;
const START = Date.UTC(2024, 0, 1);
const WHOLE = walk(START, 5000, { holes: 700 });
const END = WHOLE.time.at(-1)! + MINUTE;
const BTC = { market_id: 1, symbol: 'BTCUSDT' };
const root = mkdtempSync(join(tmpdir(), 'backtest-exchange-'));
after(() => rmSync(root, { recursive: true }));
let folders = 0;

async function optionsOf(url: string, changes: Partial<ExchangeImport> = {}): Promise<ExchangeImport> {
  return {
    folder: join(root, String((folders += 1))),
    market_id: 1,
    exchange: await openExchange('binance', 'BTC/USDT', url),
    symbol: 'BTC/USDT',
    interval: '1m',
    since: START,
    now: () => END,
    pauseMs: 1,
    ...changes,
  };
}

async function storedIn(folder: string): Promise<string> {
  await using source = await openSource({ kind: 'parquet', folder });
  return digestOf((await source.read(BTC, { start: 0, end: 8e15, timeframe: '1m' })).candles);
}

const MISSING = (END - START) / MINUTE - WHOLE.time.length;

test('every candle comes, page after page, bit for bit, under the name the exchange has for it', async () => {
  await using server = await binance(WHOLE);
  const options = await optionsOf(server.url);
  const told: number[] = [];
  const report = await importExchange({ ...options, onProgress: (done, total) => told.push(done / total) });
  assert.deepEqual(report, {
    ...BTC,
    interval: '1m',
    requests: 5,
    added: WHOLE.time.length,
    missing: MISSING,
    got: { first: new Date(START).toISOString(), last: new Date(END - MINUTE).toISOString() },
    moved: { count: 0, shown: [] },
    bad: { count: 0, shown: [] },
    stopped: false,
  });
  assert.ok(MISSING > 5);
  assert.equal(await storedIn(options.folder), digestOf(WHOLE));
  assert.deepEqual([told.length, told.at(-1)], [5, 1]);
  assert.deepEqual(
    told,
    told.toSorted((a, b) => a - b),
  );
});

test('again: only holes are asked for, and nothing changes', async () => {
  await using server = await binance(WHOLE);
  const options = await optionsOf(server.url);
  await importExchange(options);
  const before = server.asked.length;
  const again = await importExchange(options);
  const holes = server.asked.slice(before);
  assert.deepEqual([again.added, again.missing], [0, MISSING]);
  assert.ok(holes.length > 0 && holes.length <= 5 && holes.every((time) => !WHOLE.time.includes(time)), holes.join());
});

test('stopped in the middle, it goes on where it stopped', async () => {
  const stop = new AbortController();
  await using server = await binance(WHOLE, { onKlines: (count) => count === 2 && stop.abort() });
  const options = await optionsOf(server.url);
  const first = await importExchange({ ...options, signal: stop.signal });
  assert.deepEqual([first.stopped, first.added, first.requests], [true, 2000, 2]);
  const second = await importExchange(options);
  assert.deepEqual([second.stopped, second.added], [false, WHOLE.time.length - 2000]);
  assert.ok(second.requests <= 3 + 5, `${second.requests} requests`);
  assert.equal(await storedIn(options.folder), digestOf(WHOLE));
});

test('a busy exchange is asked again; one that stays down loses nothing that was fetched', async () => {
  await using busy = await binance(WHOLE, { every: 2, status: 429 });
  const options = await optionsOf(busy.url);
  assert.equal((await importExchange(options)).added, WHOLE.time.length);
  const state = { down: false };
  await using failing = await binance(WHOLE, {
    every: 1,
    status: 503,
    onKlines: () => (state.down = true),
    now: () => END + 5000 * MINUTE,
  });
  const more = await optionsOf(failing.url, { folder: options.folder, until: END + 5000 * MINUTE });
  await assert.rejects(importExchange(more), /^Error: binance: .*; 0 candles were stored, the same command goes on/s);
  assert.ok(state.down);
  assert.equal(failing.asked.length, 6);
  assert.equal(await storedIn(options.folder), digestOf(WHOLE));
});

test('a candle that is not over is left out, and so is what lies outside of the range', async () => {
  await using server = await binance(WHOLE);
  const [since, until] = [WHOLE.time[100]!, WHOLE.time[200]!];
  const inside = await optionsOf(server.url, { since, until });
  await importExchange(inside);
  assert.equal(await storedIn(inside.folder), digestOf(sliceCandles(WHOLE, 100, 200)));
  await using early = await binance(WHOLE, { now: () => until + 30_000 });
  const open = await optionsOf(early.url, { since });
  await importExchange(open);
  assert.equal(await storedIn(open.folder), digestOf(sliceCandles(WHOLE, 100, 200)));
  const nothing = await importExchange(await optionsOf(server.url, { since: END + 1 }));
  assert.deepEqual([nothing.requests, nothing.added, nothing.missing], [0, 0, 0]);
});

test('years before the market began cost one request here, and what the store has is kept', async () => {
  await using server = await binance(WHOLE);
  const options = await optionsOf(server.url, { since: Date.UTC(2010, 0, 1), as: 'mine' });
  const candles = sliceCandles(WHOLE, 0, 3000);
  await importSeries({ folder: options.folder, market_id: 1, symbol: 'mine', interval: '1m', candles });
  const report = await importExchange(options);
  assert.deepEqual([report.symbol, report.added], ['mine', WHOLE.time.length - 3000]);
});

test('a dry run asks and writes nothing', async () => {
  await using server = await binance(WHOLE);
  const options = await optionsOf(server.url, { dryRun: true });
  assert.equal((await importExchange(options)).added, WHOLE.time.length);
  assert.ok(!readdirSync(root).includes(String(folders)));
});

test('what an exchange sent and cannot be stored is its fault, not that of who asked', async () => {
  await using server = await binance(WHOLE);
  const options = await optionsOf(server.url);
  const bar = (close: number) => [START, 100, 110, 90, close, 1];
  options.exchange.fetchOHLCV = async (_symbol, _interval, since) => (since === START ? [bar(100), bar(101)] : []);
  await assert.rejects(importExchange({ ...options, until: START + 10 * MINUTE }), (error: unknown) => {
    assert.ok(error instanceof Error && !(error instanceof SpecError), 'exit code 1');
    assert.match(error.message, /^binance gave candles that cannot be stored: .*/);
    return true;
  });
});

test('what does not exist', async () => {
  await using server = await binance(WHOLE);
  await assert.rejects(openExchange('binanse', 'X'), /exchange: ccxt knows no binanse, did you mean binance\?/);
  await assert.rejects(openExchange('constructor', 'X'), /ccxt knows no constructor/);
  const options = await optionsOf(server.url);
  await assert.rejects(importExchange({ ...options, symbol: 'NOPE/USDT' }), /symbol: binance has no NOPE\/USDT/);
  const exchange: Exchange = Object.create(options.exchange, { timeframes: { value: { '7m': '7m' } } });
  await assert.rejects(importExchange({ ...options, exchange }), /interval: binance has no 1m candles, only 7m/);
});
