import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '@backtest-jobs/client';
import { otherProblems, problemAt } from './problems.ts';

const error = (details: object): ApiError =>
  new ApiError({ code: 'validation_error', message: 'no', details } as never, { status: 422, headers: new Headers() });

test('problems stand at their fields, and those of no field are kept', () => {
  const refused = error({
    errors: [
      { path: 'symbol', message: 'must be a symbol' },
      { path: 'scopes.0', message: 'must be known' },
      { path: 'file', message: 'line 3: no time' },
    ],
  });
  assert.equal(problemAt(refused, 'symbol'), 'must be a symbol');
  assert.equal(problemAt(refused, 'scopes'), 'must be known');
  assert.equal(problemAt(refused, 'sym'), null);
  assert.deepEqual(
    otherProblems(refused, ['symbol', 'scopes']).map(({ message }) => message),
    ['line 3: no time'],
  );
  assert.deepEqual(otherProblems(error({}), []), []);
  assert.equal(problemAt(new TypeError('offline'), 'symbol'), null);
});
