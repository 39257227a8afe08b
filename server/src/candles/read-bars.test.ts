import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSpec, SpecError, type Timeframe } from '@backtest-jobs/engine';
import { COLUMNS, HOUR_MS, marketBuckets, MINUTE_MS, rollUp, timeline } from '@backtest-jobs/engine/internal';
import { specBody } from '../../test/api.ts';
import { walk } from '../../test/candles.ts';
import { defaultsOf, parseConfig } from '../config/config.ts';
import { memorySource } from './memory.ts';
import { readBars, type BarsPage, type BarsWish } from './read-bars.ts';
import type { CandleSource } from './source.ts';

const START = Date.UTC(2024, 0, 1);
const MINUTES = walk(START, 6000, { holes: 40 });
const INSTRUMENT = { market_id: 1, symbol: 'BTCUSDT' } as const;
const SOURCE = memorySource([{ ...INSTRUMENT, interval: '1m', candles: MINUTES }]);
const UTC = { calendar: 'continuous' } as const;

const ask = (timeframe: Timeframe, changes: Partial<BarsWish> = {}, source = SOURCE): Promise<BarsPage> =>
  readBars(source, {
    ...INSTRUMENT,
    timeframe,
    buckets: marketBuckets(timeframe, UTC),
    start: null,
    end: null,
    limit: 10_000,
    ...changes,
  });

test('bars are those of the engine, but for those that it carries forward', async () => {
  for (const timeframe of ['1m', '5m', '1h', '1d'] as const) {
    const { bars, next_start, previous_end } = await ask(timeframe);
    const expected = rollUp(MINUTES, marketBuckets(timeframe, UTC), false);
    for (const name of COLUMNS) assert.deepEqual([...bars[name]], [...expected[name]], `${timeframe} ${name}`);
    assert.deepEqual([next_start, previous_end], [null, null]);
  }
});

test('pages forward and backward are the whole, whatever is missing', async () => {
  const { bars: whole } = await ask('3m');
  for (const limit of [13, 1000]) {
    const [forward, backward] = [[] as number[], [] as number[]];
    for (let start: number | null = START; start !== null;) {
      const { bars, next_start } = await ask('3m', { start, limit });
      assert.ok(bars.time.length <= limit);
      forward.push(...bars.time);
      start = next_start;
    }
    for (let end: number | null = START + 1e12; end !== null;) {
      const { bars, previous_end } = await ask('3m', { end, limit });
      backward.unshift(...bars.time);
      end = previous_end;
    }
    assert.deepEqual(forward, [...whole.time], `forward by ${limit}`);
    assert.deepEqual(backward, [...whole.time], `backward by ${limit}`);
  }
});

test('start and end mean bars that open in between, and each is made of all its candles', async () => {
  const { bars: whole } = await ask('1h');
  const { bars } = await ask('1h', { start: START + 1, end: START + 3 * HOUR_MS + 1 });
  assert.deepEqual([...bars.time], [START + HOUR_MS, START + 2 * HOUR_MS, START + 3 * HOUR_MS]);
  assert.equal(bars.close[2], whole.close[3]);
  const none = await ask('1h', { start: START + 1e11 });
  assert.deepEqual([none.bars.time.length, none.next_start], [0, null]);
});

test('a page of a market without gaps is one read, forward and backward', async () => {
  const stored = memorySource([{ ...INSTRUMENT, interval: '1m', candles: walk(START, 6000) }]);
  let reads = 0;
  const source: CandleSource = {
    ...stored,
    read(...asked) {
      reads += 1;
      return stored.read(...asked);
    },
  };
  const pages = [{ start: START }, { start: START + 7 * HOUR_MS }, { end: START + 60 * HOUR_MS }];
  for (const page of pages) {
    reads = 0;
    const { bars, next_start, previous_end } = await ask('15m', { ...page, limit: 50 }, source);
    assert.deepEqual([bars.time.length, reads, next_start === null && previous_end === null], [50, 1, false]);
  }
});

test('years without candles between two stretches are passed in a few reads', async () => {
  const late = Date.UTC(2034, 0, 1);
  const [first, second] = [walk(START, 10), walk(late, 10)];
  const candles = Object.fromEntries(
    COLUMNS.map((name) => [name, Float64Array.of(...first[name], ...second[name])]),
  ) as unknown as typeof first;
  const stored = memorySource([{ ...INSTRUMENT, interval: '1m', candles }]);
  let reads = 0;
  const source: CandleSource = {
    ...stored,
    read(...asked) {
      reads += 1;
      return stored.read(...asked);
    },
  };
  const { bars } = await ask('1m', { start: START, limit: 15 }, source);
  assert.deepEqual([bars.time[9], bars.time[10], bars.time.length], [START + 9 * MINUTE_MS, late, 15]);
  assert.ok(reads < 60, `${reads} reads`);
});

test('a session market has the bars of its own day, of hours and of days', async () => {
  const config = parseConfig(`version: 1
backtest:
  markets:
    5: { name: fx, calendar: session, periods_per_year: 252, day_begins: "17:00", zone: America/New_York }
  execution: { fee_pct_default_by_market_id: { 5: 0.02 } }`);
  const defaults = defaultsOf(config);
  const market = defaults.markets[5] ?? assert.fail();
  const hours = walk(Date.UTC(2024, 2, 1), 24 * 20);
  const times = hours.time.map((_, i) => Date.UTC(2024, 2, 1) + i * HOUR_MS);
  const candles = { ...hours, time: times };
  const days = { ...candles, time: times.map((_, i) => Date.UTC(2024, 0, 1) + i * 24 * HOUR_MS) };
  for (const [interval, series] of [
    ['1h', candles],
    ['1d', days],
  ] as const) {
    const one = { market_id: 5, symbol: 'EURUSD' };
    const source = memorySource([{ ...one, interval, candles: series }]);
    const buckets = marketBuckets('1d', market);
    const { bars } = await ask('1d', { ...one, buckets }, source);
    const time_range = { start: '2024-03-08T00:00:00Z', end: '2024-03-16T00:00:00Z' }; // summer time begins on the 10th
    const spec = parseSpec(specBody({ time_range, warmup_bars: 0 }, { instrument_id: one }), defaults);
    const { candles: expected, first, end } = timeline(series, spec, interval === '1h' ? HOUR_MS : 24 * HOUR_MS);
    assert.ok(end - first > 4);
    const at = bars.time.indexOf(expected.time[first] ?? NaN);
    assert.ok(at > 0, interval);
    for (const name of COLUMNS)
      assert.deepEqual([...bars[name].subarray(at, at + end - first)], [...expected[name].subarray(first, end)], name);
    const paged: number[] = [];
    for (let start: number | null = 0; start !== null;) {
      const page = await ask('1d', { ...one, buckets, start, limit: 3 }, source);
      paged.push(...page.bars.time);
      start = page.next_start;
    }
    assert.deepEqual(paged, [...bars.time], interval);
  }
});

test('what there is not is an error that says what there is', async () => {
  await assert.rejects(ask('1m', { symbol: 'NONE' }), {
    name: 'SpecError',
    message: /there are no candles of 1:NONE; .*candles import/,
  });
  const coarse = memorySource([
    { ...INSTRUMENT, interval: '1h', candles: rollUp(MINUTES, { timeframeMs: HOUR_MS }, false) },
  ]);
  await assert.rejects(ask('5m', {}, coarse), (error) => {
    assert.ok(error instanceof SpecError);
    assert.deepEqual(
      error.problems.map(({ path, code }) => [path, code]),
      [['template.timeframe', 'below_candle_interval']],
    );
    return true;
  });
});
