import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse, type Syntax } from './syntax.ts';

/** A tree with a parenthesis around everything. */
function shown(node: Syntax): string {
  switch (node.kind) {
    case 'number':
      return String(node.value);
    case 'name':
      return node.name;
    case 'call':
      return `${node.name}(${node.args.map(({ name, value }) => (name === null ? '' : `${name}=`) + shown(value)).join(', ')})`;
    case 'output':
      return `${shown(node.of)}.${node.output}`;
    case 'lag':
      return `${shown(node.of)}[${shown(node.bars)}]`;
    case 'minus':
    case 'not':
      return `(${node.kind} ${shown(node.of)})`;
    case 'binary':
      return `(${shown(node.left)} ${node.op} ${shown(node.right)})`;
  }
}

test('what binds tighter, and from which side', () => {
  const cases = [
    ['a or b and c or d', '((a or (b and c)) or d)'],
    ['not a and not b or c', '(((not a) and (not b)) or c)'],
    ['not a > b', '(not (a > b))'],
    ['not not a', '(not (not a))'],
    ['a + b * c - d / e', '((a + (b * c)) - (d / e))'],
    ['a - b - c', '((a - b) - c)'],
    ['a / b * c', '((a / b) * c)'],
    ['a + 1 < b * 2 and c', '(((a + 1) < (b * 2)) and c)'],
    ['-a[1] * -2', '((minus a[1]) * (minus 2))'],
    ['a - -b', '(a - (minus b))'],
    ['(a + b) * c', '((a + b) * c)'],
    ['((a))', 'a'],
    ['(a - b)[n + 1][2]', '(a - b)[(n + 1)][2]'],
    [
      'macd(close, slow_window=26, fast_window = n * 2).signal[1]',
      'macd(close, slow_window=26, fast_window=(n * 2)).signal[1]',
    ],
    ['f() + g(x)', '(f() + g(x))'],
    ['a == b or a != b', '((a == b) or (a != b))'],
    ['(a < b) == c', '((a < b) == c)'],
  ] as const;
  for (const [text, expected] of cases) assert.equal(shown(parse(text)), expected, text);
});

test('an argument reaches from its name to its last parenthesis', () => {
  const node = parse('f(a = (1), (2))');
  assert.ok(node.kind === 'call');
  assert.deepEqual(
    node.args.map(({ span }) => [span.start, span.end]),
    [
      [2, 9],
      [11, 14],
    ],
  );
});

test('depth is an error, not a stack overflow, and a tree is never higher than its limit', () => {
  const deep = (open: string, close: string, times: number): string => open.repeat(times) + 'a' + close.repeat(times);
  for (const [open, close] of [
    ['(', ')'],
    ['not ', ''],
    ['- ', ''],
    ['f(', ')'],
    ['a[', ']'],
    ['f(x=', ')'],
    ['', ' + a'],
    ['', ' and a'],
    ['', '[1]'],
    ['', '.a'],
  ]) {
    assert.ok(parse(deep(open, close, 99)).height <= 100);
    const message = /^RuleSyntaxError: too deep: at most 100 operations/;
    assert.throws(() => parse(deep(open, close, 101)), message, open + close);
    assert.throws(() => parse(deep(open, close, 3000)), message, open + close);
  }
});
