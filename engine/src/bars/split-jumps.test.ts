// Jumps that look like splits, planted in markets of several kinds, and those that markets make themselves.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSpec } from '../gate/parse-spec.ts';
import { random } from '../grid/random.ts';
import { search } from '../search.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../spec.ts';
import { specInput } from '../testing/specs.ts';
import { COLUMNS, sliceCandles, type Candles } from './candles.ts';
import { joinSplitJumps, splitJumps, splitJumpsText } from './split-jumps.ts';

const START = Date.UTC(2020, 0, 1);

interface Market {
  readonly bars: number;
  readonly stepMs: number;
  /** Usual size of a move within a bar and between bars. */
  readonly move: number;
  /** Factor of all prices from a bar on. */
  readonly factors?: Readonly<Record<number, number>>;
  /** True: each bar opens at the close before it. */
  readonly joined?: boolean;
}

/** A market that wanders, with its prices multiplied from some bars on. */
function market(seed: number, { bars, stepMs, move, factors = {}, joined = false }: Market): Candles {
  const next = random(seed);
  const step = (): number => 1 + move * (2 * next() - 1);
  const candles = Object.fromEntries(COLUMNS.map((name) => [name, new Float64Array(bars)])) as unknown as Candles;
  let [price, factor] = [100, 1];
  for (let bar = 0; bar < bars; bar += 1) {
    const last = bar === 0 ? price : candles.close[bar - 1];
    factor *= factors[bar] ?? 1;
    const open = joined ? last : price * step() * factor;
    price *= step();
    const close = price * factor;
    candles.time[bar] = START + bar * stepMs;
    candles.open[bar] = open;
    candles.close[bar] = close;
    candles.high[bar] = Math.max(open, close) * (1 + (move / 2) * next());
    candles.low[bar] = Math.min(open, close) / (1 + (move / 2) * next());
    candles.volume[bar] = 1;
  }
  return candles;
}

const MINUTES = { bars: 3000, stepMs: MINUTE_MS, move: 0.002 };
const DAYS = { bars: 1000, stepMs: DAY_MS, move: 0.02 };

test('a split in days, hours and minutes is found with its bar, its prices and its ratio', () => {
  const splits = {
    0.5: '2:1',
    0.25: '4:1',
    2: '1:2',
    3: '1:3',
    10: '1:10',
    0.05: '20:1',
    [1 / 7]: '7:1',
    [2 / 3]: '3:2',
  };
  for (const kind of [MINUTES, DAYS, { ...MINUTES, stepMs: HOUR_MS, move: 0.01 }]) {
    for (const [seed, [factor, split]] of Object.entries(splits).entries()) {
      const candles = market(seed, { ...kind, factors: { 700: Number(factor) } });
      const { count, first } = splitJumps(candles);
      assert.equal(count, 1, `${split} in bars of ${kind.stepMs}`);
      assert.deepEqual(first[0], {
        time: new Date(candles.time[700]).toISOString(),
        before: candles.close[699],
        after: candles.open[700],
        ratio: candles.open[700] / candles.close[699],
        split,
      });
    }
  }
});

test('where bars open at the close before them the split is within a bar', () => {
  const candles = market(5, { ...DAYS, joined: true, factors: { 300: 0.25 } });
  const { count, first } = splitJumps(candles);
  assert.deepEqual([count, first[0]?.split, first[0]?.after], [1, '4:1', candles.close[300]]);
});

test('ordinary markets have none, however long', () => {
  for (let seed = 0; seed < 20; seed += 1) {
    assert.equal(splitJumps(market(seed, { ...DAYS, move: 0.06 })).count, 0);
    assert.equal(splitJumps(market(seed, { ...MINUTES, joined: true })).count, 0);
  }
});

