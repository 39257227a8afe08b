// How a spec asks for the luck test: what it may say, what `auto` becomes, and each thing the gate refuses with its path.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULTS, type Defaults } from '../defaults.ts';
import { skippedLuck } from '../markets/skipped.ts';
import { requestJson, type Luck } from '../spec.ts';
import { problemsOf, errorOf, specInput } from '../testing/specs.ts';
import { parseSpec } from './parse-spec.ts';

const NONE = { permutations: 0, variants: 0 };
const range = (start: number, stop_incl: number, step = 1) => ({ mode: 'range', start, stop_incl, step });
const some = (...values: readonly unknown[]) => ({ mode: 'explicit', values });
const sma = (axis: object, more: object = {}) => ({
  indicator_grids: [{ indicator_id: 'ma.sma', params: { window: axis } }],
  ...more,
});
const years = (start: number, end: number) => ({
  time_range: { start: `${start}-01-01T00:00:00Z`, end: `${end}-01-01T00:00:00Z` },
});
const luckOf = (changes: object, template: object = {}, defaults?: Defaults): Luck | undefined =>
  parseSpec(specInput(changes, template), defaults).luck;
const auto = { luck: 'auto' };

test('what is left out has the default; a word, a number and an object say the same', () => {
  const full = { permutations: 99, variants: 6 };
  const { luck: _, ...without } = specInput() as { luck: unknown };
  assert.deepEqual(parseSpec(without).luck, full);
  assert.deepEqual(parseSpec(without, { ...DEFAULTS, luck: 0 }).luck, NONE);
  assert.deepEqual(parseSpec(without, { ...DEFAULTS, luck: 39 }).luck, { ...full, permutations: 39 });
  for (const luck of ['auto', {}, 99, { permutations: 'auto' }, { variants: 6 }, { variants: 'auto', blocks: null }]) {
    assert.deepEqual(luckOf({ luck }), full, JSON.stringify(luck));
  }
  for (const luck of ['off', 0, null, { permutations: 0 }, { permutations: 0, variants: 5, blocks: 3 }]) {
    assert.deepEqual(luckOf({ luck }), NONE, JSON.stringify(luck));
  }
  assert.deepEqual(luckOf({ luck: { permutations: 999, variants: 4, blocks: 7 } }), {
    permutations: 999,
    variants: 4,
    blocks: 7,
  });
  assert.deepEqual(luckOf({ luck: { permutations: 19, variants: 5000 } }), { permutations: 19, variants: 6 }, 'all');
  const folds = { mode: 'walk_forward', folds: 2, train_fraction: 0.5 };
  assert.deepEqual(luckOf({ luck: { walk: true, permutations: 19 }, validation: folds })?.walk, true);
  assert.deepEqual(luckOf({ luck: { walk: false, permutations: 19 }, validation: folds })?.walk, undefined);
});

test('auto searches all of a small grid and 2,000 base variants of a larger one', () => {
  assert.deepEqual(luckOf(auto, sma(range(5, 1004))), { permutations: 99, variants: 1000 }, '2,000 in both stages');
  assert.deepEqual(luckOf(auto, sma(range(5, 1504))), { permutations: 99, variants: 1500 });
  const large = { indicator_grids: undefined, rules: { long: 'close > a' }, params: { a: range(2, 4000) } };
  assert.deepEqual(luckOf(auto, large), { permutations: 99, variants: 2000 });
  assert.equal(luckOf({ luck: { variants: 3000 } }, large)?.variants, 3000);
  assert.equal(luckOf({ ...auto, ranking: { plateau: 1 } }, large)?.variants, 3999, 'plateaus need all of it');
  assert.equal(luckOf({ ...auto, sample: { n: 50 } }, large)?.variants, 50);
});

test('auto asks for fewer permutations the more each costs, and for none with a reason', () => {
  const long = years(2018, 2024);
  const permutations = (changes: object, template: object): number | undefined =>
    luckOf({ ...auto, ...long, ...changes }, { timeframe: '15m', ...template })?.permutations;
  const small = sma(range(5, 104));
  const found = [
    permutations({}, small),
    permutations({}, sma(range(5, 154))),
    permutations({ ranking: { primary_metric: 'sharpe' } }, small),
    permutations({}, sma(range(5, 154), { risk_grid: { sl: range(1, 40) } })),
    permutations({}, sma(range(5, 204), { risk_grid: { sl: range(1, 80) } })),
  ];
  assert.deepEqual(found, [99, 39, 19, 19, 0]);

  const input = specInput(
    { ...auto, ...long },
    { timeframe: '1m', ...sma(range(5, 154), { risk_grid: { sl: range(1, 40) } }) },
  );
  const { runtime: _, ...spec } = parseSpec(input);
  assert.deepEqual(spec.luck, { ...NONE, skipped: 'too_much_work' });
  assert.match(skippedLuck(spec) ?? '', /19 permuted markets.*set luck\.permutations/);
  assert.equal(skippedLuck(parseSpec(specInput())), null, 'none was wanted');
  assert.deepEqual(parseSpec(JSON.parse(JSON.stringify(spec))).luck, spec.luck, 'and it stays so');

  const guards = { ...DEFAULTS.guards, max_variants_per_compute: 6 };
  assert.equal(luckOf(auto, {}, { ...DEFAULTS, guards })?.permutations, 39, '100 x 6 variants are allowed');
});

