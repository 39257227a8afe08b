// The contract every row keeps, whatever it computes, and the numbers of others where there are any.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { sliceCandles, sourceSeries, type Candles } from '../bars/candles.ts';
import { random } from '../grid/random.ts';
import { SpecError } from '../problems.ts';
import { candlesOfCloses, randomCandles } from '../testing/candles.ts';
import { goldenQuotes, goldenResults } from '../testing/golden.ts';
import {
  CATALOGUE,
  computeIndicator,
  INDICATOR_NAMES,
  indicatorById,
  indicatorByShortName,
  outputsOf,
  paramHasEffect,
  paramProblem,
  ruleOf,
  signalParams,
  type Indicator,
  type Param,
} from './catalogue.ts';

/** A rule of the contract that a row keeps in another way, and why. The tests below read these tables and nothing else. */
interface Exception {
  readonly why: string;
}

/** A hole shows on its own bar, unless an output does not read its own bar. */
const HOLE_SHOWS_LATER: Readonly<Record<string, Exception & { readonly outputs: readonly string[] }>> = {
  'trend.donchian': { outputs: ['mid', 'upper', 'lower'], why: 'looks at the bars before the current one' },
  'trend.ichimoku': { outputs: ['span_a', 'span_b'], why: 'spans are shown `displacement` bars after their last bar' },
};

/** After a hole a row computes what it would on the bars after it, unless what came before the hole is still to be shown. */
const HOLE_IS_PASSED_ON: Readonly<Record<string, Exception & { readonly outputs: readonly string[] }>> = {
  'trend.ichimoku': { outputs: ['span_a', 'span_b'], why: 'spans of before the hole are shown after it' },
};

/** A fresh start ends where a long run ends, unless the level is a sum since the first bar. Then its moves are compared. */
const LEVEL_SINCE_THE_FIRST_BAR: Readonly<Record<string, Exception>> = {
  'volume.ad_line': { why: 'a running total: where it stands depends on where it began' },
  'volume.obv': { why: 'a running total: where it stands depends on where it began' },
};

/** Twice the price gives the same value or twice the value, unless the unit is another power of the price. */
const SCALES_OTHERWISE: Readonly<Record<string, Exception & { readonly factor: number }>> = {
  'volatility.variance': { factor: 4, why: 'in squares of the price' },
};

/** Files whose `params` are not in the order of the row: theirs, by our names. */
const FILE_PARAMS: Readonly<Record<string, readonly string[]>> = {
  'stoch-rsi.json': ['rsi_window', 'k_window', 'd_window', 'smoothing'],
  'psar.json': ['accel_step', 'accel_max'],
};

const MILLION = randomCandles(9, 1_000_000, { price: 60_000 });

/** Parameters to try a row with: the defaults, others, and the smallest values; as far as they make sense together. */
function settings(row: Indicator): readonly (readonly number[])[] {
  const defaults = row.params.map((param) => param.default);
  if (defaults.length === 0) return [defaults];
  const others = [row.params.map(anotherValue), row.params.map((param) => param.min)];
  return [defaults, ...others.filter((params) => (row.invalid?.(params) ?? null) === null)];
}

function anotherValue({ min, max, default: usual }: Param): number {
  return usual + 1 <= max ? usual + 1 : (usual + min) / 2;
}

function outputs(row: Indicator, candles: Candles, params = settings(row)[0]): readonly Float64Array[] {
  return outputsOf(row, candles, null, params);
}

function scaled(candles: Candles, factor: number): Candles {
  const times = (column: Float64Array): Float64Array => column.map((value) => value * factor);
  const { open, high, low, close } = candles;
  return { ...candles, open: times(open), high: times(high), low: times(low), close: times(close) };
}

/** Every column but the time is NaN on the bar. */
function punched(candles: Candles, bar: number): Candles {
  const copy = structuredClone(candles);
  for (const column of [copy.open, copy.high, copy.low, copy.close, copy.volume]) column[bar] = NaN;
  return copy;
}

