import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { parseSpec } from '../gate/parse-spec.ts';
import { random } from '../grid/random.ts';
import { heldOut, inSample, prepare, targetOf } from '../prepare.ts';
import { SpecError } from '../problems.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, TIMEFRAMES, type Spec } from '../spec.ts';
import { candlesOfCloses, randomCandles } from '../testing/candles.ts';
import { specInput } from '../testing/specs.ts';
import { COLUMNS, sliceCandles, type Candles } from './candles.ts';
import { loadRange, timeline } from './timeline.ts';

interface Wish {
  readonly start: string;
  readonly end: string;
  readonly timeframe: string;
  readonly warmup?: number;
  readonly market?: number;
}

function specOf({ start, end, timeframe, warmup = 0, market = 1 }: Wish): Spec {
  const instrument_id = { market_id: market, symbol: 'X' };
  return parseSpec(specInput({ time_range: { start, end }, warmup_bars: warmup }, { timeframe, instrument_id }));
}

/** The rows of a series whose numbers are kept. */
function pick(candles: Candles, keep: (row: number) => boolean): Candles {
  const rows = [...candles.time.keys()].filter(keep);
  const column = (name: (typeof COLUMNS)[number]) => Float64Array.from(rows, (row) => candles[name][row]);
  return {
    time: column('time'),
    open: column('open'),
    high: column('high'),
    low: column('low'),
    close: column('close'),
    volume: column('volume'),
  };
}

function problemsOf(work: () => unknown): readonly string[] {
  try {
    work();
  } catch (error) {
    if (error instanceof SpecError)
      return error.problems.map(({ path, code, message }) => `${path} ${code}: ${message}`);
    throw error;
  }
  return [];
}

/** The bars of page 3.2 in the plainest way: for every bucket, look at every row. */
function bruteForce(candles: Candles, spec: Spec): number[][] {
  const step = TIMEFRAMES[spec.template.timeframe];
  const target = Math.ceil(Date.parse(spec.time_range.start) / step) * step;
  const bars: number[][] = [];
  for (let open = target - spec.warmup_bars * step; open + step <= Date.parse(spec.time_range.end); open += step) {
    const rows = [...candles.time.keys()].filter((row) => candles.time[row] >= open && candles.time[row] < open + step);
    const at = (column: Float64Array) => rows.map((row) => column[row]);
    if (rows.length > 0) {
      const volume = at(candles.volume).reduce((sum, one) => sum + one, 0);
      const [high, low] = [Math.max(...at(candles.high)), Math.min(...at(candles.low))];
      bars.push([open, candles.open[rows[0]], high, low, candles.close[rows[rows.length - 1]], volume]);
    } else if (bars.length > 0 && spec.runtime.calendar === 'continuous') {
      const close = bars[bars.length - 1][4];
      bars.push([open, close, close, close, close, 0]);
    }
  }
  const end = Math.floor(Date.parse(spec.time_range.end) / step) * step; // no later candle can belong to a whole bar
  const last = candles.time.findLast((time) => time < end) ?? 0;
  return bars.filter(([open]) => open <= last);
}

test('roll-up equals brute force on series full of holes, in both kinds of market', () => {
  const next = random(1);
  let bars = 0;
  for (let round = 0; round < 60; round += 1) {
    const dense = randomCandles(round, 600, { start: Date.UTC(2024, 0, 1, 0, Math.floor(next() * 90)) });
    const [longest, often] = [1 + Math.floor(next() * 60), next() * 0.2];
    let hole = 0;
    const candles = pick(dense, () => {
      hole = hole > 0 ? hole - 1 : next() < often ? Math.floor(next() * longest) : 0;
      return hole === 0;
    });
    const instant = (minutes: number) => new Date(Date.UTC(2024, 0, 1) + Math.floor(minutes) * MINUTE_MS).toISOString();
    const timeframe = ['1m', '3m', '5m', '15m', '30m', '1h'][round % 6];
    const from = next() * 300;
    const wish = {
      start: instant(from),
      end: instant(from + 130 + next() * 400),
      timeframe,
      warmup: Math.floor(next() * 20),
    };
    for (const market of [1, 5]) {
      const spec = specOf({ ...wish, market });
      const { candles: got, first, end, ledger } = timeline(candles, spec, MINUTE_MS);
      const target = Date.parse(spec.time_range.start);
      const expected = bruteForce(candles, { ...spec, warmup_bars: market === 1 ? spec.warmup_bars : 2000 });
      const firstExpected = expected.findIndex(([open]) => open >= target);
      const kept = expected.slice(Math.max(0, firstExpected - spec.warmup_bars));
      assert.deepEqual(
        kept,
        [...got.time.keys()].map((bar) => COLUMNS.map((name) => got[name][bar])),
      );
      assert.deepEqual([first, end], [Math.min(firstExpected, spec.warmup_bars), kept.length]);
      assert.equal(ledger.bars, kept.length);
      assert.equal(ledger.target_bars, end - first);
      assert.equal(ledger.carried_bars, kept.slice(first).filter((bar) => bar[5] === 0).length);
      bars += kept.length;
    }
  }
  assert.ok(bars > 4000);
});

