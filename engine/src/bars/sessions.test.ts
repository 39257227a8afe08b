// Bars of a session market whose day is not the UTC day: 1d bars and daily returns are its days, bars within a day begin
// with it, and no bar knows more than its own candles, where summer time begins and ends too.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '../grid/random.ts';
import { heldOut, inSample, prepare, targetOf, type Prepared } from '../prepare.ts';
import { openFullRun } from '../report/full-run.ts';
import { fastScorer } from '../scoring/fast-scorer.ts';
import { referenceScorer } from '../scoring/score.ts';
import { daysOf } from '../simulate/metrics.ts';
import { NO_RISK } from '../simulate/setting.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, type MarketDay, type Spec } from '../spec.ts';
import { candlesOfCloses } from '../testing/candles.ts';
import { closedBy, dayOf, defaultsWith, sessionSpec, weekdayCandles } from '../testing/sessions.ts';
import { errorOf } from '../testing/specs.ts';
import { sliceCandles, type Candles } from './candles.ts';
import { expectedBars } from './expected-bars.ts';
import { barEnd } from './timeframe.ts';
import { loadRange, timeline } from './timeline.ts';

const NEW_YORK = dayOf('17:00', 'America/New_York');
const iso = (time: number): string => new Date(time).toISOString().slice(0, 16);
const opens = ({ candles }: { readonly candles: Candles }): string[] => Array.from(candles.time, iso);
const range = (start: string, end: string): Spec['time_range'] => ({ start: `${start}Z`, end: `${end}Z` });
const BARE = { warmup_bars: 0 };

test('a 1d bar is a day of the market: Sunday evening belongs to Monday', () => {
  const spec = sessionSpec(NEW_YORK, range('2024-01-07T00:00', '2024-01-20T00:00'), '1d', BARE);
  const candles = weekdayCandles(1, '2024-01-07T00:00Z', 13);
  const bars = timeline(candles, spec, HOUR_MS);
  const sunday = opens(bars).filter((open) => open.startsWith('2024-01-07') || open.startsWith('2024-01-14'));
  assert.equal(bars.end - bars.first, 10);
  assert.deepEqual(sunday, ['2024-01-07T22:00', '2024-01-14T22:00']);
  assert.equal(bars.candles.open[0], candles.open[0]);
  assert.equal(bars.candles.close[0], candles.close[23]);
  assert.equal(bars.ledger.last_target, '2024-01-19T22:00:00.000Z');
});

test('bars within a day begin with it and are as many in winter and in summer; the last may be short', () => {
  // Minutes from 09:30 to 16:00 in New York, which is another time of UTC from March 10 on.
  const day = dayOf('09:30', 'America/New_York');
  const open = (date: string): number => Date.parse(`${date}T${date < '2024-03-10' ? '14:30' : '13:30'}Z`);
  const times = ['2024-03-07', '2024-03-08', '2024-03-11', '2024-03-12'].flatMap((date) =>
    Array.from({ length: 390 }, (_, minute) => open(date) + minute * MINUTE_MS),
  );
  const candles = { ...candlesOfCloses(times), time: Float64Array.from(times) };
  const spec = sessionSpec(day, range('2024-03-07T00:00', '2024-03-14T00:00'), '4h', BARE);
  const winter = ['2024-03-07T14:30', '2024-03-07T18:30', '2024-03-08T14:30', '2024-03-08T18:30'];
  const summer = ['2024-03-11T13:30', '2024-03-11T17:30', '2024-03-12T13:30', '2024-03-12T17:30'];
  assert.deepEqual(opens(timeline(candles, spec, MINUTE_MS)), [...winter, ...summer]);
  // By the UTC day the same market has three bars a day in winter, and two in summer.
  const byUtc = { ...spec, runtime: { calendar: 'session' as const, periods_per_year: 252, top_k_persisted: 300 } };
  assert.deepEqual(opens(timeline(candles, byUtc, MINUTE_MS)).length, 3 + 3 + 2 + 2);
  // A market of 24 hours: where a day has 25, its last bar is an hour long, and where it has 23, three.
  const sydney = dayOf('10:00', 'Australia/Sydney');
  const lengths = (start: string): number[] => {
    const hours = candlesOfCloses(new Float64Array(24 * 4).fill(1), Date.parse(`${start}T00:00Z`), HOUR_MS);
    const end = iso(Date.parse(`${start}T00:00Z`) + 4 * DAY_MS);
    const bars = timeline(hours, sessionSpec(sydney, range(`${start}T00:00`, end), '4h', BARE), HOUR_MS);
    return Array.from(bars.candles.time, (time) => (barEnd(time, bars) - time) / HOUR_MS).filter(
      (hoursLong) => hoursLong < 4,
    );
  };
  assert.deepEqual(lengths('2024-04-05'), [1]);
  assert.deepEqual(lengths('2024-10-04'), [3]);
  assert.deepEqual(lengths('2024-07-05'), []);
});

