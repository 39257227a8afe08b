import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SpecError, specError } from './problems.ts';

const problem = (path: string, code = 'x') => ({ path, code, message: `about ${path}` });

test('problems are sorted by path, and the first ones are the message', () => {
  const error = new SpecError([
    problem('b', 'first'),
    problem('c'),
    problem('b', 'second'),
    problem('a'),
    problem('d'),
  ]);
  assert.deepEqual(
    error.problems.map(({ path, code }) => path + code),
    ['ax', 'bfirst', 'bsecond', 'cx', 'dx'],
  );
  assert.equal(error.message, 'a: about a; b: about b; b: about b; and 2 more');
  assert.ok(error instanceof Error);
  assert.equal(specError('', 'required', 'a spec is required').message, 'a spec is required');
});
