import assert from 'node:assert/strict';
import { join, resolve } from 'node:path';
import test from 'node:test';
import type { Env } from './paths.ts';
import { readSettings, SettingsError, type Purpose } from './settings.ts';

const DSN = 'postgres://backtest:s3cret@127.0.0.1:5432/backtest';
const GOOD = { STRATEGY_PG_DSN: DSN, ROEHUB_ENV: 'dev' };

function problemsOf(env: Env, purpose: Purpose): readonly string[] {
  try {
    readSettings(env, purpose);
  } catch (error) {
    assert.ok(error instanceof SettingsError);
    return error.problems;
  }
  return [];
}

test('worker and api need a database and an environment, migrate its own database, the rest neither', () => {
  for (const purpose of ['worker', 'api'] as const) {
    const [database, environment, ...more] = problemsOf({}, purpose);
    assert.match(database ?? '', /^STRATEGY_PG_DSN is not set/);
    assert.match(environment ?? '', /^ROEHUB_ENV is not set: must be dev, test or prod/);
    assert.deepEqual(more, []);
  }
  assert.match(problemsOf({}, 'migrate').join(), /^POSTGRES_DSN is not set/);
  assert.equal(readSettings({ POSTGRES_DSN: DSN }, 'migrate').postgresDsn, DSN);
  const { environment, strategyPgDsn, home, candles } = readSettings({}, 'local');
  assert.deepEqual([environment, strategyPgDsn], ['dev', null]);
  assert.equal(home, resolve(import.meta.dirname, '..', '..', '..', '.backtest'));
  assert.deepEqual(candles, { kind: 'parquet', folder: join(home, 'candles') });
});

test('a stack on a given database needs the right to migrate it, which nobody else asks for', () => {
  const [problem, ...more] = problemsOf({ STRATEGY_PG_DSN: DSN, CH_PORT: '1' }, 'stack');
  assert.match(problem ?? '', /^POSTGRES_DSN is not set, but STRATEGY_PG_DSN is/);
  assert.deepEqual(more, []);
  assert.deepEqual(problemsOf({ STRATEGY_PG_DSN: DSN }, 'local'), []);
  for (const env of [{}, { STRATEGY_PG_DSN: DSN, POSTGRES_DSN: DSN }, { ROEHUB_ENV: 'prod' }])
    assert.deepEqual(problemsOf(env, 'stack'), []);
});

test('everything wrong is told in one error, and no password is in it', () => {
  const env = {
    STRATEGY_PG_DSN: 'mysql://u:hunter2@h/db',
    ROEHUB_ENV: 'staging',
    CH_HOST: 'http://db:8123',
    CH_PORT: '99999',
    CH_DATABASE: 'a; drop table b',
    CH_SECURE: 'yes',
    CH_VERIFY: '2',
    CLICKHOUSE_PASSWORD: 'hunter2\u0000',
    CANDLE_SOURCE: 'csv',
  };
  const problems = problemsOf(env, 'worker');
  const names = [
    'STRATEGY_PG_DSN',
    'ROEHUB_ENV',
    'CH_HOST',
    'CH_PORT',
    'CH_DATABASE',
    'CLICKHOUSE_PASSWORD',
    'CH_SECURE',
    'CH_VERIFY',
    'CANDLE_SOURCE',
  ];
  assert.deepEqual(
    problems.map((text) => text.split(' ')[0]),
    names,
  );
  assert.ok(!problems.join().includes('hunter2'));
  assert.ok(problems.includes('ROEHUB_ENV must be dev, test or prod, not "staging"'));
  assert.ok(problems.includes('CH_PORT must be a port from 1 to 65535, not "99999"'));
  assert.throws(() => readSettings(env, 'worker'), { name: 'SettingsError', message: problems.join('\n') });
});

test('ClickHouse is what prod and any of its variables imply for api and worker; CANDLE_SOURCE wins', () => {
  for (const more of [
    { CANDLE_SOURCE: 'clickhouse' },
    { CH_HOST: 'db' },
    { CLICKHOUSE_USER: 'me' },
    { ROEHUB_ENV: 'prod' },
  ]) {
    for (const purpose of ['worker', 'api'] as const) {
      assert.equal(readSettings({ ...GOOD, ...more }, purpose).candles.kind, 'clickhouse');
      const store = { ...GOOD, ...more, CANDLE_SOURCE: 'parquet:/data' };
      assert.deepEqual(readSettings(store, purpose).candles, { kind: 'parquet', folder: '/data' });
    }
    assert.equal(readSettings(more, 'local').candles.kind, 'CANDLE_SOURCE' in more ? 'clickhouse' : 'parquet');
    assert.deepEqual(problemsOf({ ...more, POSTGRES_DSN: DSN }, 'migrate'), []);
  }
});

test('the ClickHouse variables, their defaults, and which of two names wins', () => {
  const read = (env: Env) => readSettings({ ...GOOD, CANDLE_SOURCE: 'clickhouse', ...env }, 'worker').candles;
  const defaults = {
    kind: 'clickhouse',
    host: 'localhost',
    port: 8123,
    database: 'market_data',
    user: 'default',
    password: '',
    secure: false,
    verify: true,
  };
  assert.deepEqual(read({}), defaults);
  assert.deepEqual(read({ CH_HOST: '', CH_PORT: '', CH_SECURE: '' }), defaults);
  const other = { CLICKHOUSE_USER: 'a', CLICKHOUSE_PASSWORD: 'b' };
  assert.deepEqual(read(other), { ...defaults, user: 'a', password: 'b' });
  const all = { CH_HOST: '[::1]', CH_PORT: '8443', CH_DATABASE: 'md', CH_USER: 'c', CH_PASSWORD: 'd' };
  assert.deepEqual(read({ ...other, ...all, CH_SECURE: '1', CH_VERIFY: '0' }), {
    kind: 'clickhouse',
    host: '::1',
    port: 8443,
    database: 'md',
    user: 'c',
    password: 'd',
    secure: true,
    verify: false,
  });
});

const folderOf = (env: Env): string => readSettings(env, 'local').store;

test('a store is where the caller says, seen from the caller', () => {
  const npm = { INIT_CWD: '/some/where', npm_package_json: join(process.cwd(), 'package.json') };
  assert.equal(folderOf({ ...npm, CANDLE_SOURCE: 'parquet:mine' }), '/some/where/mine');
  assert.equal(folderOf({ ...npm, BACKTEST_HOME: 'home' }), '/some/where/home/candles');
  assert.equal(folderOf({ BACKTEST_HOME: '/h', CANDLE_SOURCE: 'parquet' }), '/h/candles');
  assert.equal(problemsOf({ CANDLE_SOURCE: 'parquet:' }, 'local').length, 1);
});
