// Exchanges as they are: clocks that differ, bars that opened late, bars without prices, answers that ignore the start.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { importExchange, type Exchange, type ExchangeImport } from '../../src/candles/exchange.ts';
import { openSource } from '../../src/candles/open.ts';

const root = mkdtempSync(join(tmpdir(), 'backtest-exchanges-'));
after(() => rmSync(root, { recursive: true }));
const MINUTE = 60_000;
const START = Date.UTC(2024, 0, 1);
let folders = 0;

interface World {
  /** Time at the exchange; undefined where it does not give it. */
  readonly clock?: () => number;
  readonly bars: (since: number) => readonly (number | undefined)[][];
}

function exchangeOf({ clock, bars }: World): Exchange {
  return {
    id: 'local',
    urls: { api: {} },
    has: { fetchOHLCV: true, fetchTime: clock !== undefined },
    timeframes: undefined,
    loadMarkets: async () => {},
    market: (symbol) => ({ id: symbol, symbol }),
    featureValue: () => 1000,
    fetchTime: async () => clock?.(),
    fetchOHLCV: async (_symbol, _timeframe, since) => bars(since),
  };
}

const optionsOf = (world: World, now: number, folder = join(root, String((folders += 1)))): ExchangeImport => ({
  folder,
  market_id: 1,
  exchange: exchangeOf(world),
  symbol: 'X',
  interval: '1m',
  since: START,
  now: () => now,
});

async function closesOf(folder: string): Promise<number[]> {
  await using source = await openSource({ kind: 'parquet', folder });
  return [
    ...(await source.read({ market_id: 1, symbol: 'X' }, { start: START - 1e12, end: 8e15, timeframe: '1m' })).candles
      .close,
  ];
}

/** Bars of an exchange up to its time; one that is open has close 101, a closed one 95. */
const openAt = (time: () => number): World['bars'] => {
  return (since) =>
    Array.from({ length: Math.floor((time() - START) / MINUTE) + 1 }, (_, minute) => {
      const open = START + minute * MINUTE;
      return [open, 100, 101, 94, open + MINUTE > time() ? 101 : 95, 1];
    }).filter(([open = 0]) => open >= since);
};

test('a bar that is open by the time of the exchange is not stored, however far our clock is ahead', async () => {
  for (const skew of [40_000, 10 * MINUTE, -40_000]) {
    const state = { time: START + 3 * MINUTE + 20_000 };
    const world: World = { clock: () => state.time, bars: openAt(() => state.time) };
    const options = optionsOf(world, state.time + skew);
    await importExchange(options);
    assert.deepEqual(await closesOf(options.folder), [95, 95, 95]);
    state.time += MINUTE;
    await importExchange(options);
    assert.deepEqual(await closesOf(options.folder), [95, 95, 95, 95]);
  }
});

test('an exchange that does not give its time is asked for the last stored bar again', async () => {
  const state = { time: START + 3 * MINUTE + 20_000 };
  const world: World = { bars: openAt(() => state.time) };
  const options = optionsOf(world, state.time + 40_000);
  await importExchange(options);
  assert.deepEqual(await closesOf(options.folder), [95, 95, 95, 101]);
  state.time += MINUTE;
  await importExchange({ ...options, now: () => state.time });
  assert.deepEqual(await closesOf(options.folder), [95, 95, 95, 95]);
});

test('bars that opened late and a bar without prices: the sound ones go in, in every run', async () => {
  const file = join(import.meta.dirname, 'moved-minutes/BTCUSDT-1m-2018-02.csv');
  const rows: (number | undefined)[][] = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(',').map(Number));
  rows.push([Date.UTC(2018, 1, 9, 9, 33), undefined, undefined, undefined, undefined, 0]);
  const now = Date.UTC(2018, 1, 9, 9, 35);
  const world: World = { clock: () => now, bars: (since) => rows.filter(([time = 0]) => time >= since) };
  const options = { ...optionsOf(world, now), since: Date.UTC(2018, 1, 8, 0, 27) };
  const first = await importExchange(options);
  assert.deepEqual([first.added, first.moved.count, first.bad.count, first.missing], [7, 3, 1, 1979 + 2]);
  const again = await importExchange(options);
  assert.deepEqual([again.added, again.missing], [0, 1979 + 2]);
});

test('an exchange that ignores the start is reported by what it gave', async () => {
  const now = START + 1000 * MINUTE;
  const latest = Array.from({ length: 100 }, (_, i) => [now - (100 - i) * MINUTE, 1, 1, 1, 1, 1]);
  const report = await importExchange(optionsOf({ clock: () => now, bars: () => latest }, now));
  assert.deepEqual([report.added, report.missing], [100, 900]);
  assert.deepEqual(report.got, { first: '2024-01-01T15:00:00.000Z', last: '2024-01-01T16:39:00.000Z' });
});