/** Prices of 1, 2 and 3, so full of ties and bars without range, and every third volume 0 in the mean. */
function coarseCandles(seed: number, bars: number): Candles {
  const next = random(seed);
  const coarse = (): Float64Array => new Float64Array(bars).map(() => 1 + Math.floor(3 * next()));
  const [open, close, one, other] = [coarse(), coarse(), coarse(), coarse()];
  const { time } = randomCandles(seed, bars);
  return {
    time,
    open,
    close,
    high: one.map((value, bar) => Math.max(value, open[bar], close[bar])),
    low: other.map((value, bar) => Math.min(value, open[bar], close[bar])),
    volume: coarse().map((value) => value - 1),
  };
}

/** The same values up to 1e-9 of the largest of them, and NaN on the same bars. */
function assertSame(actual: Float64Array, expected: Float64Array, what: string): void {
  assert.equal(actual.length, expected.length, what);
  let largest = 0;
  for (const value of expected) if (Math.abs(value) > largest) largest = Math.abs(value);
  expected.forEach((value, bar) => {
    if (Object.is(value, actual[bar])) return;
    assert.ok(Math.abs(actual[bar] - value) <= 1e-9 * largest, `${what}, bar ${bar}: ${actual[bar]}, not ${value}`);
  });
}

for (const row of CATALOGUE) {
  test(`${row.id}: the first valid bar is the declared one, and none is missing after it`, () => {
    for (const params of settings(row)) {
      const declared = row.firstValid(params);
      outputs(row, randomCandles(5, 300), params).forEach((output, index) => {
        const name = `${row.outputs[index]} of ${params.join(' ')}`;
        const first = output.findIndex((value) => !Number.isNaN(value));
        const bar = declared[index];
        if (bar === null) {
          assert.ok(first >= 0, `${name} has no value`);
        } else {
          assert.equal(first, bar, name);
          assert.ok(output.subarray(bar).every(Number.isFinite), name);
        }
      });
    }
  });

  test(`${row.id}: cutting the series changes nothing before the cut, bit for bit`, () => {
    const candles = randomCandles(6, 250);
    for (const params of settings(row)) {
      const whole = outputs(row, candles, params);
      for (let cut = 0; cut <= 250; cut += 1) {
        const part = outputs(row, sliceCandles(candles, 0, cut), params);
        part.forEach((output, index) => {
          const changed = output.findIndex((value, bar) => !Object.is(value, whole[index][bar]));
          assert.ok(changed < 0, `${row.outputs[index]}, cut at ${cut}, changed at ${changed}`);
        });
      }
    }
  });

  test(`${row.id}: a hole gives NaN, and after it a new series begins`, () => {
    const candles = randomCandles(7, 400);
    const later = HOLE_SHOWS_LATER[row.id]?.outputs ?? [];
    const passedOn = HOLE_IS_PASSED_ON[row.id]?.outputs ?? [];
    for (const params of settings(row)) {
      const whole = outputs(row, candles, params);
      const anew = outputs(row, sliceCandles(candles, 151, 400), params);
      const declared = row.firstValid(params);
      outputs(row, punched(candles, 150), params).forEach((output, index) => {
        const name = row.outputs[index];
        assert.deepEqual(output.subarray(0, 150), whole[index].subarray(0, 150), name);
        if (!later.includes(name)) assert.ok(Number.isNaN(output[150]), `${name}: a value on the hole`);
        // What is passed on over the hole ends where the new series begins.
        const from = passedOn.includes(name) ? Number(declared[index]) : 0;
        assertSame(
          output.subarray(151 + from),
          anew[index].subarray(from),
          `${name} of ${params.join(' ')} after the hole`,
        );
      });
    }
  });

  test(`${row.id}: a constant series gives constants or nothing`, () => {
    const flat = candlesOfCloses(Array<number>(200).fill(60_000.07));
    outputs(row, flat).forEach((output, index) => {
      const values = output
        .subarray(row.firstValid(settings(row)[0])[index] ?? 0)
        .filter((value) => !Number.isNaN(value));
      assert.ok(
        values.every((value) => Object.is(value, values[0])),
        row.outputs[index],
      );
      assert.ok(output.every((value) => Math.abs(value) !== Infinity));
    });
  });

  test(`${row.id}: one bar, no bar and fewer bars than a window give NaN and no error`, () => {
    const longest = row.params.map((param) => (param.kind === 'int' ? param.max : param.default));
    for (const bars of [0, 1, 2, 30]) {
      for (const params of [...settings(row), longest]) {
        const declared = row.firstValid(params);
        outputs(row, randomCandles(8, bars), params).forEach((output, index) => {
          assert.equal(output.length, bars);
          assert.ok(output.subarray(0, declared[index] ?? 0).every(Number.isNaN));
        });
      }
    }
  });

  test(`${row.id}: every element is written, whatever the outputs held`, () => {
    const candles = randomCandles(11, 90);
    const inputs = (row.source ? [candles.close] : []).concat(row.reads.map((name) => sourceSeries(candles, name)));
    for (const params of settings(row)) {
      const used = row.outputs.map((_, index) =>
        new Float64Array(90).map((__, bar) => (bar % 7 === 3 ? NaN : index - bar)),
      );
      row.kernel(inputs, params, used);
      assert.deepEqual(used, outputs(row, candles, params));
    }
  });

  test(`${row.id}: ties, bars without range and bars without volume give no infinite value`, () => {
    for (const params of settings(row)) {
      for (const output of outputs(row, coarseCandles(16, 500), params)) {
        assert.ok(output.every((value) => Math.abs(value) !== Infinity));
      }
    }
  });

  if (row.source) {
    test(`${row.id}: any series will do: one that begins late, and one that crosses zero`, () => {
      const candles = randomCandles(17, 300);
      const late = { ...candles, volume: candles.volume.map((value, bar) => (bar < 37 ? NaN : value)) };
      const coarse = coarseCandles(18, 300);
      const crossing = { ...coarse, volume: coarse.volume.map((value) => value - 1) };
      for (const params of settings(row)) {
        const anew = outputsOf(row, sliceCandles(candles, 37, 300), 'volume', params);
        const declared = row.firstValid(params);
        outputsOf(row, late, 'volume', params).forEach((output, index) => {
          const name = `${row.outputs[index]} of ${params.join(' ')}`;
          if (row.reads.length === 0) assertSame(output.subarray(37), anew[index], name);
          const from = 37 + (declared[index] ?? 0);
          assert.ok(output.subarray(0, 37).every(Number.isNaN), name);
          if (declared[index] !== null) assert.ok(output.subarray(from).every(Number.isFinite), name);
        });
        for (const output of outputsOf(row, crossing, 'volume', params)) {
          assert.ok(output.every((value) => Math.abs(value) !== Infinity));
        }
      }
    });
  }

  test(`${row.id}: a million bars at 60,000 end where a fresh start ends`, () => {
    const whole = outputs(row, MILLION);
    const rises = row.id in LEVEL_SINCE_THE_FIRST_BAR;
    for (const end of [500_000, 765_432, 1_000_000]) {
      const fresh = outputs(row, sliceCandles(MILLION, end - 5000, end));
      whole.forEach((output, index) => {
        const tail = output.subarray(end - 100, end);
        const anew = fresh[index].subarray(4900);
        const [actual, expected] = rises ? [tail, anew].map((x) => x.map((value) => value - x[0])) : [tail, anew];
        assertSame(actual, expected, `${row.outputs[index]} before ${end}`);
      });
    }
  });

  test(`${row.id}: prices times 2 give the same or twice the values`, () => {
    const candles = randomCandles(10, 300);
    const once = outputs(row, candles);
    const twice = outputs(row, scaled(candles, 2));
    const expected = row.id in SCALES_OTHERWISE ? [SCALES_OTHERWISE[row.id].factor] : [1, 2];
    once.forEach((output, index) => {
      const factors = expected.filter((factor) =>
        output.every((value, bar) => Object.is(value * factor, twice[index][bar])),
      );
      assert.equal(factors.length, 1, row.outputs[index]);
    });
  });

  test(`${row.id}: each parameter changes the outputs it is said to change, and no other`, () => {
    const candles = randomCandles(12, 1000);
    const [defaults] = settings(row);
    const before = outputs(row, candles);
    for (const [position, param] of row.params.entries()) {
      const after = outputs(row, candles, defaults.with(position, anotherValue(param)));
      const changed = row.outputs.filter((_, index) =>
        before[index].some((value, bar) => !Object.is(value, after[index][bar])),
      );
      const said = row.outputs.filter((name) => !(row.unaffected[name] ?? []).includes(param.name));
      assert.deepEqual(changed, said, param.name);
      assert.ok(said.length > 0, `${param.name} does nothing`);
    }
  });

  test(`${row.id}: the row is well formed`, () => {
    assert.equal(indicatorById(row.id), row);
    for (const alias of row.aliases) assert.equal(indicatorById(alias), row);
    assert.equal(row.short, row.id.split('.')[1]);
    const defaults = row.params.map((param) => param.default);
    assert.equal(row.invalid?.(defaults) ?? null, null);
    assert.equal(row.firstValid(defaults).length, row.outputs.length);
    assert.equal(new Set(row.outputs).size, row.outputs.length);
    for (const param of row.params) assert.equal(paramProblem(param, anotherValue(param)), null, param.name);
    assert.ok(row.source || row.reads.length > 0);
    const rules = row.rules.flatMap((rule) => rule.params);
    for (const param of [...row.params, ...rules]) assert.equal(paramProblem(param, param.default), null, param.name);
    for (const param of rules) {
      const namesakes = rules.filter((other) => other.name === param.name);
      for (const other of namesakes) assert.deepEqual(other, param, 'one signal parameter, two meanings');
    }
    const all = [...row.params, ...signalParams(row)];
    assert.equal(
      new Set(all.map(({ name }) => name)).size,
      all.length,
      'a parameter and a signal parameter share a name',
    );
    for (const rule of row.rules) {
      assert.ok(
        rule.outputs.every((name) => row.outputs.includes(name)),
        rule.name,
      );
    }
    for (const [output, names] of Object.entries(row.unaffected)) {
      assert.ok(row.outputs.includes(output), output);
      for (const name of names)
        assert.ok(
          row.params.some((param) => param.name === name),
          name,
        );
    }
  });

  const { golden } = row;
  if (golden !== null) {
    test(`${row.id}: the published numbers of ${golden.file}`, () => {
      const published = goldenResults(golden.file);
      assert.equal(golden.outputs.length, row.outputs.length);
      const actual = outputs(row, goldenQuotes(), publishedParams(row, golden.file, published.params));
      golden.outputs.forEach((name, index) => {
        if (name === null) return;
        assert.equal(published.outputs[name].length, actual[index].length);
        // What is 0 may have been published as the rounding of larger numbers.
        const rounding =
          10 * Number.EPSILON * Math.max(...published.outputs[name].map((value) => Math.abs(value ?? 0)));
        published.outputs[name].forEach((expected, bar) => {
          const value = actual[index][bar];
          const where = `${name}, bar ${bar}: ${value}, published ${expected}`;
          if (expected === null) assert.ok(Number.isNaN(value), where);
          else assert.ok(Math.abs(value - expected) <= 1e-9 * Math.abs(expected) + rounding, where);
        });
      });
    });
  }
}