test('roll-up of minutes equals brute force for every timeframe, over holes of minutes and of several bars', () => {
  const next = random(2);
  for (const [timeframe, step] of Object.entries(TIMEFRAMES)) {
    const dense = randomCandles(step, 50 * (step / MINUTE_MS) + 90, { start: Date.UTC(2024, 0, 1) - 7 * MINUTE_MS });
    let hole = 0;
    const candles = pick(dense, () => {
      hole =
        hole > 0 ? hole - 1 : next() < 0.01 ? Math.floor(next() * (next() < 0.05 ? 3 * (step / MINUTE_MS) : 20)) : 0;
      return hole === 0;
    });
    const instant = (bars: number) => new Date(Date.UTC(2024, 0, 1) + Math.floor(bars * step)).toISOString();
    for (const market of [1, 5]) {
      const spec = specOf({ start: instant(12.3), end: instant(48.8), timeframe, warmup: 10, market });
      const { candles: got, first } = timeline(candles, spec, MINUTE_MS);
      const expected = bruteForce(candles, { ...spec, warmup_bars: market === 1 ? 10 : 60 });
      const target = expected.findIndex(([open]) => open >= Date.parse(spec.time_range.start));
      assert.deepEqual(
        [...got.time.keys()].map((bar) => COLUMNS.map((name) => got[name][bar])),
        expected.slice(Math.max(0, target - 10)),
        timeframe,
      );
      assert.equal(first, Math.min(target, 10));
      assert.ok(got.time.length >= 15, `${timeframe}: ${got.time.length} bars`);
    }
  }
});

test('the target slice: bars that open at or after the start and close at or before the end', () => {
  const candles = randomCandles(2, 600, { start: Date.UTC(2024, 0, 1) });
  const spec = specOf({ start: '2024-01-01T02:30:00Z', end: '2024-01-01T06:59:00Z', timeframe: '1h', warmup: 2 });
  assert.deepEqual(loadRange(spec), { start: Date.UTC(2024, 0, 1, 1), end: Date.UTC(2024, 0, 1, 6, 59) });
  const { candles: bars, first, end, timeframeMs, ledger } = timeline(candles, spec);
  const hours = [...bars.time].map((time) => new Date(time).getUTCHours());
  assert.deepEqual([hours, first, end, timeframeMs], [[1, 2, 3, 4, 5], 2, 5, HOUR_MS]);
  assert.equal(ledger.first_target, '2024-01-01T03:00:00.000Z');
  assert.equal(ledger.last_target, '2024-01-01T06:00:00.000Z');
  assert.deepEqual([ledger.base_expected, ledger.base_present, ledger.base_missing], [300, 300, 0]);
});

test('a candle in the bar that the end cuts off carries nothing forward: trailing gaps are trimmed', () => {
  const dense = candlesOfCloses(Array<number>(720).fill(100), Date.UTC(2024, 0, 1), MINUTE_MS);
  const candles = pick(dense, (row) => row < 180 || row >= 715); // from 00:00 to 03:00, and from 11:55 to 12:00
  const wish = { start: '2024-01-01T00:00:00Z', timeframe: '1h' };
  const cut = timeline(candles, specOf({ ...wish, end: '2024-01-01T11:58:00Z' }), MINUTE_MS);
  assert.deepEqual([cut.end, cut.ledger.target_bars, cut.ledger.carried_bars], [3, 3, 0]);
  assert.equal(cut.ledger.base_present, 180);
  const whole = timeline(candles, specOf({ ...wish, end: '2024-01-01T12:00:00Z' }), MINUTE_MS);
  assert.deepEqual([whole.end, whole.ledger.carried_bars], [12, 8]);
});

