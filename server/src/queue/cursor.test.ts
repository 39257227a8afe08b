import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SpecError } from '@backtest-jobs/engine';
import { decodeCursor, encodeCursor } from './cursor.ts';

const position = { created_at: '2026-02-28T23:59:59.000001Z', job_id: '0199b0a0-0000-7000-8000-000000000001' };

test('a cursor is base64url of canonical JSON and comes back exactly', () => {
  const text = encodeCursor(position);
  assert.match(text, /^[A-Za-z0-9_-]+$/);
  assert.equal(
    Buffer.from(text, 'base64url').toString(),
    '{"created_at":"2026-02-28T23:59:59.000001Z","job_id":"0199b0a0-0000-7000-8000-000000000001"}',
  );
  assert.deepEqual(decodeCursor(text, 'job_id'), position);
});

test('padding is optional', () => {
  const padded = Buffer.from(JSON.stringify(position)).toString('base64').replaceAll('+', '-').replaceAll('/', '_');
  assert.match(padded, /=$/);
  assert.deepEqual(decodeCursor(padded, 'job_id'), position);
});

test('anything else is refused as a fault of the parameter', () => {
  const { created_at, job_id } = position;
  const garbage = [
    '',
    '=',
    'null',
    'garbage!',
    `${encodeCursor(position)}!`,
    `${encodeCursor(position)}A`,
    of(null),
    of([]),
    of('text'),
    of({ created_at }),
    of({ job_id }),
    of({ created_at, strategy_id: job_id }), // of another list
    of({ job_id, created_at }), // another order is not what we wrote
    of({ created_at, job_id, extra: 1 }),
    of({ created_at: 5, job_id }),
    of({ created_at, job_id: 'x' }),
    of({ created_at, job_id: job_id.replace('b', 'B') }),
    of({ created_at: '2026-02-28T23:59:59.001Z', job_id }),
    of({ created_at: '2026-02-30T23:59:59.000001Z', job_id }),
    of({ created_at: '2026-02-28T24:00:00.000001Z', job_id }),
    of({ created_at: '0000-02-28T23:59:59.000001Z', job_id }), // PostgreSQL knows no year 0
    of({ created_at: '2026-13-28T23:59:59.000001Z', job_id }),
    of({ created_at: '2026-02-28 23:59:59.000001+00', job_id }),
    of({ created_at: `${created_at}'; --`, job_id }),
  ];
  for (const text of garbage) {
    assert.throws(
      () => decodeCursor(text, 'job_id'),
      (error) => error instanceof SpecError && error.problems[0]?.path === 'cursor',
      text,
    );
  }
});

function of(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