/** Outputs between fixed limits that have a value although nothing moves. */
const VALUE_IN_A_STILL_MARKET: Readonly<Record<string, Exception>> = {
  'volume.cmf': { why: 'volume that moved nothing is 0 of the volume, by definition' },
};

test('what is computed from volume has no value without any, and nothing else depends on it', () => {
  const candles = randomCandles(21, 400);
  const without = { ...candles, volume: new Float64Array(400) };
  for (const row of CATALOGUE) {
    assert.equal(row.reads.includes('volume'), row.needs.includes('volume'), row.id);
    for (const params of settings(row)) {
      const found = outputs(row, without, params);
      if (!row.needs.includes('volume')) assert.deepEqual(found, outputs(row, candles, params), row.id);
      else for (const output of found) assert.ok(output.every(Number.isNaN), `${row.id} of ${params.join(' ')}`);
    }
  }
});

test('volume counts from the first bar on that has some, and a window without any has no value', () => {
  const candles = randomCandles(22, 600);
  candles.volume.fill(0, 0, 150);
  candles.volume.fill(0, 300, 450);
  for (const row of CATALOGUE.filter(({ needs }) => needs.includes('volume'))) {
    const total = row.id in LEVEL_SINCE_THE_FIRST_BAR;
    const declared = row.firstValid(settings(row)[0]);
    outputs(row, candles).forEach((output, index) => {
      const reach = (declared[index] ?? 0) + 1;
      assert.ok(output.subarray(0, 150).every(Number.isNaN), row.id);
      assert.ok(output.subarray(150 + reach, 300).every(Number.isFinite), row.id);
      const still = output.subarray(300 + reach, 450);
      // Totals stay where they are while nothing is traded.
      assert.ok(
        still.every((value) => (total ? value === output[299] : Number.isNaN(value))),
        row.id,
      );
      assert.ok(output.subarray(450 + reach).every(Number.isFinite), row.id);
    });
  }
});

