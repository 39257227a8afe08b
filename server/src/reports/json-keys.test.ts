import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keyProblems, MOST_LEVELS } from './json-keys.ts';

const paths = (text: string) => {
  JSON.parse(text);
  return keyProblems(text).map(({ path, code }) => `${path} ${code}`);
};

test('a key that stands twice is named by its path', () => {
  const cases: Readonly<Record<string, readonly string[]>> = {
    '{"a": 1, "b": {"a": 2}, "c": [{"a": 1}, {"a": 2}]}': [],
    '{"a": 1, "a": 1}': ['a duplicate_key'],
    '{"template": {"execution": {"fee_pct": 0.1, "slippage_pct": 0, "fee_pct": 0}}}': [
      'template.execution.fee_pct duplicate_key',
    ],
    '{"l": [0, [1, 2], {"x": "a,b:{[\\"", "y" : [], "x"\n:2}]}': ['l[2].x duplicate_key'],
    '[{"a": {}}, {"a": 1, "\\u0061": 2}]': ['[1].a duplicate_key'],
    '{"a": {"b": 1, "b": 2}, "a": {"b": 1}, "": 1, "": 2}': ['a.b duplicate_key', 'a duplicate_key', ' duplicate_key'],
    '{"a": "a", "b": ["a", "a"], "c\\\\": 1, "c\\\\\\\\": 2}': [],
    '"a"': [],
    '12': [],
  };
  for (const [text, expected] of Object.entries(cases)) assert.deepEqual(paths(text), expected, text);
});

test('depth is bounded, whatever nests', () => {
  const lists = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
  const objects = (depth: number) => `${'{"a": '.repeat(depth)}1${'}'.repeat(depth)}`;
  for (const nested of [lists, objects]) {
    assert.deepEqual(keyProblems(nested(MOST_LEVELS)), []);
    for (const depth of [MOST_LEVELS + 1, 100_000]) {
      const [problem, ...more] = keyProblems(nested(depth));
      assert.equal(problem?.code, 'too_deep');
      assert.ok(problem.path.length < 100);
      assert.deepEqual(more, []);
    }
  }
});

test('a megabyte is read in linear time, and at most a hundred duplicates are listed', () => {
  const texts = {
    keys: `{${Array.from({ length: 60_000 }, (_, at) => `"k${at}": 0`).join(',')}}`,
    same: `{${Array.from({ length: 150_000 }, () => '"k":0').join(',')}}`,
    text: JSON.stringify('\\"'.repeat(250_000)),
    spaces: `{"a"${' '.repeat(1_000_000)}:1}`,
    long: `{${Array.from({ length: 10 }, () => `"${'x'.repeat(100_000)}":0`).join(',')}}`,
  };
  for (const [name, text] of Object.entries(texts)) {
    const since = performance.now();
    const problems = keyProblems(text);
    assert.ok(performance.now() - since < 1000, name);
    assert.equal(problems.length, { same: 100, long: 9 }[name] ?? 0, name);
    assert.ok(problems.every(({ path }) => path.length < 100));
  }
});
