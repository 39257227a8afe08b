import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wayBack } from './sign-in-again.ts';

const ORIGIN = 'http://127.0.0.1:8000';
const after = (back: string): string => wayBack(`?back=${encodeURIComponent(back)}`, ORIGIN);

test('the way back after signing in is a page of this screen', () => {
  assert.equal(after('/jobs/7?how=near&sel=1,2'), `${ORIGIN}/jobs/7?how=near&sel=1,2`);
  assert.equal(wayBack('', ORIGIN), `${ORIGIN}/jobs`);
  for (const odd of ['/.//evil.example', '/..//evil.example']) assert.equal(after(odd), `${ORIGIN}//evil.example`, odd);
  for (const elsewhere of [
    '//evil.example/x',
    '/\t/evil.example',
    '/\\evil.example',
    'https://evil.example',
    'javascript:alert(1)',
  ])
    assert.equal(after(elsewhere), `${ORIGIN}/jobs`, elsewhere);
});