test('what lies between fixed limits has no value in a market that stands still', () => {
  const flat = candlesOfCloses(Array<number>(300).fill(0.1 + 0.2));
  for (const row of CATALOGUE) {
    const limited = row.rules.some(({ family }) => ['threshold_band', 'centered', 'candle_body'].includes(family));
    const expected = row.needs.includes('movement') || row.id in VALUE_IN_A_STILL_MARKET;
    if (limited) assert.ok(expected, `${row.id} does not say what it does in a still market`);
    if (!row.needs.includes('movement')) continue;
    for (const params of settings(row)) {
      for (const output of outputs(row, flat, params))
        assert.ok(output.every(Number.isNaN), `${row.id} ${params.join(' ')}`);
    }
  }
});

test('a window that stands still between two that move has no value', () => {
  const candles = randomCandles(23, 600);
  for (const column of [candles.open, candles.high, candles.low, candles.close]) column.fill(column[199], 200, 400);
  for (const column of [candles.open, candles.high, candles.low]) column.fill(candles.close[199], 200, 400);
  for (const row of CATALOGUE.filter(({ needs }) => needs.includes('movement'))) {
    const recursive = row.settles(settings(row)[0]).some((bars) => bars > 0) && row.id !== 'structure.pivots';
    if (recursive) continue; // a recursive average remembers what moved
    for (const output of outputs(row, candles)) {
      assert.ok(output.subarray(200 + 50, 400).every(Number.isNaN), row.id);
      assert.ok(output.subarray(400 + 50).some(Number.isFinite), row.id);
    }
  }
});

