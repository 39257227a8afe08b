// Variants with windows of unequal length, on prices that rise all the time: with history enough each is long throughout.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSpec } from '../gate/parse-spec.ts';
import { prepare } from '../prepare.ts';
import { fastScorer } from '../scoring/fast-scorer.ts';
import { referenceScorer } from '../scoring/score.ts';
import { search, type SearchResult } from '../search.ts';
import { DAY_MS, type Spec } from '../spec.ts';
import { candlesOfCloses } from '../testing/candles.ts';

const BARS = 700;
const START = Date.UTC(2021, 0, 1);
const CANDLES = candlesOfCloses(
  Array.from({ length: BARS }, (_, bar) => 50 * 1.002 ** bar),
  START,
  DAY_MS,
);

/** A spec of the last 200 bars. */
function specOf(changes: object, rule: string, params: object): Spec {
  const day = (bar: number): string => new Date(START + bar * DAY_MS).toISOString();
  return parseSpec({
    time_range: { start: day(BARS - 200), end: day(BARS) },
    luck: 0,
    template: {
      instrument_id: { market_id: 1, symbol: 'TEST' },
      timeframe: '1d',
      rules: { long: rule },
      params,
      direction_mode: 'long-only',
      execution: { fee_pct: 0, slippage_pct: 0 },
    },
    ...changes,
  });
}

async function resultOf(changes: object, rule: string, params: object, skipped = 0): Promise<SearchResult> {
  const spec = specOf(changes, rule, params);
  const { time, open, high, low, close, volume } = CANDLES;
  const [a, b, c, d, e, f] = [time, open, high, low, close, volume].map((column) => column.slice(skipped));
  const candles = { time: a, open: b, high: c, low: d, close: e, volume: f };
  for await (const { result } of search(candles, spec)) if (result !== null) return result;
  return assert.fail('no result');
}

const values = (...list: number[]) => ({ mode: 'explicit', values: list });

const RULES: readonly (readonly [string, object, string, number])[] = [
  ['close > sma(close, n)', { n: values(20, 350) }, 'sma(close, 350)', 349],
  ['close > sma(close, 20)[n]', { n: values(3, 301) }, 'sma(close, 20)[301]', 320],
  ['cross_above(close, close) or close > highest(close, n)[1]', { n: values(3, 300) }, 'highest(close, 300)[1]', 300],
  ['close > zlema(sma(close, n), 20)[2]', { n: values(2, 300) }, 'zlema(sma(close, 300), 20)[2]', 299 + 28 + 2],
];

for (const [rule, params, indicator, needed_bars] of RULES) {
  const returns = (found: SearchResult) => found.rows.map(({ metrics }) => metrics.total_return_pct);

  test(`${rule}: an automatic warm-up lets all variants trade on equal bars`, async () => {
    const found = await resultOf({}, rule, params);
    assert.equal(found.rows.length, 2);
    assert.equal(new Set(returns(found)).size, 1);
    assert.equal(found.verdict.flags.short_history?.raised, false);
    const walk = await resultOf({ validation: { mode: 'walk_forward', folds: 3, train_fraction: 0.6 } }, rule, params);
    assert.equal(new Set(returns(walk)).size, 1);
    for (const { best } of walk.validation?.folds ?? []) assert.equal(best?.out_of_sample.num_trades, 1);
  });

  test(`${rule}: too few bars, asked for or found, are a flag that names the indicator`, async () => {
    const asked = await resultOf({ warmup_bars: 250 }, rule, params);
    assert.ok(new Set(returns(asked)).size > 1);
    const expected = { raised: true, indicator, needed_bars, target_bars: 200, warmup_bars: 250 };
    const missing_bars = needed_bars - 250;
    assert.deepEqual(asked.verdict.flags.short_history, { ...expected, asked_bars: 250, missing_bars });
    assert.ok(asked.verdict.sentence.includes(`${indicator} has no value on the first ${missing_bars} of 200 bars`));
    const found = await resultOf({}, rule, params, 250);
    const asked_bars = found.verdict.flags.short_history?.asked_bars ?? 0;
    assert.ok(asked_bars >= needed_bars);
    assert.deepEqual(found.verdict.flags.short_history, { ...expected, asked_bars, missing_bars });
    assert.equal(found.ledger.base_missing, 0);
  });
}

