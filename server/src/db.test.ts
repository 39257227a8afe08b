import assert from 'node:assert/strict';
import { test } from 'node:test';
import { databaseTrouble, dsnFor, isRetryable, poolerRefusal, redactDsn, userOf } from './db.ts';

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

test('a pooler that refuses a setting is no trouble that passes, and what to set is named', () => {
  for (const name of ['statement_timeout', 'extra_float_digits', 'idle_in_transaction_session_timeout']) {
    const refused = Object.assign(new Error(`unsupported startup parameter: ${name}`), { code: '08P01' });
    assert.equal(isRetryable(refused), false);
    assert.match(
      poolerRefusal(refused) ?? '',
      new RegExp(`connection setting ${name}: set ignore_startup_parameters = extra`),
    );
  }
  const inOptions = Object.assign(new Error('unsupported startup parameter in options: geqo'), { code: '08P01' });
  assert.match(poolerRefusal(inOptions) ?? '', /setting geqo/);
  assert.equal(poolerRefusal(failure('08P01')), null);
});

test("the database's own trouble is told from what is wrong with a statement's values", () => {
  const of = (code: string) => databaseTrouble(failure(code));
  assert.equal(of('53100'), 'database_disk_full');
  for (const code of ['53200', '57P01', '08006', '25006', '42501', '42P01', '58030', 'XX001', 'ECONNREFUSED'])
    assert.equal(of(code), 'database_trouble', code);
  for (const code of ['22P05', '23505', '54000', 'ERR_STRING_TOO_LONG', 'ENOSPC']) assert.equal(of(code), null, code);
});

const failure = (code: string): Error => Object.assign(new Error('x'), { code });
