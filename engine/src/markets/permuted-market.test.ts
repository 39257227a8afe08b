// A permuted market has every move of the real one and its drift, passes for candles, and depends on nothing but what it is
// named for.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sliceCandles, type Candles } from '../bars/candles.ts';
import { checkCandles } from '../bars/check-candles.ts';
import { openDayClock } from '../bars/market-day.ts';
import { random } from '../grid/random.ts';
import { prepare, type Prepared } from '../prepare.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, type Luck, type Spec } from '../spec.ts';
import { randomCandles } from '../testing/candles.ts';
import { randomSpec } from '../testing/random-specs.ts';
import { dayOf } from '../testing/sessions.ts';
import { openMarkets, permutingProblem } from './permuted-market.ts';
import { firstsOfSessions } from './sessions.ts';

const BARS = 600;
const LUCK: Luck = { permutations: 19, variants: 100 };
const EVERYTHING = { start: -Infinity, end: Infinity };

function specOf(more: Partial<Spec> = {}, bars = BARS): Spec {
  return { ...randomSpec(random(1), bars), luck: LUCK, ...more };
}

/** Candles of which a share is missing, and others without volume. */
function gappyCandles(seed: number): Candles {
  const candles = randomCandles(seed, BARS, { stepMs: HOUR_MS });
  const next = random(seed);
  const volume = candles.volume.map((value) => (next() < 0.2 ? 0 : value));
  const kept = Int32Array.from(candles.time.keys()).filter((bar) => bar < 70 || bar === BARS - 1 || next() < 0.8);
  const column = (values: Float64Array): Float64Array => Float64Array.from(kept, (bar) => values[bar]);
  const { time, open, high, low, close } = candles;
  return {
    time: column(time),
    open: column(open),
    high: column(high),
    low: column(low),
    close: column(close),
    volume: column(volume),
  };
}

/** A copy, for the next market takes the columns. */
function marketOf(prepared: Prepared, permutation: number): Prepared['timeline'] {
  const { timeline } = openMarkets(prepared)(permutation);
  return { ...timeline, candles: sliceCandles(timeline.candles, 0, timeline.end) };
}

const isNear = (a: number, b: number, within = 1e-12): boolean => Math.abs(a / b - 1) <= within;

function assertNear(a: Float64Array, b: Float64Array): void {
  assert.equal(a.length, b.length);
  for (let at = 0; at < a.length; at += 1) assert.ok(isNear(a[at], b[at]), `${at}: ${a[at]} and ${b[at]}`);
}

/** Ascending ratios of each bar: to its own open, and of its open to the close before. */
function movesOf({ open, high, low, close }: Candles, from: number) {
  const ratios = (value: (bar: number) => number): Float64Array =>
    Float64Array.from({ length: open.length - from }, (_, at) => value(from + at)).sort();
  return {
    highs: ratios((bar) => high[bar] / open[bar]),
    lows: ratios((bar) => low[bar] / open[bar]),
    closes: ratios((bar) => close[bar] / open[bar]),
    gaps: ratios((bar) => open[bar] / close[bar - 1]),
  };
}

test('number 0 is the real market to 1e-12, over a hundred thousand bars too', () => {
  const minutes = randomCandles(3, 150_000, { stepMs: MINUTE_MS, volatility: 0.002 });
  const range = { start: new Date(minutes.time[60]).toISOString(), end: new Date(minutes.time[149_999]).toISOString() };
  const spec = specOf();
  const long = { ...spec, time_range: range, template: { ...spec.template, timeframe: '1m' as const } };
  for (const prepared of [prepare(gappyCandles(2), spec), prepare(minutes, long)]) {
    const { candles, carried } = marketOf(prepared, 0);
    for (const name of ['open', 'high', 'low', 'close'] as const)
      assertNear(candles[name], prepared.timeline.candles[name]);
    assert.deepEqual(
      [candles.volume, candles.time],
      [prepared.timeline.candles.volume, prepared.timeline.candles.time],
    );
    assert.deepEqual(carried, prepared.timeline.carried);
  }
});

test('all moves are there, the drift stays, and the bars pass for candles', () => {
  let carriedBars = 0;
  for (let seed = 0; seed < 20; seed += 1) {
    const prepared = prepare(
      seed % 2 === 0 ? gappyCandles(seed) : randomCandles(seed, BARS, { stepMs: HOUR_MS }),
      specOf(),
    );
    const { candles: real, first, end } = prepared.timeline;
    const { candles, carried, ...rest } = marketOf(prepared, 1 + seed);
    assert.deepEqual([rest.first, rest.end, candles.time], [first, end, real.time]);
    assert.ok(isNear(candles.close[first], real.close[first]));
    assert.ok(isNear(candles.close[end - 1] / candles.close[first], real.close[end - 1] / real.close[first]));
    for (const from of [1, first + 1]) {
      const [permuted, original] = [movesOf(candles, from), movesOf(real, from)];
      for (const name of ['highs', 'lows', 'closes', 'gaps'] as const) assertNear(permuted[name], original[name]);
    }
    assert.deepEqual(candles.volume.subarray(first).toSorted(), real.volume.subarray(first).toSorted());
    assert.equal(checkCandles(candles, EVERYTHING).rows.time.length, end);
    const { open, high, low, close, volume } = candles;
    for (let bar = 0; bar < end; bar += 1) {
      assert.ok(high[bar] >= Math.max(open[bar], close[bar]) && low[bar] <= Math.min(open[bar], close[bar]));
      if (bar < first || carried?.[bar - first] !== 1) continue;
      carriedBars += 1;
      assert.deepEqual([open[bar], high[bar], low[bar], close[bar]], Array(4).fill(close[bar - 1]));
      assert.equal(volume[bar], 0);
    }
    const marks = (all: Uint8Array | null): number => [...(all ?? [])].filter((mark) => mark === 1).length;
    assert.equal(marks(carried), marks(prepared.timeline.carried));
    const moved = close.subarray(first).filter((value, bar) => !isNear(value, real.close[first + bar])).length;
    assert.ok(moved > (end - first) / 2, `${moved} of ${end - first} closes differ`);
  }
  assert.ok(carriedBars > 500, String(carriedBars));
});

