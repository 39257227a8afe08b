// Judging a spec is bounded whatever it says: products come before values, values before constraints, and lists have an
// end. Each of these bodies took seconds to hours when every list was counted out first.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULTS } from '../defaults.ts';
import { buildGrid, WorkExceeded } from '../grid/grid.ts';
import { SpecError } from '../problems.ts';
import { nearest } from '../rules/nearest.ts';
import { specInput } from '../testing/specs.ts';
import { parseSpec, parseSpecWithin } from './parse-spec.ts';
import { parseStrategyWithin } from './parse-strategy.ts';

const WORK = 1_000_000;
/** Many times what is needed; what is not bounded takes a multiple of it. */
const PATIENCE_MS = 1000;

const range = (stop_incl: number, start = 1, step = 1) => ({ mode: 'range', start, stop_incl, step });
const times = <T>(n: number, make: (at: number) => T): T[] => Array.from({ length: n }, (_, at) => make(at));
const named = <T>(n: number, make: (at: number) => T): Record<string, T> =>
  Object.fromEntries(times(n, (at) => [`p${at}`, make(at)]));
const tree = (n: number, leaf: string): string => (n === 1 ? leaf : `(${tree(n / 2, leaf)} + ${tree(n / 2, leaf)})`);
const byRules = (template: object): { readonly template?: unknown } =>
  specInput({}, { indicator_grids: undefined, signal_grids: undefined, ...template });

function outcome(input: unknown): string {
  const since = performance.now();
  try {
    parseSpecWithin(WORK, input, DEFAULTS);
    return 'accepted';
  } catch (error) {
    if (error instanceof WorkExceeded) return 'work';
    assert.ok(error instanceof SpecError, String(error));
    return error.problems.map(({ path, code }) => `${path} ${code}`).join(', ');
  } finally {
    const took = performance.now() - since;
    assert.ok(took < PATIENCE_MS, `took ${took} ms`);
  }
}

const long = 'close > a + b + c';
const FAULTS: Readonly<Record<string, readonly [input: () => unknown, expected: RegExp]>> = {
  'ten constraints over 40 million combinations': [
    () =>
      byRules({
        rules: { long },
        params: { a: range(2000), b: range(200), c: range(100) },
        constraints: times(10, (at) => `a + b + c > ${at}`),
      }),
    /^work$/,
  ],
  'a computed window over as many': [
    () =>
      byRules({
        rules: { long: 'close > sma(close, 2 + a + b * c)' },
        params: { a: range(2000), b: range(200), c: range(100) },
      }),
    /^work$/,
  ],
  'a hundred ranges of a million values': [
    () => byRules({ rules: { long: `close > ${tree(64, 'p0')}` }, params: named(100, () => range(1e6)) }),
    /template\.params\.p1 no_effect/,
  ],
  'four risk axes of a million values': [
    () =>
      byRules({
        rules: { long: 'close > 1' },
        risk_grid: { tp: range(1e6), max_bars: range(1e6), sl: range(99, 0.0001, 0.0001) },
      }),
    /^template\.risk_grid too_many_variants$/,
  ],
  'a million stops for a million variants': [
    () => ({
      ...byRules({ rules: { long: 'close > a' }, params: { a: range(1e6) }, risk_grid: { tp: range(1e6) } }),
      preselect: 1,
    }),
    /^work$/,
  ],
  'two hundred indicators': [
    () => specInput({}, { indicator_grids: times(200, () => ({ indicator_id: 'momentum.macd' })) }),
    /^template\.indicator_grids too_many_items$/,
  ],
  'a million combinations of an indicator without sense': [
    () =>
      specInput(
        {},
        {
          indicator_grids: [
            { indicator_id: 'momentum.macd', params: { fast_window: range(1499, 500), slow_window: range(499, 2) } },
          ],
          signal_grids: undefined,
        },
      ),
    /^(work|template no_valid_combination)$/,
  ],
  'sixty thousand signals': [
    () => specInput({}, { signal_grids: named(60_000, () => ({})) }),
    /^template\.signal_grids too_many_items$/,
  ],
  'sixty thousand parameters': [
    () => byRules({ rules: { long }, params: named(60_000, () => 1) }),
    /^template\.params too_many_items/,
  ],
  'a thousand constraints': [
    () => byRules({ rules: { long: 'close > a' }, params: { a: 1 }, constraints: times(1000, () => 'a > 0') }),
    /^template\.constraints too_many_items$/,
  ],
  'constraints of a megabyte': [
    () =>
      byRules({
        rules: { long: 'close > a' },
        params: { a: range(1e6) },
        constraints: times(100, () => `${tree(1024, 'a')} > 1`),
      }),
    /^template\.constraints too_long$/,
  ],
  'a constraint that names a million values five hundred times': [
    () =>
      byRules({ rules: { long: 'close > a' }, params: { a: range(200_000) }, constraints: [`${tree(512, 'a')} > 1`] }),
    /^work$/,
  ],
  'sixty thousand unknown fields': [
    () => byRules({ rules: { long: 'close > 1' }, ...named(60_000, () => 1) }),
    /more_problems.*template\.p0 unknown_field/,
  ],
  'three hundred thousand values that are none': [
    () =>
      byRules({
        rules: { long: 'close > a' },
        params: { a: { mode: 'explicit', values: times(330_000, () => ({})) } },
      }),
    /more_problems.*template\.params\.a\.values\[0\] invalid_type/,
  ],
  'a thousand unknown names': [
    () => byRules({ rules: { long: `${tree(512, 'clsoe')} > 1`, short: `${tree(512, 'opne')} > 1` } }),
    /template\.rules\.long invalid_rule/,
  ],
  'a parameter of half a megabyte beside an unknown name of ten thousand letters': [
    () => byRules({ rules: { long: `${'q'.repeat(9000)} > 1` }, params: { ['x'.repeat(500_000)]: 1 } }),
    /template\.rules\.long invalid_rule/,
  ],
};