test('one candle a bar goes through unchanged', () => {
  const candles = randomCandles(3, 50, { start: Date.UTC(2024, 0, 1), stepMs: HOUR_MS });
  const spec = specOf({ start: '2024-01-01T10:00:00Z', end: '2024-01-03T00:00:00Z', timeframe: '1h', warmup: 5 });
  assert.deepEqual(
    timeline(candles, spec).candles,
    pick(candles, (row) => row >= 5 && row < 48),
  );
});

test('the ledger counts what is missing, exactly, over the target slice and the warm-up there is', () => {
  // 2024-01-01 00:00 to 02:00 by the minute, from 00:10 on, without 01:05..01:09, 01:40 and the last three minutes.
  const missing = new Set([65, 66, 67, 68, 69, 100, 117, 118, 119]);
  const dense = candlesOfCloses(
    Array.from({ length: 120 }, (_, at) => 100 + at),
    Date.UTC(2024, 0, 1),
    MINUTE_MS,
  );
  dense.volume[20] = 0;
  const candles = pick(dense, (row) => row >= 10 && !missing.has(row));
  const spec = specOf({ start: '2024-01-01T00:20:00Z', end: '2024-01-01T02:00:00Z', timeframe: '5m', warmup: 4 });
  const { ledger } = timeline(candles, spec);
  const { digest, ...counts } = ledger;
  assert.deepEqual(counts, {
    base_interval_ms: MINUTE_MS,
    base_expected: 110,
    base_present: 101,
    base_missing: 9,
    base_gaps: 3,
    longest_gap_ms: 5 * MINUTE_MS,
    duplicates: 0,
    zero_volume_share: 1 / 101,
    bars: 22,
    target_bars: 20,
    carried_bars: 1,
    first_target: '2024-01-01T00:20:00.000Z',
    last_target: '2024-01-01T02:00:00.000Z',
  });
  const bytes = COLUMNS.map((name) => Buffer.from(candles[name].buffer));
  assert.equal(digest, createHash('sha256').update(Buffer.concat(bytes)).digest('hex'));
});

test('the digest is of the candles used: not of those around them', () => {
  const candles = randomCandles(4, 500, { start: Date.UTC(2024, 0, 1) });
  const spec = specOf({ start: '2024-01-01T02:00:00Z', end: '2024-01-01T05:00:00Z', timeframe: '15m', warmup: 2 });
  const { ledger } = timeline(candles, spec);
  assert.deepEqual(timeline(sliceCandles(candles, 90, 300), spec).ledger, ledger);
  const other = structuredClone(candles);
  other.volume[200] += 1;
  assert.notEqual(timeline(other, spec).ledger.digest, ledger.digest);
});

test('of candles with the same time the last counts, and the others are told', () => {
  const once = candlesOfCloses([1, 2, 3, 4], Date.UTC(2024, 0, 1), HOUR_MS);
  const twice = pick(once, () => true);
  const rows = [0, 1, 1, 1, 2, 3, 3];
  const doubled = Object.fromEntries(COLUMNS.map((name) => [name, Float64Array.from(rows, (row) => twice[name][row])]));
  const candles = { ...once, ...doubled };
  candles.close[1] = 7;
  const spec = specOf({ start: '2024-01-01T00:00:00Z', end: '2024-01-01T04:00:00Z', timeframe: '1h' });
  const result = timeline(candles, spec);
  assert.deepEqual(result.candles, once);
  assert.equal(result.ledger.duplicates, 3);
  assert.equal(result.ledger.base_present, 4);
  assert.equal(result.ledger.base_missing, 0);
});

/** Weekdays of 2023 without the last two weeks of August. */
function sessions(hours: readonly number[] = [0]): Candles {
  const opens: number[] = [];
  for (let day = Date.UTC(2023, 0, 1); day < Date.UTC(2024, 0, 1); day += DAY_MS) {
    const weekday = new Date(day).getUTCDay();
    const closed = weekday === 0 || weekday === 6 || (day >= Date.UTC(2023, 7, 18) && day < Date.UTC(2023, 8, 1));
    if (!closed) opens.push(...hours.map((hour) => day + hour * HOUR_MS));
  }
  return { ...candlesOfCloses(opens.map((_, at) => 100 + at)), time: Float64Array.from(opens) };
}