test('a market depends on its number and on what is permuted, never on what is kept or how many there are', () => {
  const candles = randomCandles(4, BARS, { stepMs: HOUR_MS });
  const closes = (more: Partial<Spec>, permutation = 7): Float64Array =>
    marketOf(prepare(candles, specOf(more)), permutation).candles.close;
  const expected = closes({});
  const [other] = [specOf().template];
  for (const more of [
    { top_k: 3 },
    { luck: { permutations: 999, variants: 5 } },
    { template: { ...other, direction_mode: 'long-only' } as Spec['template'] },
    { preselect: 7 },
  ])
    assert.deepEqual(closes(more), expected);
  assert.notDeepEqual(closes({}, 8), expected);
  const instrument_id = { market_id: 1, symbol: 'OTHER' };
  assert.notDeepEqual(closes({ template: { ...other, instrument_id } }), expected);
  const renamed = marketOf(prepare(candles, specOf({ luck: { ...LUCK, blocks: 5 } })), 7).candles.close;
  assert.notDeepEqual(renamed, expected);
});

test('markets are made in the same columns, whatever was made before', () => {
  const markets = openMarkets(prepare(gappyCandles(6), specOf()));
  const first = markets(3).timeline;
  const [close, carried] = [first.candles.close.slice(), first.carried?.slice()];
  const second = markets(4).timeline;
  assert.equal(second.candles.close, first.candles.close);
  assert.notDeepEqual(second.candles.close, close);
  const again = markets(3).timeline;
  assert.deepEqual([again.candles.close, again.carried], [close, carried]);
});

test('what is held out is neither permuted nor seen, unless all folds of a walk are searched', () => {
  const candles = randomCandles(5, BARS, { stepMs: HOUR_MS });
  const holdout = prepare(candles, specOf({ validation: { mode: 'holdout', fraction: 0.4 } }));
  assert.equal(marketOf(holdout, 1).end, 60 + Math.round((BARS - 60) * 0.6));
  const validation = { mode: 'walk_forward', folds: 3, train_fraction: 0.5 } as const;
  const last = marketOf(prepare(candles, specOf({ validation })), 1);
  assert.ok(last.end < BARS && last.candles.time[last.first] > candles.time[200]);
  const whole = marketOf(prepare(candles, specOf({ validation, luck: { ...LUCK, walk: true } })), 1);
  assert.deepEqual([whole.first, whole.end], [60, BARS]);
});

test('a series that stands still stands still, and short ones have a reason', () => {
  const still = randomCandles(1, BARS, { stepMs: HOUR_MS });
  for (const column of [still.open, still.high, still.low, still.close]) column.fill(7);
  const { candles } = marketOf(prepare(still, specOf()), 5);
  for (const column of [candles.open, candles.high, candles.low, candles.close])
    assert.ok(column.every((value) => value === 7));
  assert.equal(permutingProblem(prepare(still, specOf())), null);
  const short = prepare(sliceCandles(still, 0, 150), specOf());
  assert.match(permutingProblem(short) ?? '', /^89 bars can be permuted/);
});

test('where a market has sessions, the first bars of its days are told apart, by default of days in UTC', () => {
  const { time } = randomCandles(1, 100, { stepMs: HOUR_MS, start: Date.UTC(2024, 0, 1, 14) });
  const candles = { time } as Candles;
  const runtime = { ...specOf().runtime, calendar: 'session' as const };
  const firsts = firstsOfSessions({ runtime }, { candles, timeframeMs: HOUR_MS });
  assert.deepEqual(
    [...(firsts ?? [])].flatMap((mark, bar) => (mark === 1 ? [bar] : [])),
    [0, 10, 34, 58, 82],
  );
  const clock = openDayClock(dayOf('17:00', 'America/New_York')); // 22:00 in UTC
  const evenings = firstsOfSessions({ runtime }, { candles, timeframeMs: HOUR_MS, clock });
  assert.deepEqual(
    [...(evenings ?? [])].flatMap((mark, bar) => (mark === 1 ? [bar] : [])),
    [0, 8, 32, 56, 80],
  );
  assert.equal(firstsOfSessions({ runtime }, { candles, timeframeMs: DAY_MS }), null);
  const open = { ...runtime, calendar: 'continuous' as const };
  assert.equal(firstsOfSessions({ runtime: open }, { candles, timeframeMs: HOUR_MS }), null);
});