test('a market that falls by half itself is none: the bars around move too, or the price moves within its bar', () => {
  const crash = market(1, { ...MINUTES, factors: { 600: 0.9, 601: 0.8, 602: 0.5, 603: 0.85 } });
  assert.equal(splitJumps(crash).count, 0);
  const within = market(2, { ...MINUTES, factors: { 600: 0.5 } });
  within.open[600] *= 2; // it opens where it was and falls in a minute
  assert.equal(splitJumps(within).count, 0);
  const spike = market(3, { ...MINUTES, factors: { 600: 10, 602: 0.1 } });
  assert.equal(splitJumps(spike).count, 0, 'a wrong tick that comes back');
  assert.equal(splitJumps(market(4, { ...DAYS, factors: { 600: 0.8 } })).count, 0, '-20 % is news');
});

test('a jump over a long time without candles is none, one over a weekend is', () => {
  const pause = (days: number): number => {
    const candles = market(6, { ...DAYS, factors: { 500: 0.5 } });
    return splitJumps({ ...candles, time: candles.time.map((time, bar) => time + (bar >= 500 ? days * DAY_MS : 0)) })
      .count;
  };
  assert.deepEqual([pause(3), pause(60)], [1, 0]);
});

test('many are counted and the first ten named; parts of a series joined give the whole', () => {
  const factors = Object.fromEntries(Array.from({ length: 25 }, (_, at) => [100 + 100 * at, at % 2 === 0 ? 0.5 : 2]));
  const candles = market(7, { ...MINUTES, factors });
  const whole = splitJumps(candles);
  assert.deepEqual([whole.count, whole.first.length], [25, 10]);
  const middle = candles.time[1000];
  const parts = [
    splitJumps(sliceCandles(candles, 0, 1020), -Infinity, middle),
    splitJumps(sliceCandles(candles, 980, 3000), middle),
  ];
  assert.deepEqual(joinSplitJumps(parts[0], parts[1]), whole);
});

test('a handful of bars says nothing', () => {
  assert.equal(splitJumps(market(8, { ...DAYS, bars: 4, factors: { 2: 0.5 } })).count, 0);
  assert.equal(splitJumps(market(8, { ...DAYS, bars: 0 })).count, 0);
});

test('what was found in words: when, how much, what it looks like, what to do', () => {
  const jump = { time: '2020-08-31T13:30:00.000Z', before: 499.23, after: 127.58, ratio: 0.2555, split: '4:1' };
  assert.equal(
    splitJumpsText({ count: 1, first: [jump] }),
    'the price falls to 1/4 between two bars at 2020-08-31T13:30Z, which looks like a 4:1 split that the candles are not ' +
      'adjusted for; import adjusted prices, or choose a time range without the jump',
  );
  const { count, first } = { count: 3, first: [{ ...jump, split: '1:10' }] };
  assert.match(splitJumpsText({ count, first }), /rises to 10 times as much .*, and 2 more jumps look like one;/);
});

test('ledger and verdict of a search have the jump, in the warm-up too; those of a sound series say nothing', async () => {
  const resultOf = async (candles: Candles) => {
    const time_range = {
      start: new Date(START + 100 * DAY_MS).toISOString(),
      end: new Date(START + 300 * DAY_MS).toISOString(),
    };
    const spec = parseSpec(specInput({ time_range, warmup_bars: 30 }, { timeframe: '1d' }));
    for await (const { result } of search(candles, spec)) if (result !== null) return result;
    return assert.fail('no result');
  };
  const days = { ...DAYS, bars: 300 };
  for (const bar of [90, 250]) {
    const candles = market(9, { ...days, factors: { [bar]: 0.5 } });
    const { ledger, verdict } = await resultOf(candles);
    assert.deepEqual([ledger.split_jumps?.count, ledger.split_jumps?.first[0]?.split], [1, '2:1']);
    assert.deepEqual(verdict.flags.split_jumps, { raised: true, ...splitJumps(candles) });
    assert.match(verdict.sentence, /Beware: .*the price falls to 1\/2 between two bars .* a 2:1 split/);
  }
  const { ledger, verdict } = await resultOf(market(9, days));
  assert.ok(!('split_jumps' in ledger) && !('split_jumps' in verdict.flags));
});
