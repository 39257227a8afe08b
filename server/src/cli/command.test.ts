import assert from 'node:assert/strict';
import { test } from 'node:test';
import { command, helpOf, read, UsageError, wholeNumber } from './command.ts';

const shape = {
  name: 'run',
  takes: ['SPEC'],
  options: {
    top: { value: 'N', about: 'how many' },
    json: { about: 'as JSON' },
    'metrics-port': { value: 'N', about: 'port' },
  },
} as const;

const wrong = (argv: string[], message: RegExp) =>
  assert.throws(
    () => read(argv, shape),
    (error: unknown) => error instanceof UsageError && message.test(error.message),
  );

test('options and arguments in any order', () => {
  const expected = { values: { top: '5', json: true, 'metrics-port': undefined }, taken: ['a.yaml'] };
  assert.deepEqual(read(['a.yaml', '--top', '5', '--json'], shape), expected);
  assert.deepEqual(read(['--json', '--top=5', 'a.yaml'], shape), expected);
  assert.deepEqual(read(['-'], shape).taken, ['-']);
  assert.deepEqual(read(['--', '--odd-name'], shape).taken, ['--odd-name']);
});

test('an unknown option names the nearest, or what there is', () => {
  wrong(['x', '--topp', '5'], /^unknown option --topp, did you mean --top\?$/);
  wrong(['x', '--metric-port', '5'], /did you mean --metrics-port\?$/);
  wrong(['x', '--frobnicate'], /^unknown option --frobnicate, there are --top, --json, --metrics-port$/);
  wrong(['x', '-z'], /^unknown option -z, there are /);
});

test('an option without its value, a switch with one', () => {
  wrong(['x', '--top'], /^--top needs a value: --top N$/);
  wrong(['x', '--top', '--json'], /^--top needs a value/);
  wrong(['x', '--top='], /^--top needs a value/);
  wrong(['x', '--json=yes'], /^--json takes no value$/);
});

test('too few and too many arguments', () => {
  wrong([], /^run needs SPEC$/);
  wrong(['a', 'b'], /^run does not take "b"$/);
});

test('an argument that may be left out', () => {
  const optional = { ...shape, takes: ['SPEC', 'FILE?'] };
  assert.deepEqual(read(['a'], optional).taken, ['a', '']);
  assert.deepEqual(read(['a', 'b'], optional).taken, ['a', 'b']);
  assert.throws(() => read([], optional), /^UsageError: run needs SPEC$/);
  const help = helpOf({ ...optional, about: '', examples: [], start: async () => 0 });
  assert.match(help, /^backtest run SPEC \[FILE\] \[options\]$/m);
});

test('whole numbers within bounds', () => {
  assert.equal(wholeNumber('--top', undefined, 1), undefined);
  assert.equal(wholeNumber('--top', '12', 1), 12);
  for (const bad of ['0', '-1', '1.5', '1e3', 'x', '', ' 1']) {
    assert.throws(() => wholeNumber('--top', bad, 1), {
      name: 'UsageError',
      message: `--top must be a whole number of at least 1, not "${bad}"`,
    });
  }
  assert.throws(() => wholeNumber('--port', '70000', 1, 65535), /from 1 to 65535/);
});

test('help has usage, options and examples', () => {
  const help = helpOf(command({ ...shape, about: 'About.', examples: ['run spec.yaml'], run: async () => 0 }));
  for (const part of ['backtest run SPEC [options]', '--top N', '--help', 'npm run -s backtest -- run spec.yaml']) {
    assert.ok(help.includes(part), part);
  }
  for (const line of help.split('\n')) assert.equal(line, line.trimEnd());
});