test('every value lies within the limits that a row states, and thresholds have the same bounds', () => {
  const { open, high, low, close, ...rest } = coarseCandles(31, 3000);
  const series = [randomCandles(30, 3000, { volatility: 0.2 }), { open, high, low, close, ...rest }];
  for (const row of CATALOGUE) {
    for (const [name, [min, max]] of Object.entries(row.limits)) {
      const index = row.outputs.indexOf(name);
      assert.ok(index >= 0, `${row.id} has no ${name}`);
      for (const candles of series) {
        for (const params of settings(row)) {
          const output = outputs(row, candles, params)[index];
          const outside = output.find((value) => value < min - 1e-9 || value > max + 1e-9);
          assert.equal(outside, undefined, `${row.id} ${name}`);
        }
      }
      const rule = row.rules.find((one) => one.outputs[0] === name && one.family === 'threshold_band');
      if (rule !== undefined) assert.deepEqual([rule.params[0].min, rule.params[0].max], [min, max], row.id);
    }
  }
});

test('ids, aliases and short names belong to one row each', () => {
  for (const names of [CATALOGUE.flatMap((row) => [row.id, ...row.aliases]), CATALOGUE.map((row) => row.short)]) {
    assert.equal(new Set(names).size, names.length);
  }
  assert.equal(indicatorById('ma.nothing'), undefined);
  assert.equal(indicatorById('sma'), undefined);
});