test('the candle of a day is that of its date, whether its time is midnight or the open', () => {
  const closes = [10, 11, 12, 13, 14];
  const barsOf = (day: MarketDay, first: string): readonly string[] => {
    const candles = candlesOfCloses(closes, Date.parse(`${first}Z`), DAY_MS);
    return opens(
      timeline(candles, sessionSpec(day, range('2024-01-07T00:00', '2024-01-20T00:00'), '1d', BARE), DAY_MS),
    );
  };
  const evening = ['2024-01-07T22:00', '2024-01-08T22:00', '2024-01-09T22:00', '2024-01-10T22:00', '2024-01-11T22:00'];
  const firsts = ['2024-01-08T00:00', '2024-01-08T05:00', '2024-01-07T22:00', '2024-01-08T14:30'];
  for (const first of firsts) assert.deepEqual(barsOf(NEW_YORK, first), evening, first);
  const morning = dayOf('09:30', 'America/New_York');
  for (const first of ['2024-01-08T00:00', '2024-01-08T05:00', '2024-01-08T14:30'])
    assert.equal(barsOf(morning, first)[0], '2024-01-08T14:30', first);
});

test('times that are none are told, in candles of days too', () => {
  const spec = sessionSpec(NEW_YORK, range('2024-01-07T00:00', '2024-01-20T00:00'), '1d', BARE);
  for (const bad of [NaN, Infinity, 1e300, Date.UTC(2024, 0, 9) + 0.5]) {
    const candles = candlesOfCloses([10, 11, 12], Date.UTC(2024, 0, 8), DAY_MS);
    candles.time[1] = bad;
    assert.throws(
      () => timeline(candles, spec, DAY_MS),
      /bar 1: time .* is no epoch millisecond|bar 1 .*: time/,
      String(bad),
    );
  }
});

test('a candle that closes after its bar is refused with the way out; one out of place is not', () => {
  const day = dayOf('09:30', 'America/New_York');
  const spec = sessionSpec(day, range('2024-01-08T00:00', '2024-01-13T00:00'), '1h', BARE);
  const hours = weekdayCandles(2, '2024-01-08T00:00Z', 5);
  assert.throws(() => timeline(hours, spec, HOUR_MS), {
    message:
      /the candle of 60 minutes that opens at 2024-01-08T00:00:00.000Z closes after the bar from 2024-01-07T23:30:00.000Z to 2024-01-08T00:30:00.000Z: import candles of a shorter interval, or/,
  });
  const late = { ...hours, time: hours.time.map((time, at) => time + (at === 7 ? 1000 : 0)) };
  const onTheHour = sessionSpec(NEW_YORK, range('2024-01-08T00:00', '2024-01-13T00:00'), '1h', BARE);
  assert.equal(timeline(late, onTheHour, HOUR_MS).candles.time[7], hours.time[7]);
});

/** The days of each market around the changes of its clock, and one without any. */
const WEEKS: readonly (readonly [MarketDay, string])[] = [
  [NEW_YORK, '2024-02-25T00:00Z'],
  [NEW_YORK, '2024-10-20T00:00Z'],
  [dayOf('10:00', 'Australia/Sydney'), '2024-03-24T00:00Z'],
  [dayOf('10:00', 'Australia/Sydney'), '2024-09-22T00:00Z'],
  [dayOf('09:00', 'Asia/Tokyo'), '2024-03-03T00:00Z'],
];

function* preparedWeeks(): Generator<{ prepared: Prepared; candles: Candles; spec: Spec; note: string }> {
  for (const [seed, [day, start]] of WEEKS.entries()) {
    const candles = weekdayCandles(seed, start, 28);
    const from = Date.parse(start);
    for (const timeframe of ['1h', '4h', '12h', '1d']) {
      const time_range = range(iso(from + 6 * DAY_MS), iso(from + 28 * DAY_MS));
      const spec = sessionSpec(day, time_range, timeframe, { warmup_bars: 3 });
      yield { prepared: prepare(candles, spec, HOUR_MS), candles, spec, note: `${day.zone} ${start} ${timeframe}` };
    }
  }
}

test('a bar is made of the candles that open and close within it', () => {
  for (const { prepared, candles, note } of preparedWeeks()) {
    const { timeline: made } = prepared;
    const { candles: bars } = made;
    let used = candles.time.findIndex((time) => time >= bars.time[0]);
    for (let bar = 0; bar < bars.time.length; bar += 1) {
      const end = barEnd(bars.time[bar], made);
      const to = candles.time.findIndex((time) => time >= end);
      const own = sliceCandles(candles, used, to < 0 ? candles.time.length : to);
      assert.ok(own.time.length > 0 && own.time[0] >= bars.time[bar], note);
      assert.ok(own.time[own.time.length - 1] + HOUR_MS <= end, note);
      assert.equal(bars.close[bar], own.close[own.close.length - 1], note);
      assert.equal(bars.high[bar], Math.max(...own.high), note);
      assert.equal(bars.low[bar], Math.min(...own.low), note);
      used += own.time.length;
    }
  }
});

