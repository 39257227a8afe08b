import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tokensOf } from './tokens.ts';

const texts = (text: string): readonly string[] => tokensOf(text).map((token) => token.text);

test('names, numbers and symbols, wherever space stands', () => {
  assert.deepEqual(texts('rsi(close,14)>=1e-3\n\tand x_1 [2].k!=0.50'), [
    'rsi',
    '(',
    'close',
    ',',
    '14',
    ')',
    '>=',
    '1e-3',
    'and',
    'x_1',
    '[',
    '2',
    ']',
    '.',
    'k',
    '!=',
    '0.50',
    '',
  ]);
  assert.deepEqual(texts('2-1'), ['2', '-', '1', '']);
  assert.deepEqual(texts('a<b==c'), ['a', '<', 'b', '==', 'c', '']);
});

test('the end comes after the last token', () => {
  assert.deepEqual(tokensOf('close \n').at(-1), { kind: 'end', text: '', message: '', start: 5, end: 5 });
  assert.equal(tokensOf(' ').length, 1);
});

test('what is no token says what to write', () => {
  const messages = (text: string): readonly string[] =>
    tokensOf(text).flatMap(({ kind, text: found, message }) => (kind === 'wrong' ? [`${found}: ${message}`] : []));
  assert.deepEqual(messages('a && b & c || d | !e'), [
    '&&: write and',
    '&: write and',
    '||: write or',
    '|: write or',
    '!: write not',
  ]);
  assert.deepEqual(messages('a <> b => c =< d'), ['<>: write !=', '=>: write >=', '=<: write <=']);
  assert.deepEqual(messages('.5 1. 10k 1e 1_000 1.2.3 0x1F'), [
    '.5: .5 is not a number; write 0.5',
    ...['1.', '10k', '1e', '1_000', '1.2.3', '0x1F'].map((text) => `${text}: ${text} is not a number`),
  ]);
  assert.deepEqual(messages('1e999'), ['1e999: 1e999 is too large']);
  assert.deepEqual(messages('a % \u{1F600}'), [
    '%: % means nothing in a rule',
    '\u{1F600}: \u{1F600} means nothing in a rule',
  ]);
});
