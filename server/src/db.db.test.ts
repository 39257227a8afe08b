import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../test/database.ts';
import { isRetryable, openPool, transaction } from './db.ts';

test('every connection carries the limits and its name', async () => {
  await using database = await testDatabase();
  const pool = openPool(database.dsn, {
    max: 1,
    applicationName: 'limits',
    statementTimeoutMs: 4000,
    lockTimeoutMs: 3000,
    idleInTransactionMs: 2000,
  });
  const { rows } = await pool.query(
    `select name, setting from pg_settings where name in
      ('application_name', 'statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout') order by name`,
  );
  await pool.end();
  assert.deepEqual(rows, [
    { name: 'application_name', setting: 'limits' },
    { name: 'idle_in_transaction_session_timeout', setting: '2000' },
    { name: 'lock_timeout', setting: '3000' },
    { name: 'statement_timeout', setting: '4000' },
  ]);
});

test('bigint is a number, and one that does not fit is an error', async () => {
  await using database = await testDatabase();
  const { rows } = await database.pool.query(
    `select 9007199254740991 as big, count(*) as n, '{}'::int8[] as none, array[1, 2]::int8[] as some, null::int8 as nil`,
  );
  assert.deepEqual(rows, [{ big: 9_007_199_254_740_991, n: 1, none: [], some: [1, 2], nil: null }]);
  await assert.rejects(database.pool.query('select 9007199254740993 as big'), /bigint 9007199254740993 is outside/);
});

test('a transaction commits, or leaves nothing and a clean client', async () => {
  await using database = await testDatabase();
  await database.admin.query('create table t (x int primary key)');
  const { admin } = database;
  const result = await transaction(admin, async (client) => {
    await client.query('insert into t values (1)');
    return 'result';
  });
  assert.equal(result, 'result');
  const boom = new Error('boom');
  const failing = transaction(admin, async (client) => {
    await client.query('insert into t values (2)');
    throw boom;
  });
  await assert.rejects(failing, (error) => error === boom);
  const ignoring = transaction(admin, async (client) => {
    await client.query('insert into t values (3)');
    await client.query('insert into t values (1)').catch(() => {});
  });
  await assert.rejects(ignoring, /rolled back/);
  assert.deepEqual((await admin.query('select x from t')).rows, [{ x: 1 }]);
  assert.equal(admin.idleCount, admin.totalCount);
  assert.ok(admin.totalCount > 0, 'a client that rolled back is reused');
});

test('a client whose query timed out is destroyed, at once', async () => {
  await using database = await testDatabase();
  const pool = openPool(database.dsn, { max: 1, queryTimeoutMs: 100 });
  const slow = transaction(pool, (client) => client.query('select pg_sleep(60)'));
  await assert.rejects(slow, (error) => isRetryable(error));
  assert.equal(pool.totalCount, 0);
  assert.deepEqual((await pool.query('select 1 as x')).rows, [{ x: 1 }]);
  await pool.end();
});

test('terminated connections, idle and in use, are errors of their queries and not of the process', async () => {
  await using database = await testDatabase();
  const idleErrors: Error[] = [];
  const pool = openPool(database.dsn, { max: 4, onIdleError: (error) => idleErrors.push(error) });
  const [one, two] = await Promise.all([pool.connect(), pool.connect()]);
  two.release();
  const lost = one.query('select pg_sleep(60)').then(
    () => 'done',
    (error: unknown) => isRetryable(error),
  );
  const kill = `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'backtest' and datname = current_database()`;
  await database.admin.query(kill);
  assert.equal(await lost, true);
  one.release(true);
  while (idleErrors.length === 0) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual((await pool.query('select 1 as x')).rows, [{ x: 1 }]);
  await pool.end();
});

for (const [what, sql] of [
  ['by a setting of the session', 'set default_transaction_read_only = on'],
  ['by a characteristic of the session', 'set session characteristics as transaction read only'],
] as const) {
  test(`a connection that became read-only ${what} is thrown away, and the next write works`, async () => {
    await using database = await testDatabase();
    await database.admin.query('create table t (x int)');
    const pool = openPool(database.adminDsn, { max: 1 });
    const write = (): Promise<unknown> => transaction(pool, (client) => client.query('insert into t values (1)'));
    await pool.query(sql);
    await assert.rejects(write(), { code: '25006' });
    await write();
    await pool.query(sql);
    await assert.rejects(pool.query('insert into t values (2)'), { code: '25006' });
    await pool.query('insert into t values (2)');
    await pool.end();
  });
}

test('a connection stays after an error that is about the values', async () => {
  await using database = await testDatabase();
  const pool = openPool(database.dsn, { max: 1 });
  const pid = async (): Promise<unknown> => (await pool.query('select pg_backend_pid() as pid')).rows;
  const before = await pid();
  await assert.rejects(
    transaction(pool, (client) => client.query(`select 'x'::int`)),
    { code: '22P02' },
  );
  assert.deepEqual(await pid(), before);
  await pool.end();
});