for (const [name, [input, expected]] of Object.entries(FAULTS))
  test(name, () => assert.match(outcome(input()), expected));

test('a saved strategy is judged within the same work', () => {
  const { template } = byRules({
    rules: { long },
    params: { a: range(900), b: range(200), c: range(100) },
    constraints: ['a > b + c'],
  });
  assert.throws(() => parseStrategyWithin(WORK, { name: 'x', template }, DEFAULTS), WorkExceeded);
});

test('work is no rule: without a limit, and below it, the same spec comes out', () => {
  const input = byRules({
    rules: { long: 'close > a + b' },
    params: { a: range(40), b: range(40) },
    constraints: ['a < b'],
  });
  const spec = parseSpec(input);
  assert.deepEqual(parseSpecWithin(WORK, input, DEFAULTS), spec);
  assert.equal(buildGrid(spec, WORK).baseTotal, 780);
  assert.throws(() => buildGrid(spec, 1000), WorkExceeded);
});

test('the values of a range are judged as if each had been tried', () => {
  const problem = (lag: object) => {
    try {
      return parseSpec(byRules({ rules: { long: 'close > close[a]' }, params: { a: lag } })) && null;
    } catch (error) {
      assert.ok(error instanceof SpecError);
      return error.problems.map(({ message }) => message).join();
    }
  };
  assert.equal(problem(range(5, 0)), null);
  assert.equal(problem(range(5, -1)), 'a lag: needs a whole number of bars of at least 0, got -1');
  assert.equal(problem(range(5, 0, 0.5)), 'a lag: needs a whole number of bars of at least 0, got 0.5');
  const periods = specInput(
    {},
    { indicator_grids: [{ indicator_id: 'ma.sma' }], signal_grids: { 'ma.sma': { long_delta_periods: range(5, -5) } } },
  );
  assert.throws(() => parseSpec(periods), SpecError);
});

test('long words have no near ones', () => {
  assert.equal(nearest('clsoe', ['close', 'x'.repeat(1e6)]), 'close');
  assert.equal(nearest('x'.repeat(65), ['x'.repeat(64)]), undefined);
});
