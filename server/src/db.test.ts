import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dsnFor, isRetryable, redactDsn, userOf } from './db.ts';

test('redactDsn leaves no password in any spelling', () => {
  const cases = [
    ['postgres://backtest:secret@db:5432/jobs', 'postgres://backtest@db:5432/jobs'],
    ['postgresql://backtest:se:cr@et/x@db/jobs?sslmode=require', 'postgresql://backtest@db/jobs?sslmode=require'],
    ['postgres://db/jobs?user=u&password=secret', 'postgres://db/jobs?user=u'],
    ['postgres://db/jobs?password=secret&user=u', 'postgres://db/jobs?user=u'],
    ["host=db password='se cret' user=u", 'host=db user=u'],
    ['host=db password=secret user=u', 'host=db user=u'],
    ['postgres://backtest@db/jobs', 'postgres://backtest@db/jobs'],
  ] as const;
  for (const [dsn, expected] of cases) assert.equal(redactDsn(dsn), expected);
});

test('dsnFor changes database and login and keeps the rest', () => {
  const dsn = 'postgres://admin:a%40b@db:5433/postgres?sslmode=require';
  assert.equal(dsnFor(dsn, 'jobs'), 'postgres://admin:a%40b@db:5433/jobs?sslmode=require');
  assert.equal(
    dsnFor(dsn, 'jobs', { user: 'run time', password: 'p@ss/w' }),
    'postgres://run%20time:p%40ss%2Fw@db:5433/jobs?sslmode=require',
  );
});

test('userOf knows who logs in, unless the DSN leaves it open', () => {
  assert.equal(userOf('postgres://run%20time:p@db/jobs'), 'run time');
  assert.equal(userOf('postgres://db/jobs'), undefined);
});

test('isRetryable: trouble that passes, and no other', () => {
  for (const code of ['08006', '40001', '40P01', '55P03', '57P01', '57P03', '53300', '53100', '57014', '25006']) {
    assert.equal(isRetryable(failure(code)), true, code);
  }
  for (const code of ['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE']) {
    assert.equal(isRetryable(failure(code)), true, code);
  }
  for (const message of [
    'Connection terminated',
    'Connection terminated unexpectedly',
    'Connection terminated due to connection timeout',
    'Query read timeout',
    'timeout exceeded when trying to connect',
    'Client has encountered a connection error and is not queryable',
  ]) {
    assert.equal(isRetryable(new Error(message)), true, message);
  }
  for (const code of ['23505', '42501', '42P01', '22P02', '28P01', '3D000', 'ENOENT', '40002', '55000']) {
    assert.equal(isRetryable(failure(code)), false, code);
  }
  for (const other of [new Error('x'), new TypeError('Connection'), 'ECONNRESET', undefined]) {
    assert.equal(isRetryable(other), false);
  }
});

const failure = (code: string): Error => Object.assign(new Error('x'), { code });