test('every exception from the contract is one of a row and its outputs', () => {
  const tables = [
    VALUE_IN_A_STILL_MARKET,
    HOLE_SHOWS_LATER,
    HOLE_IS_PASSED_ON,
    LEVEL_SINCE_THE_FIRST_BAR,
    SCALES_OTHERWISE,
  ];
  for (const [id, exception] of tables.flatMap((table) => Object.entries<Exception>(table))) {
    const known = rowOf(id).outputs;
    const named = 'outputs' in exception ? (exception.outputs as readonly string[]) : known;
    assert.ok(
      named.every((name) => known.includes(name)),
      id,
    );
    assert.ok(exception.why.length > 0, id);
  }
});

test('every golden file of the catalogue stands under the notice', () => {
  const notice = readFileSync(new URL('../../golden/NOTICE', import.meta.url), 'utf8');
  for (const word of ['Stock.Indicators', 'Apache License', 'd5c6660', '*.json', 'quotes.csv']) {
    assert.ok(notice.includes(word), word);
  }
});

test('signal parameters: those of all rules by name, and rule where there is a choice', () => {
  const named = (id: string): string[] => signalParams(rowOf(id)).map((param) => `${param.name} ${param.default}`);
  assert.deepEqual(named('ma.sma'), ['inverted 0']);
  assert.deepEqual(named('momentum.rsi'), ['long_threshold 30', 'short_threshold 70']);
  assert.deepEqual(named('momentum.macd'), ['rule sign']);
  assert.deepEqual(named('volatility.atr'), ['long_delta_periods -1', 'short_delta_periods -1']);
  assert.deepEqual(named('volatility.bbands'), ['inverted 0', 'rule price_vs_output']);
  assert.equal(ruleOf(rowOf('momentum.macd'))?.name, 'sign');
  assert.equal(ruleOf(rowOf('momentum.macd'), 'macd_vs_signal')?.family, 'output_vs_output');
  assert.equal(ruleOf(rowOf('momentum.macd'), 'band_touch'), undefined);
});

test('a parameter has an effect when the rule in use reads what it changes', () => {
  const bbands = rowOf('volatility.bbands');
  assert.equal(paramHasEffect(bbands, 'price_vs_output', 'mult'), false);
  assert.equal(paramHasEffect(bbands, 'band_touch', 'mult'), true);
  assert.equal(paramHasEffect(bbands, 'price_vs_output', 'window'), true);
  assert.equal(paramHasEffect(bbands, 'price_vs_output', 'source'), true);
  assert.equal(paramHasEffect(bbands, 'price_vs_output', 'inverted'), true);
  assert.equal(paramHasEffect(bbands, 'band_touch', 'inverted'), false);
  assert.equal(paramHasEffect(bbands, 'band_touch', 'rule'), true);
  assert.equal(paramHasEffect(bbands, 'no such rule', 'mult'), true);
  assert.equal(paramHasEffect(rowOf('momentum.macd'), 'sign', 'signal_window'), false);
  assert.equal(paramHasEffect(rowOf('momentum.macd'), 'macd_vs_signal', 'signal_window'), true);
  assert.equal(paramHasEffect(rowOf('volatility.atr'), 'delta_sign', 'source'), false);
});

test('values of parameters: kind, bounds and zero', () => {
  const [window] = rowOf('ma.sma').params;
  assert.equal(paramProblem(window, 2), null);
  assert.equal(paramProblem(window, 2000), null);
  assert.equal(paramProblem(window, 1), 'window must be 2 to 2000, got 1');
  assert.equal(paramProblem(window, 2.5), 'window must be a whole number, got 2.5');
  for (const value of [NaN, Infinity, '20', null]) {
    assert.equal(paramProblem(window, value), 'window must be a finite number');
  }
  const [periods] = rowOf('volatility.atr').rules[0].params;
  assert.equal(paramProblem(periods, 0), 'long_delta_periods must not be 0');
});

