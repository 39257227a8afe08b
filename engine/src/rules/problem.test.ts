import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pointAt, problemAt, quoted } from './problem.ts';

const shown = (text: string, start: number, end: number): readonly string[] =>
  pointAt(text, problemAt({ start, end }, 'wrong')).split('\n');

test('carets stand under what is wrong', () => {
  assert.deepEqual(shown('close > opn', 8, 11), ['close > opn', '        ^^^ wrong']);
  assert.deepEqual(shown('close >', 7, 7), ['close >', '       ^ wrong']);
  assert.deepEqual(shown('', 0, 0), ['', '^ wrong']);
});

test('of several lines the one with the problem, whose carets end with it', () => {
  assert.deepEqual(shown('close > 1\n  and opn > 2\nand 3', 16, 19), ['and opn > 2', '    ^^^ wrong']);
  assert.deepEqual(shown('close > 1\r\nand open', 8, 19), ['close > 1', '        ^ wrong']);
  assert.deepEqual(shown('close\t> opn', 8, 11), ['close\t> opn', '     \t  ^^^ wrong']);
});

test('of a long line the part around the problem', () => {
  const [line, carets] = shown(`${'a'.repeat(200)}bcd${'e'.repeat(200)}`, 200, 203);
  assert.equal(line, `...${'a'.repeat(60)}bcd${'e'.repeat(57)}...`);
  assert.equal(carets, `${' '.repeat(63)}^^^ wrong`);
});

test('a message repeats the beginning of a long name', () => {
  assert.equal(quoted('close'), 'close');
  assert.equal(quoted('x'.repeat(1000)), `${'x'.repeat(40)}...`);
});