test('in a session market warm-up counts sessions, and a day without one is no bar', () => {
  const candles = sessions();
  for (const warmup of [0, 1, 60, 150]) {
    const spec = specOf({
      start: '2023-09-01T00:00:00Z',
      end: '2023-10-01T00:00:00Z',
      timeframe: '1d',
      warmup,
      market: 5,
    });
    const { start, end } = loadRange(spec);
    const loaded = pick(candles, (row) => candles.time[row] >= start && candles.time[row] < end);
    const result = timeline(loaded, spec);
    assert.equal(result.first, warmup);
    assert.equal(result.end - result.first, 21);
    assert.deepEqual(timeline(candles, spec), result, 'more candles than needed change nothing');
    const { base_expected, base_missing, carried_bars, base_present } = result.ledger;
    assert.deepEqual([base_expected, base_missing, carried_bars, base_present], [null, null, 0, warmup + 21]);
  }
  const { ledger } = timeline(
    candles,
    specOf({ start: '2023-01-01T00:00:00Z', end: '2024-01-01T00:00:00Z', timeframe: '1d', market: 5 }),
  );
  assert.equal(ledger.longest_gap_ms, 14 * DAY_MS);
});

test('hours of a session market: enough of them are loaded', () => {
  const candles = sessions([14, 15, 16, 17, 18, 19]);
  for (const timeframe of ['1h', '2h', '6h', '1d']) {
    const spec = specOf({
      start: '2023-09-04T00:00:00Z',
      end: '2023-09-08T00:00:00Z',
      timeframe,
      warmup: 100,
      market: 5,
    });
    const { start } = loadRange(spec);
    const loaded = pick(candles, (row) => candles.time[row] >= start);
    assert.equal(timeline(loaded, spec).first, 100, timeframe);
  }
});

test('a single candle is a bar of the timeframe', () => {
  const spec = specOf({ start: '2024-01-01T00:00:00Z', end: '2024-01-01T04:00:00Z', timeframe: '1h' });
  const { candles, ledger } = timeline(candlesOfCloses([5], Date.UTC(2024, 0, 1, 2)), spec);
  assert.deepEqual([...candles.close], [5]);
  assert.deepEqual([ledger.base_expected, ledger.base_missing, ledger.longest_gap_ms], [4, 3, 2 * HOUR_MS]);
});

test('the timeframe must be a multiple of the interval', () => {
  const candles = randomCandles(6, 500, { start: Date.UTC(2024, 0, 1), stepMs: 2 * HOUR_MS });
  const spec = specOf({ start: '2024-01-02T00:00:00Z', end: '2024-01-03T00:00:00Z', timeframe: '1h' });
  assert.deepEqual(
    problemsOf(() => timeline(candles, spec)),
    [
      'template.timeframe below_candle_interval: 1h (3600000 ms) must be a multiple of the interval of the candles, 7200000 ms',
    ],
  );
  assert.equal(problemsOf(() => timeline(candles, spec, HOUR_MS)).length, 0);
});

const hourly = (start: string, end: string) => specOf({ start, end, timeframe: '1h', warmup: 5 });

test('no bar in the target slice is the error of no candles, with what there is', () => {
  const hours = randomCandles(7, 10, { start: Date.UTC(2024, 0, 1), stepMs: HOUR_MS });
  const offered = 'candles were given from 2024-01-01T00:00:00.000Z to 2024-01-01T09:00:00.000Z';
  for (const [start, end] of [
    ['2024-01-01T10:00:00.000Z', '2024-01-02T00:00:00.000Z'], // warm-up only
    ['2023-01-01T00:00:00.000Z', '2024-01-01T00:00:00.000Z'],
    ['2025-01-01T00:00:00.000Z', '2025-02-01T00:00:00.000Z'],
  ]) {
    const message = `time_range no_candles: no market data for requested range ${start} to ${end}: ${offered}`;
    assert.deepEqual(
      problemsOf(() => timeline(hours, hourly(start, end))),
      [message],
    );
  }
  const none = problemsOf(() => timeline(candlesOfCloses([]), hourly('2024-01-01T00:00:00Z', '2024-01-02T00:00:00Z')));
  assert.match(none[0], /no market data for requested range .*: no candles were given$/);
});

