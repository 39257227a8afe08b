import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSpec, SpecError } from '@backtest-jobs/engine';
import { byField, fieldOf, ruleFault, withWord, type Problem } from './problems.ts';

function problemsOf(input: unknown): readonly Problem[] {
  try {
    parseSpec(input);
  } catch (error) {
    if (error instanceof SpecError) return error.problems;
    throw error;
  }
  return [];
}

const template = {
  instrument_id: { market_id: 5, symbol: '^GSPC' },
  timeframe: '1d',
  rules: { long: 'close > sma(close, n)', exit_long: 'close < highest(hgih[1], 20) * 0.95' },
  params: { n: 20 },
};
const time_range = { start: '2000-01-01T00:00:00Z', end: '2020-01-01T00:00:00Z' };

test('a problem stands at the deepest field that it lies in, and not at one whose name it begins with', () => {
  const fields = ['template.params.n', 'template.params.n.step', 'template.params'];
  assert.equal(fieldOf('template.params.n.step', fields), 'template.params.n.step');
  assert.equal(fieldOf('template.params.n.values[3]', fields), 'template.params.n');
  assert.equal(fieldOf('template.params.nn', fields), 'template.params');
  assert.equal(fieldOf('top_k', fields), null);
  const groups = byField([{ path: 'top_k', code: 'x', message: 'y' }], fields);
  assert.equal(groups.get('')?.length, 1);
});

test('problems of the engine come to the fields of the form', () => {
  const problems = problemsOf({
    time_range,
    top_k: 0,
    template: { ...template, params: { n: { mode: 'range', start: 5, stop_incl: 2, step: 1 } } },
  });
  const groups = byField(problems, ['top_k', 'template.rules.exit_long', 'template.params.n']);
  assert.deepEqual([...groups.keys()].sort(), ['template.params.n', 'template.rules.exit_long', 'top_k']);
});

test('a fault of a rule has its column, its words, and the word that was probably meant', () => {
  const [problem] = problemsOf({ time_range, template });
  assert.ok(problem);
  const fault = ruleFault(problem);
  assert.deepEqual(fault, { column: 17, length: 4, words: 'there is no hgih', use: 'high', name: 'hgih' });
  const mended = withWord(template.rules.exit_long, fault, 'high');
  assert.deepEqual(
    problemsOf({ time_range, template: { ...template, rules: { ...template.rules, exit_long: mended } } }),
    [],
  );
});

test('a name that is nothing else can become a parameter', () => {
  const [problem] = problemsOf({
    time_range,
    template: { ...template, rules: { long: 'close > sma(close, threshold)' }, params: {} },
  });
  assert.deepEqual(problem && ruleFault(problem), {
    column: 20,
    length: 9,
    words: 'there is no threshold',
    use: null,
    name: 'threshold',
  });
});

test('a fault that is no name offers nothing', () => {
  const [problem] = problemsOf({ time_range, template: { ...template, rules: { long: 'close >' } } });
  const fault = problem && ruleFault(problem);
  assert.equal(fault?.column, 8);
  assert.equal(fault.name, null);
  assert.equal(ruleFault({ path: '', code: '', message: 'is required' }), null);
});
