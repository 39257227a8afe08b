import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requestJson } from '../spec.ts';
import { errorOf, problemsOf, specInput } from '../testing/specs.ts';
import { parseSpec } from './parse-spec.ts';

const values = (...list: readonly (number | string)[]) => ({ mode: 'explicit', values: list });
const range = (start: number, stop_incl: number, step = 1) => ({ mode: 'range', start, stop_incl, step });

/** A spec with rules in the place of indicators. */
const rules = (template: object): object => specInput({}, { indicator_grids: undefined, ...template });

const CROSS = {
  rules: { long: 'ema(close, fast) > ema(close, slow)', short: 'rsi(close, 14) > high_rsi', exit_long: 'close < open' },
  params: { slow: range(20, 60, 10), fast: values(5, 10), high_rsi: 70 },
  constraints: ['fast < slow', 'slow - fast >= 10'],
};

test('rules with parameters and constraints: everything filled in, and it gives itself', () => {
  const spec = parseSpec(rules(CROSS));
  const { template } = spec;
  assert.ok('rules' in template);
  assert.deepEqual(template.rules, { ...CROSS.rules, exit_short: null });
  assert.deepEqual(template.params, { fast: values(5, 10), high_rsi: values(70), slow: range(20, 60, 10) });
  assert.deepEqual(Object.keys(template.params), ['slow', 'fast', 'high_rsi'], 'in the order of the user');
  assert.deepEqual(template.constraints, CROSS.constraints);
  assert.equal('indicator_grids' in template, false);
  const { runtime, ...fields } = spec;
  assert.deepEqual(parseSpec(JSON.parse(JSON.stringify(fields))), { ...fields, runtime });
  assert.deepEqual(JSON.parse(JSON.stringify(requestJson(spec))), requestJson(spec), 'plain JSON');
});

test('a rule for one side is enough', () => {
  for (const side of ['long', 'short']) parseSpec(rules({ rules: { [side]: 'close > open' } }));
});

test('a problem in a rule is shown under its text', () => {
  const [problem] = errorOf(rules({ rules: { long: 'ema(close, 5) > emma(close, 20)' } })).problems;
  assert.equal(problem.path, 'template.rules.long');
  assert.match(problem.message, /^column 17: .*emma/);
  assert.match(problem.message, /\nema\(close, 5\) > emma\(close, 20\)\n {16}\^{4}$/);
});

const REFUSED: readonly (readonly [string, object, ...(readonly string[])])[] = [
  ['no side', { rules: {} }, 'template.rules.long required'],
  [
    'an exit without its entry',
    { rules: { long: 'close > 1', exit_short: 'close > 1' } },
    'template.rules.exit_short no_effect',
  ],
  ['an unknown rule', { rules: { long: 'close > 1', exit: 'close > 1' } }, 'template.rules.exit unknown_field'],
  ['a rule that is no text', { rules: { long: 5 } }, 'template.rules.long invalid_type'],
  [
    'everything wrong in several texts at once',
    { rules: { long: 'foo > bar', short: 'close >' }, constraints: ['close > 1', 'x +'] },
    'template.constraints[0] invalid_rule',
    'template.constraints[1] invalid_rule',
    'template.rules.long invalid_rule',
    'template.rules.long invalid_rule',
    'template.rules.short invalid_rule',
  ],
  [
    'constraints that are no list',
    { rules: { long: 'close > 1' }, constraints: 'a < b' },
    'template.constraints invalid_type',
  ],
  [
    'a constraint that is null',
    { rules: { long: 'close > 1' }, constraints: [null] },
    'template.constraints[0] invalid_type',
  ],
  [
    'names that mean something else',
    { rules: { long: 'close > 1' }, params: { close: 1, sma: 2, Fast: 3, and: 4 } },
    'template.params.Fast invalid_name',
    'template.params.and invalid_name',
    'template.params.close invalid_name',
    'template.params.sma invalid_name',
  ],
  [
    'a parameter that is text',
    { rules: { long: 'close > x' }, params: { x: 'high' } },
    'template.params.x invalid_value',
  ],
  [
    'values out of the bounds of where they are used',
    {
      rules: { long: 'sma(close, n) > close[k] and highest(high, m) > k' },
      params: { n: values(1, 5), k: values(-1, 2), m: 0.5 },
    },
    'template.params.k invalid_value',
    'template.params.m invalid_value',
    'template.params.n invalid_value',
  ],
  [
    'a parameter that changes nothing',
    {
      rules: { long: 'macd(close, 12, 26, n).macd > 0' },
      params: { n: values(5, 9), c: values(1, 2) },
      constraints: ['c > 0'],
    },
    'template.params.c no_effect',
    'template.params.n no_effect',
  ],
  [
    'a parameter of an exit on a side that is never entered',
    {
      direction_mode: 'long-only',
      rules: { long: 'close > open', short: 'close < open', exit_short: 'close > level' },
      params: { level: values(90, 110) },
    },
    'template.params.level no_effect',
  ],
  [
    'constraints that exclude everything',
    { rules: { long: 'sma(close, a) > b' }, params: { a: values(5, 6), b: values(1, 2) }, constraints: ['a < b'] },
    'template no_valid_combination',
  ],
  [
    'too many combinations',
    { rules: { long: 'a * b * c > close' }, params: { a: range(1, 1000), b: range(1, 1000), c: range(1, 1000) } },
    'template too_many_variants',
  ],
];

for (const [what, template, ...expected] of REFUSED) {
  test(`refused: ${what}`, () => assert.deepEqual(problemsOf(rules(template)), expected));
}