test('cut at any instant, candles say the same of every bar, signal and balance before it', () => {
  const next = random(11);
  for (const { prepared, candles, spec, note } of preparedWeeks()) {
    const whole = prepared.timeline;
    const [start, end] = [Date.parse(spec.time_range.start), Date.parse(spec.time_range.end)];
    const equity = openFullRun(prepared)(1, NO_RISK).series().equity;
    const dayEnds = daysOf(targetOf(prepared).target, whole).lastBars;
    for (let round = 0; round < 4; round += 1) {
      const instant = start + 5 * DAY_MS + Math.floor((next() * (end - start - 5 * DAY_MS)) / MINUTE_MS) * MINUTE_MS;
      const cutSpec = { ...spec, time_range: { ...spec.time_range, end: new Date(instant).toISOString() } };
      const part = prepare(closedBy(candles, instant), cutSpec, HOUR_MS);
      const { candles: bars, first, end: bound } = part.timeline;
      assert.equal(first, whole.first, note);
      assert.ok(barEnd(bars.time[bound - 1], whole) <= instant, note);
      for (const column of ['time', 'open', 'high', 'low', 'close', 'volume'] as const)
        assert.deepEqual(bars[column], whole.candles[column].subarray(0, bound), note);
      // Every bar that has closed by then is there.
      assert.ok(bound === whole.end || barEnd(whole.candles.time[bound], whole) > instant, note);
      const cutEquity = openFullRun(part)(1, NO_RISK).series().equity;
      const before = cutEquity.length - 1; // the last bar is closed by force
      assert.deepEqual(cutEquity.subarray(0, before), equity.subarray(0, before), note);
      const cutDays = daysOf(targetOf(part).target, part.timeline).lastBars;
      assert.deepEqual([...cutDays.subarray(0, -1)], [...dayEnds.subarray(0, cutDays.length - 1)], note);
    }
  }
});

test('the fast scorer, the reference and the report agree to the last bit over the days of a market', () => {
  for (const { prepared, spec, note } of preparedWeeks()) {
    for (const primary_metric of ['sharpe', 'calmar'] as const) {
      const ranked = {
        ...prepared,
        spec: { ...spec, ranking: { primary_metric, secondary_metric: 'sortino' as const } },
      };
      const task = { stage: 'stage_b', from: 0, to: 8, bases: Float64Array.of(0, 1, 2, 3) } as const;
      const [fast, reference] = [fastScorer(ranked)(task), referenceScorer(ranked)(task)];
      assert.deepEqual(fast, reference, note);
      const { index, primary } = fast.best;
      const at = index.indexOf(2); // base 1 with its stop off
      const { metrics } = openFullRun(ranked)(1, NO_RISK);
      assert.ok(at >= 0, note);
      assert.equal(metrics[primary_metric], primary[at], note);
    }
  }
});

test('the gate keeps the offsets around the bars, and a range is loaded from the day before', () => {
  const spec = sessionSpec(NEW_YORK, range('2024-03-04T00:00', '2024-03-20T00:00'), '1d', BARE);
  assert.deepEqual(
    spec.runtime.day?.offsets.map(({ seconds }) => seconds / 3600),
    [-5, -4],
  );
  assert.equal(iso(loadRange(spec).start), '2024-03-03T22:00');
  assert.equal(expectedBars(spec).most, Math.round((15 * 252) / 365.25));
  const nothing = { ...BARE, validation: null };
  assert.equal(sessionSpec(NEW_YORK, range('2024-03-09T22:00', '2024-03-10T21:00'), '1d', nothing).warmup_bars, 0);
  const input = { template: { ...spec.template }, time_range: range('2024-03-09T22:00', '2024-03-10T20:59') };
  assert.deepEqual(
    errorOf(input, defaultsWith(NEW_YORK)).problems.map(({ code }) => code),
    ['no_bar_in_range'],
  );
});

test('the parts of a validation have the days of the market', () => {
  const candles = weekdayCandles(3, '2024-02-25T00:00Z', 28);
  const validation = { mode: 'holdout', fraction: 0.5 };
  const spec = sessionSpec(NEW_YORK, range('2024-03-03T00:00', '2024-03-24T00:00'), '1h', {
    warmup_bars: 3,
    validation,
  });
  const whole = prepare(candles, spec, HOUR_MS);
  for (const part of [inSample(whole, 0), heldOut(whole)]) {
    const { target, context } = targetOf(part);
    const lasts = Array.from(daysOf(target, context).lastBars, (bar) => barEnd(target.time[bar], context));
    // Every day but the one that is cut ends at 17:00 of New York, or at the end of the week an hour before.
    const ends = lasts.slice(0, -1).map((time) => iso(time).slice(11));
    assert.ok(ends.length >= 6 && ends.every((end) => ['20:00', '21:00', '22:00'].includes(end)), ends.join());
  }
});