test('the same spec asks for the same test, whatever its name; another number is another request', () => {
  const inputs = [{ name: 'a', priority: 3 }, { luck: { permutations: 99 } }, { luck: 99 }];
  const requests = inputs.map((input) => JSON.stringify(requestJson(parseSpec(specInput({ ...auto, ...input })))));
  assert.equal(new Set(requests).size, 1);
  assert.notEqual(JSON.stringify(requestJson(parseSpec(specInput({ luck: 39 })))), requests[0]);
});

const REFUSED: readonly [string, object, ...string[]][] = [
  ['a word', { luck: 'yes' }, 'luck invalid_value'],
  ['true', { luck: true }, 'luck invalid_type'],
  ['a list', { luck: [99] }, 'luck invalid_type'],
  ['fewer permutations than say anything', { luck: 18 }, 'luck invalid_value'],
  ['one permutation', { luck: { permutations: 1 } }, 'luck.permutations invalid_value'],
  ['more than are kept', { luck: 10_001 }, 'luck invalid_value'],
  ['parts of a permutation', { luck: { permutations: 19.5 } }, 'luck.permutations invalid_value'],
  ['no variants', { luck: { permutations: 19, variants: 0 } }, 'luck.variants invalid_value'],
  [
    'a reason where there are permutations',
    { luck: { permutations: 19, skipped: 'too_much_work' } },
    'luck.skipped conflict',
  ],
  ['another reason', { luck: { permutations: 0, skipped: 'no time' } }, 'luck.skipped invalid_value'],
  ['a walk without folds', { luck: { walk: true } }, 'luck.walk conflict'],
  [
    'a walk of a holdout',
    { luck: { walk: true }, validation: { mode: 'holdout', fraction: 0.5 } },
    'luck.walk conflict',
  ],
  ['blocks that leave 19 runs', { luck: { blocks: 38 } }, 'luck.blocks too_few_bars'],
  ['blocks of one bar', { luck: { blocks: 1 } }, 'luck.blocks invalid_value'],
  ['part of a grid that plateaus rank', { luck: { variants: 5 }, ranking: { plateau: 1 } }, 'luck.variants conflict'],
  [
    'everything at once',
    { luck: { permutations: 5, variants: -1, blocks: 'many', walk: 'yes', skipped: 1, n: 2 } },
    'luck.blocks invalid_type',
    'luck.n unknown_field',
    'luck.permutations invalid_value',
    'luck.skipped invalid_value',
    'luck.variants invalid_value',
    'luck.walk invalid_type',
  ],
  [
    'beside other faults',
    { luck: 5, top_k: 0, validation: {} },
    'luck invalid_value',
    'top_k invalid_value',
    'validation.mode required',
  ],
];

for (const [name, changes, ...problems] of REFUSED) {
  test(`refused: ${name}`, () => assert.deepEqual(problemsOf(specInput(changes)), problems));
}

test('blocks are runs of bars of the searched part, of sessions where a day has several bars', () => {
  // 720 hours: 719 behind the first make 20 runs of 37.
  assert.equal(luckOf({ luck: { permutations: 19, blocks: 37 } })?.blocks, 37);
  const half = { validation: { mode: 'holdout', fraction: 0.5 } };
  assert.deepEqual(problemsOf(specInput({ luck: { blocks: 37 }, ...half })), ['luck.blocks too_few_bars']);
  const folds = { validation: { mode: 'walk_forward', folds: 2, train_fraction: 0.5 } };
  assert.equal(
    luckOf({ luck: { permutations: 19, blocks: 37, walk: true }, ...folds })?.blocks,
    37,
    'all bars of a walk',
  );
  const stock = { instrument_id: { market_id: 5, symbol: 'X' }, timeframe: '1h' };
  const { problems } = errorOf(specInput({ luck: { blocks: 2 } }, stock));
  assert.match(problems[0].message, /^21 sessions make 11 runs of 2; at least 20 are needed/);
  assert.equal(luckOf({ ...years(2020, 2021), luck: { permutations: 19, blocks: 5 } }, stock)?.blocks, 5);
});

test('the markets of a test together have at most 100 times the variants of a search', () => {
  const guards = { ...DEFAULTS.guards, max_variants_per_compute: 100 };
  const { problems } = errorOf(specInput({ luck: { permutations: 999 } }), { ...DEFAULTS, guards });
  assert.deepEqual(
    problems.map(({ path, code, message }) => `${path} ${code} ${message}`),
    [
      'luck too_many_variants would score 12000 variants, (1 + 999) markets x 12; the limit is 10000, ' +
        '100 times max_variants_per_compute: ask for fewer permutations or variants',
    ],
  );
  assert.equal(luckOf({ luck: { permutations: 499, variants: 6 } }, {}, { ...DEFAULTS, guards })?.permutations, 499);
  assert.deepEqual(luckOf({ luck: { permutations: 19 } }, { risk_grid: { sl: some('off', 1) } })?.variants, 6);
});
