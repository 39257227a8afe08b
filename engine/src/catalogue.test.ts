// The contract every row keeps, whatever it computes, and the numbers of others where there are any.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { sliceCandles } from './candles.ts';
import type { Candles } from './candles.ts';
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
} from './catalogue.ts';
import type { Indicator } from './catalogue.ts';
import { SpecError } from './problems.ts';
import { candlesOfCloses, randomCandles } from './testing/candles.ts';
import { goldenQuotes, goldenResults } from './testing/golden.ts';

/** Parameters to try a row with: the defaults, and the smallest values where those make sense together. */
function settings(row: Indicator): readonly (readonly number[])[] {
  const defaults = row.params.map((param) => param.default);
  const smallest = row.params.map((param) => param.min);
  return row.invalid?.(smallest) ? [defaults] : [defaults, smallest];
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

for (const row of CATALOGUE) {
  test(`${row.id}: the first valid bar is the declared one, and none is missing after it`, () => {
    for (const params of settings(row)) {
      const declared = row.firstValid(params).map((bar) => bar ?? 0);
      outputs(row, randomCandles(5, 300), params).forEach((output, index) => {
        assert.equal(
          output.findIndex((value) => !Number.isNaN(value)),
          declared[index],
          row.outputs[index],
        );
        assert.ok(output.subarray(declared[index]).every(Number.isFinite), row.outputs[index]);
      });
    }
  });

  test(`${row.id}: cutting the series changes nothing before the cut, bit for bit`, () => {
    const candles = randomCandles(6, 250);
    for (const params of settings(row)) {
      const whole = outputs(row, candles, params);
      for (let cut = 0; cut <= 250; cut += 1) {
        const part = outputs(row, sliceCandles(candles, 0, cut), params);
        part.forEach((output, index) => assert.deepEqual(output, whole[index].slice(0, cut), `cut at ${cut}`));
      }
    }
  });

  test(`${row.id}: a hole gives NaN, and values come back after it`, () => {
    const candles = randomCandles(7, 400);
    for (const params of settings(row)) {
      const whole = outputs(row, candles, params);
      const declared = row.firstValid(params).map((bar) => bar ?? 0);
      outputs(row, punched(candles, 150), params).forEach((output, index) => {
        assert.deepEqual(output.subarray(0, 150), whole[index].subarray(0, 150));
        assert.ok(Number.isNaN(output[150]), 'a value on the hole');
        // From the bar after the hole on it is a new series: as many bars later there are values again.
        const again = 151 + declared[index];
        assert.ok(output.subarray(again).every(Number.isFinite), `no value at ${again}`);
      });
    }
  });

  test(`${row.id}: a constant series gives constants or nothing`, () => {
    const flat = candlesOfCloses(Array<number>(200).fill(60_000.07));
    outputs(row, flat).forEach((output, index) => {
      const values = output.subarray(row.firstValid(settings(row)[0])[index] ?? 0);
      assert.ok(
        values.every((value) => Object.is(value, values[0])),
        row.outputs[index],
      );
    });
  });

  test(`${row.id}: one bar, no bar and fewer bars than a window give NaN and no error`, () => {
    const longest = row.params.map((param) => (param.kind === 'int' ? param.max : param.default));
    for (const bars of [0, 1, 2, 30]) {
      for (const params of [...settings(row), longest]) {
        const declared = row.firstValid(params).map((bar) => bar ?? 0);
        outputs(row, randomCandles(8, bars), params).forEach((output, index) => {
          assert.equal(output.length, bars);
          assert.ok(output.subarray(0, declared[index]).every(Number.isNaN));
        });
      }
    }
  });

  test(`${row.id}: a million bars at 60,000 end where a fresh start ends`, () => {
    const candles = randomCandles(9, 1_000_000, { price: 60_000 });
    const whole = outputs(row, candles);
    for (const end of [500_000, 765_432, 1_000_000]) {
      const fresh = outputs(row, sliceCandles(candles, end - 5000, end));
      whole.forEach((output, index) => {
        const tail = output.subarray(end - 100, end);
        const scale = Math.max(...tail.map(Math.abs));
        tail.forEach((value, bar) => {
          assert.ok(Math.abs(value - fresh[index][4900 + bar]) <= 1e-9 * scale, `${row.outputs[index]} at ${end}`);
        });
      });
    }
  });

  test(`${row.id}: prices times 2 give the same or twice the values`, () => {
    const candles = randomCandles(10, 300);
    const once = outputs(row, candles);
    const twice = outputs(row, scaled(candles, 2));
    once.forEach((output, index) => {
      const factors = [1, 2].filter((factor) =>
        output.every((value, bar) => Object.is(value * factor, twice[index][bar])),
      );
      assert.equal(factors.length, 1, row.outputs[index]);
    });
  });

  test(`${row.id}: each parameter changes what it is said to change`, () => {
    const candles = randomCandles(12, 300);
    const [defaults] = settings(row);
    const before = outputs(row, candles);
    for (const [position, param] of row.params.entries()) {
      const changed = defaults.with(position, param.default + 1);
      const after = outputs(row, candles, changed);
      for (const rule of row.rules) {
        const differs = rule.outputs.some((name) => {
          const index = row.outputs.indexOf(name);
          return before[index].some((value, bar) => !Object.is(value, after[index][bar]));
        });
        assert.equal(differs, paramHasEffect(row, rule.name, param.name), `${param.name} under ${rule.name}`);
      }
      assert.ok(
        row.rules.some((rule) => paramHasEffect(row, rule.name, param.name)),
        `${param.name} does nothing`,
      );
    }
  });

  test(`${row.id}: the row is well formed`, () => {
    assert.equal(indicatorById(row.id), row);
    for (const alias of row.aliases) assert.equal(indicatorById(alias), row);
    assert.equal(row.short, row.id.split('.')[1]);
    const defaults = row.params.map((param) => param.default);
    assert.equal(row.invalid?.(defaults) ?? null, null);
    assert.equal(row.firstValid(defaults).length, row.outputs.length);
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
      const actual = outputs(row, goldenQuotes(), published.params);
      golden.outputs.forEach((name, index) => {
        if (name === null) return;
        assert.equal(published.outputs[name].length, actual[index].length);
        published.outputs[name].forEach((expected, bar) => {
          const value = actual[index][bar];
          const where = `${name}, bar ${bar}: ${value}, published ${expected}`;
          if (expected === null) assert.ok(Number.isNaN(value), where);
          else assert.ok(Math.abs(value - expected) <= 1e-9 * Math.abs(expected), where);
        });
      });
    });
  }
}

test('ids, aliases and short names belong to one row each', () => {
  for (const names of [CATALOGUE.flatMap((row) => [row.id, ...row.aliases]), CATALOGUE.map((row) => row.short)]) {
    assert.equal(new Set(names).size, names.length);
  }
  assert.equal(indicatorById('ma.nothing'), undefined);
  assert.equal(indicatorById('sma'), undefined);
});

test('every golden file of the catalogue stands under the notice', () => {
  const notice = readFileSync(new URL('../golden/NOTICE', import.meta.url), 'utf8');
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

test('computeIndicator leaves the candles alone', () => {
  const candles = randomCandles(14, 100);
  const before = structuredClone(candles);
  for (const { id } of CATALOGUE) computeIndicator(candles, id);
  assert.deepEqual(candles, before);
});

test('everything wrong with a call is reported at once', () => {
  const candles = randomCandles(15, 10);
  const problems = (id: string, params: Record<string, number | string>): string[] => {
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
