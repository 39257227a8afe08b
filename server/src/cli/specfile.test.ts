import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SpecError, type Problem } from '@backtest-jobs/engine';
import { UsageError } from './command.ts';
import { parseSpecText, readSpecFile, textOf } from './specfile.ts';

const YAML = [
  'name: x',
  'template:',
  '  indicator_grids:',
  '    - indicator_id: ma.sma',
  '      params: { window: 1 }',
  '',
].join('\n');

const refusing =
  (...problems: Problem[]) =>
  () => {
    throw new SpecError(problems);
  };

test('JSON and YAML give the same', () => {
  const json = '{"name": "x", "template": {"indicator_grids": [{"indicator_id": "ma.sma", "params": {"window": 1}}]}}';
  assert.deepEqual(parseSpecText(json, 'a.json').input, parseSpecText(YAML, 'a.yaml').input);
  assert.equal(parseSpecText('when: 2020-01-01T00:00:00Z', 'a').input instanceof Date, false);
});

test('broken syntax names file and line', () => {
  assert.throws(
    () => parseSpecText('a: 1\nb: [1, 2\n', 'a.yaml'),
    (error: unknown) =>
      error instanceof UsageError && /^a\.yaml is neither JSON nor YAML: .*line [23]/s.test(error.message),
  );
});

test('aliases that lead nowhere, or to far too much, are a fault of the file', () => {
  const nine = (item: string) => `[${Array<string>(9).fill(item).join(', ')}]`;
  const bomb = ['a: &a x', ...'bcdefgh'.split('').map((name, i) => `${name}: &${name} ${nine(`*${'abcdefg'[i]}`)}`)];
  for (const text of [bomb.join('\n'), 'name: *nobody\n'])
    assert.throws(() => parseSpecText(text, 'a.yaml'), { name: 'UsageError', message: /^a\.yaml .*alias/i });
});

test('an empty file is named', () => {
  for (const text of ['', '\n', '# later\n'])
    assert.throws(() => parseSpecText(text, 'a.yaml'), { name: 'UsageError', message: /^a\.yaml is empty/ });
});

test('a problem is told with the line of its field, or of the nearest field above it', async () => {
  const file = parseSpecText(YAML, 'a.yaml');
  const path = 'template.indicator_grids[0].params.window';
  await assert.rejects(file.check(refusing({ path, code: 'bounds', message: 'must be from 2 to 2000' })), {
    name: 'SpecError',
    problems: [{ path, code: 'bounds', message: 'must be from 2 to 2000 (a.yaml:5)' }],
  });
  await assert.rejects(file.check(refusing({ path: 'template.timeframe', code: 'missing', message: 'is missing' })), {
    problems: [{ path: 'template.timeframe', code: 'missing', message: 'is missing (a.yaml:3)' }],
  });
  await assert.rejects(file.check(refusing({ path: 'time_range', code: 'missing', message: 'is missing' })), {
    problems: [{ path: 'time_range', code: 'missing', message: 'is missing' }],
  });
});

test('what is not text is not shown', () => {
  const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
  assert.equal(textOf(new TextEncoder().encode('a: "ü"\r\n\tb'), 'a'), 'a: "ü"\r\n\tb');
  assert.equal(textOf(bytes(0xef, 0xbb, 0xbf, 0x61), 'a'), 'a', 'a mark of the byte order is no part of it');
  for (const binary of [bytes(0x50, 0x41, 0x52, 0x31, 0x00), bytes(0x1f, 0x8b, 0x08), bytes(0xff, 0xfe, 0x61, 0x00)]) {
    assert.throws(() => textOf(binary, 'x.yaml'), { name: 'UsageError', message: /^x\.yaml is not text[\w :-]*$/ });
  }
});

test('a file that is not there is bad input', async () => {
  await assert.rejects(readSpecFile('/nowhere/spec.yaml'), {
    name: 'UsageError',
    message: /cannot read the spec \/nowhere\/spec\.yaml: ENOENT/,
  });
});

test('a key that stands twice is named with its path and line, in JSON and in YAML', () => {
  const texts = [
    '{"name": "x",\n "template": {"execution": {"fee_pct": 0.1,\n "slippage_pct": 0, "fee_pct": 0}}}',
    'name: x\ntemplate:\n  execution:\n    fee_pct: 0.1\n    "fee_pct": 0\n',
  ];
  for (const text of texts) {
    assert.throws(
      () => parseSpecText(text, 'a'),
      (error: unknown) => {
        assert.ok(error instanceof SpecError);
        assert.deepEqual(
          error.problems.map(({ path, code }) => [path, code]),
          [['template.execution.fee_pct', 'duplicate_key']],
        );
        assert.match(error.message, /stands there twice: leave one of them out \(a:\d\)/);
        return true;
      },
    );
  }
});