test('missing parameters and source take their defaults', () => {
  const candles = randomCandles(13, 100);
  assert.deepEqual(
    computeIndicator(candles, 'volatility.bbands', { window: 20 }),
    computeIndicator(candles, 'volatility.bbands', { source: 'close', window: 20, mult: 2 }),
  );
  assert.deepEqual(Object.keys(computeIndicator(candles, 'volatility.bbands')), ['mid', 'upper', 'lower']);
  assert.notDeepEqual(
    computeIndicator(candles, 'ma.sma', { source: 'high' }),
    computeIndicator(candles, 'ma.sma', { source: 'low' }),
  );
});

test('every indicator can be computed with nothing but candles, each output by its name', () => {
  const candles = randomCandles(19, 100);
  for (const row of CATALOGUE) {
    for (const id of [row.id, ...row.aliases]) {
      const computed = computeIndicator(candles, id, {});
      assert.deepEqual(Object.keys(computed), row.outputs);
      assert.deepEqual(Object.values(computed), outputs(row, candles));
    }
  }
});

test('computeIndicator leaves the candles alone', () => {
  const candles = randomCandles(14, 100);
  const before = structuredClone(candles);
  for (const { id } of CATALOGUE) computeIndicator(candles, id);
  assert.deepEqual(candles, before);
});

test('everything wrong with a call is reported at once', () => {
  const whole = randomCandles(15, 10);
  const problems = (id: string, params: Record<string, number | string>, candles = whole): string[] => {
    try {
      computeIndicator(candles, id, params);
    } catch (error) {
      assert.ok(error instanceof SpecError);
      return error.problems.map(({ path, code }) => `${path} ${code}`);
    }
    return [];
  };
  assert.deepEqual(problems('ma.nothing', {}), ['indicator_id unknown_indicator']);
  assert.deepEqual(problems('ma.sma', { window: 1, source: 'mid', length: 3 }), [
    'params.length unknown_field',
    'params.source invalid_value',
    'params.window invalid_value',
  ]);
  assert.deepEqual(problems('volatility.atr', { source: 'close' }), ['params.source unknown_field']);
  assert.deepEqual(problems('momentum.macd', { fast_window: 26 }), ['params invalid_value']);
  const short = { ...whole, volume: whole.volume.subarray(1), low: whole.low.subarray(2) };
  assert.deepEqual(problems('volume.vwap', { window: 0 }, short), [
    'candles.low invalid_candles',
    'candles.volume invalid_candles',
    'params.window invalid_value',
  ]);
});

test('a parameter that is undefined takes its default', () => {
  const candles = randomCandles(15, 60);
  const given = { window: undefined, source: undefined };
  assert.deepEqual(computeIndicator(candles, 'ma.sma', given), computeIndicator(candles, 'ma.sma'));
});

function rowOf(id: string): Indicator {
  const found = indicatorById(id);
  assert.ok(found, id);
  return found;
}

test('rules call every row by the last part of its id or of an alias, and no two by the same', () => {
  const ids = CATALOGUE.flatMap((row) => [row.id, ...row.aliases].map((id) => [id, row] as const));
  for (const [id, row] of ids) assert.equal(indicatorByShortName(id.split('.')[1]), row);
  assert.deepEqual(new Set(INDICATOR_NAMES).size, ids.length);
  assert.equal(indicatorByShortName('ma.ema'), undefined);
});

/** The parameters a file was computed with; what it does not name has its default. */
function publishedParams(row: Indicator, file: string, values: readonly number[]): readonly number[] {
  const names = FILE_PARAMS[file] ?? row.params.map((param) => param.name);
  return row.params.map((param) => values[names.indexOf(param.name)] ?? param.default);
}
