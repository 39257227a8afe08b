import assert from 'node:assert/strict';
import { test } from 'node:test';
import { troubleOf } from './trouble.ts';

const withCode = (code: string): Error => Object.assign(new Error(`${code}: words`), { code });

test('errors of the system have the cause of their code, however deep they lie', () => {
  for (const [code, cause] of [
    ['EMFILE', 'worker_no_files'],
    ['ENFILE', 'worker_no_files'],
    ['EACCES', 'worker_no_access'],
    ['ENOSPC', 'worker_disk_full'],
    ['EROFS', 'worker_disk_error'],
    ['EAGAIN', 'worker_no_memory'],
  ] as const) {
    assert.equal(troubleOf(withCode(code)), cause);
    const read = new Error('the candles cannot be read', { cause: new Error('read', { cause: withCode(code) }) });
    assert.equal(troubleOf(read), cause);
  }
});

test('a library that has no codes is known by the words of the system', () => {
  const duck = new Error('IO Error: Cannot open file "/candles/2020.parquet": Permission denied');
  assert.equal(troubleOf(new Error('the candles in /candles cannot be read', { cause: duck })), 'worker_no_access');
  assert.equal(troubleOf(new Error('IO Error: Could not write: No space left on device')), 'worker_disk_full');
});

test('what is wrong with a job is no trouble of the worker, and a circle of causes ends', () => {
  const circle = new Error('round');
  circle.cause = circle;
  for (const error of [new Error('bug'), withCode('ENOENT'), circle, 'text', null, new TypeError('x is undefined')])
    assert.equal(troubleOf(error), null);
});