const RISING = 'close > sma(close, n)';

test('a variant without a value on more than half of the target is not ranked, counted and told', async () => {
  // 249, 250, 251 and 300 bars before their first value, of which 150 are there: 99, 100, 101 and 150 of 200 are missing.
  const params = { n: values(20, 250, 251, 252, 301) };
  const { rows, counts, verdict } = await resultOf({ warmup_bars: 150 }, RISING, params);
  const windows = rows.map(({ payload, metrics }) => [payload.params?.['n'], metrics.short_history_bars]);
  assert.deepEqual(
    windows.sort((a, b) => Number(a[0]) - Number(b[0])),
    [
      [20, undefined],
      [250, 99],
      [251, 100],
    ],
  );
  assert.deepEqual([counts.stage_a.scored, counts.stage_a.short_history, counts.stage_a.zero_trades], [5, 2, 0]);
  assert.equal(verdict.flags.short_history?.not_ranked, 2);
  const lack = 'sma(close, 301) has no value on the first 150 of 200 bars';
  assert.ok(
    verdict.sentence.includes(`${lack}, and 2 base variants without a value on more than half of them not ranked`),
  );
  // A variant that cannot be chosen is none of those that the best is compared with.
  assert.deepEqual(verdict.compared, { drawn: 3, with_best: true });
});

test('a tenth of the target without a value is a flag of the variant, less is none', async () => {
  const { rows, verdict } = await resultOf({ warmup_bars: 150 }, RISING, { n: values(170, 171) });
  assert.deepEqual(
    rows.map(({ metrics }) => metrics.short_history_bars ?? 0).sort((a, b) => a - b),
    [0, 20],
  );
  assert.equal(verdict.flags.short_history?.raised, true);
  const less = await resultOf({ warmup_bars: 150 }, RISING, { n: values(169, 170) });
  assert.deepEqual(
    [less.verdict.flags.short_history?.raised, less.verdict.flags.short_history?.missing_bars],
    [false, 19],
  );
});

test('where no variant has values on half of the target, the verdict says so', async () => {
  const { rows, counts, verdict } = await resultOf({ warmup_bars: 0 }, RISING, { n: values(150, 190, 350) });
  assert.deepEqual([rows.length, counts.stage_a.short_history], [0, 3]);
  assert.equal(
    verdict.sentence,
    'No variant was ranked, so there is nothing to believe or to doubt: sma(close, 350) has no value on the first 200 of 200 ' +
      'bars, and 3 base variants without a value on more than half of them not ranked; give warmup_bars of at least 349, or leave it out.',
  );
});

test('each fold leaves out what has no value on most of its own bars', async () => {
  const validation = { mode: 'walk_forward', folds: 2, train_fraction: 0.5 };
  const { validation: walked } = await resultOf({ warmup_bars: 150, validation }, RISING, { n: values(20, 230) }, 480);
  // Of 20 candles before them and 67 bars of the first fold; the second has the candles of the first before it.
  assert.deepEqual(
    walked?.folds.map(({ counts }) => counts.stage_a.short_history),
    [1, 1],
  );
  const whole = await resultOf({ warmup_bars: 229, validation }, RISING, { n: values(20, 230) }, 260);
  assert.deepEqual(
    whole.validation?.folds.map(({ counts }) => counts.stage_a.short_history),
    [0, 0],
  );
});

test('the fast scorer and the reference leave the same variants out, the surface too', () => {
  for (const primary_metric of ['sharpe', 'total_return_pct'] as const) {
    const ranking = { primary_metric, secondary_metric: 'calmar' };
    const params = { n: values(20, 250, 251, 252, 301), m: values(2, 290, 90) };
    const spec = specOf({ warmup_bars: 150, ranking }, 'close > sma(close, n) and close > ema(close, m)[1]', params);
    const prepared = prepare(CANDLES, spec);
    const task = { stage: 'stage_a', from: 0, to: 15, bases: null } as const;
    const [fast, reference] = [fastScorer(prepared)(task), referenceScorer(prepared)(task)];
    assert.deepEqual(fast, reference);
    assert.equal(fast.counts.short_history, 2 * 3 + 3); // two windows of n, and one of m with the others
    assert.equal(fast.surface?.filter(Number.isNaN).length, 9);
  }
});