const FIVES = Array<number>(12).fill(5);

test('broken candles are named by bar and time', () => {
  const spec = specOf({ start: '2024-01-01T00:00:00Z', end: '2024-01-01T10:00:00Z', timeframe: '1h' });
  const broken = (damage: (candles: Candles) => void): readonly string[] => {
    const candles = candlesOfCloses(FIVES, Date.UTC(2024, 0, 1), HOUR_MS);
    damage(candles);
    return problemsOf(() => timeline(candles, spec, HOUR_MS));
  };
  const bar = 'candles[3] invalid_candles: bar 3 (2024-01-01T03:00:00.000Z):';
  const cases: readonly (readonly [(candles: Candles) => void, string])[] = [
    [({ high }) => (high[3] = 4), `${bar} high 4 is below low 5`],
    [({ open }) => (open[3] = NaN), `${bar} open must be a price above 0, got NaN`],
    [({ close }) => (close[3] = 0), `${bar} close must be a price above 0, got 0`],
    [({ low }) => (low[3] = -1), `${bar} low must be a price above 0, got -1`],
    [({ high }) => (high[3] = Infinity), `${bar} high must be a price above 0, got Infinity`],
    [({ volume }) => (volume[3] = -1), `${bar} volume must be 0 or more, got -1`],
    [({ volume }) => (volume[3] = NaN), `${bar} volume must be 0 or more, got NaN`],
    [({ time }) => (time[3] = NaN), 'candles[3] invalid_candles: bar 3: time NaN is no epoch millisecond'],
    [
      ({ time }) => (time[3] += 2 * HOUR_MS),
      'candles[4] invalid_candles: bar 4 (2024-01-01T04:00:00.000Z): opens before the bar before it',
    ],
  ];
  for (const [damage, problem] of cases) assert.deepEqual(broken(damage), [problem]);
  const all = broken(({ close }) => close.fill(-1));
  assert.equal(all.length, 10, 'bars outside the range do not count');
  const long = candlesOfCloses(Array(100).fill(-1), Date.UTC(2024, 0, 1), MINUTE_MS);
  const many = problemsOf(() => timeline(long, spec, MINUTE_MS));
  assert.equal(many.length, 21);
  assert.equal(many[0], 'candles invalid_candles: 100 bars are broken; the first 20 are named');
  assert.match(
    problemsOf(() => timeline({ ...candlesOfCloses(FIVES), low: new Float64Array(3) }, spec))[0],
    /low has 3 values, time has 12/,
  );
});

test('the bars without a candle are marked, in the target slice and its parts', () => {
  const hour = 3_600_000;
  const start = Date.UTC(2024, 0, 1);
  const all = candlesOfCloses([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], start, hour);
  const without = (...missing: readonly number[]): Candles => {
    const rows = (column: Float64Array) => column.filter((_, bar) => !missing.includes(bar));
    const { time, open, high, low, close, volume } = all;
    return {
      time: rows(time),
      open: rows(open),
      high: rows(high),
      low: rows(low),
      close: rows(close),
      volume: rows(volume),
    };
  };
  const spec = parseSpec({
    time_range: { start: new Date(start + 2 * hour).toISOString(), end: new Date(start + 12 * hour).toISOString() },
    warmup_bars: 2,
    validation: { mode: 'holdout', fraction: 0.5 },
    template: { instrument_id: { market_id: 1, symbol: 'TEST' }, timeframe: '1h', rules: { long: 'close > 3' } },
  });
  assert.equal(timeline(all, spec, hour).carried, null);
  assert.equal(timeline(without(1), spec, hour).carried, null); // the warm-up is not traded
  const prepared = prepare(without(4, 5, 6, 9), spec, hour);
  assert.deepEqual([...(prepared.timeline.carried ?? [])], [0, 0, 1, 1, 1, 0, 0, 1, 0, 0]);
  assert.equal(prepared.timeline.ledger.carried_bars, 4);
  assert.deepEqual([...(targetOf(inSample(prepared, 0)).target.carried ?? [])], [0, 0, 1, 1, 1]);
  assert.deepEqual([...(targetOf(heldOut(prepared)).target.carried ?? [])], [0, 0, 1, 0, 0]);
  assert.equal(targetOf(inSample(prepare(without(9), spec, hour), 0)).target.carried, null);
});
