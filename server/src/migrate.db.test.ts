import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { testDatabase } from '../test/database.ts';
import { describeSchema } from '../test/schema.ts';
import { openPool } from './db.ts';
import { migrate, readMigrations, requireSchema, schemaVersion, SQL_FOLDER } from './migrate.ts';
import { startPostgres } from './stack/postgres.ts';

const FIRST = 'create table backtest_a (id int primary key, note text);';
const SECOND = 'create table backtest_b (id int references backtest_a on delete cascade);\ncreate table other ();';

test('applies each file once, in order, and grants the runtime role rows and nothing else', async (t) => {
  await using database = await testDatabase({ empty: true });
  const folder = sqlFolder(t, FIRST, SECOND);
  const runtimeRole = new URL(database.dsn).username;
  assert.equal(await schemaVersion(database.admin), 0);
  const done = await migrate(database.adminDsn, { folder, runtimeRole });
  assert.deepEqual(done, { applied: ['0001_x.sql', '0002_x.sql'], version: 2 });
  assert.deepEqual(await migrate(database.adminDsn, { folder, runtimeRole }), { applied: [], version: 2 });
  const { pool } = database;
  await requireSchema(pool, folder);
  await pool.query('insert into backtest_a values (1)');
  await pool.query('insert into backtest_b values (1)');
  await pool.query('update backtest_b set id = id');
  assert.equal((await pool.query('delete from backtest_a')).rowCount, 1);
  for (const denied of [
    'create table backtest_c ()',
    'alter table backtest_a add y int',
    'drop table backtest_a',
    'create index on backtest_a (note)',
    'truncate backtest_a',
    'select * from other',
    'delete from backtest_migrations',
    `update backtest_migrations set version = 9`,
  ]) {
    await assert.rejects(pool.query(denied), { code: '42501' }, denied);
  }
});

test('a failing file leaves nothing of itself and keeps those before it', async (t) => {
  await using database = await testDatabase({ empty: true });
  const folder = sqlFolder(t, FIRST, `${SECOND}\nselect nonsense;`);
  await assert.rejects(
    migrate(database.adminDsn, { folder }),
    /migration 0002_x\.sql: column "nonsense" does not exist/,
  );
  assert.equal(await schemaVersion(database.admin), 1);
  assert.doesNotMatch(await describeSchema(database.admin), /backtest_b/);
  writeFileSync(join(folder, '0002_x.sql'), SECOND);
  assert.deepEqual((await migrate(database.adminDsn, { folder })).applied, ['0002_x.sql']);
});

test('refuses a changed file, a newer database, and files with a gap', async (t) => {
  await using database = await testDatabase({ empty: true });
  const folder = sqlFolder(t, FIRST, SECOND);
  await migrate(database.adminDsn, { folder });
  writeFileSync(join(folder, '0001_x.sql'), `${FIRST} `);
  await assert.rejects(
    migrate(database.adminDsn, { folder }),
    /migration 1 was applied as 0001_x\.sql .* must not change/,
  );
  const older = sqlFolder(t, FIRST);
  await assert.rejects(migrate(database.adminDsn, { folder: older }), /is version 2, this program knows version 1/);
  writeFileSync(join(older, '0003_x.sql'), SECOND);
  assert.throws(() => readMigrations(older), /0003_x\.sql: expected number 2, found 3/);
});

test('requireSchema names both versions and the command', async (t) => {
  await using database = await testDatabase({ empty: true });
  const folder = sqlFolder(t, FIRST, SECOND);
  await assert.rejects(requireSchema(database.admin, folder), /is version 0, .* needs version 2: run backtest migrate/);
  await migrate(database.adminDsn, { folder });
  await requireSchema(database.admin, folder);
  await assert.rejects(
    requireSchema(database.admin, sqlFolder(t, FIRST)),
    /is version 2, this program knows version 1/,
  );
});

test('eight at once: each file is applied once', async (t) => {
  await using database = await testDatabase({ empty: true });
  const folder = sqlFolder(t, FIRST, SECOND);
  const runtimeRole = new URL(database.dsn).username;
  const all = await Promise.all(Array.from({ length: 8 }, () => migrate(database.adminDsn, { folder, runtimeRole })));
  assert.deepEqual(all.flatMap(({ applied }) => applied).sort(), ['0001_x.sql', '0002_x.sql']);
});

test('an unknown runtime role is named', async (t) => {
  await using database = await testDatabase({ empty: true });
  const folder = sqlFolder(t, FIRST);
  await assert.rejects(
    migrate(database.adminDsn, { folder, runtimeRole: 'no "body"' }),
    /role "no "body"" does not exist/,
  );
});

// UPDATE_GOLDEN=1 rewrites the golden file; the diff is what a reviewer of a migration reads.
test('schema.sql is what the migrations make, here and on the embedded server', async (t) => {
  const golden = join(SQL_FOLDER, 'schema.sql');
  await using database = await testDatabase();
  const schema = await describeSchema(database.admin);
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(golden, schema);
  assert.equal(schema, readFileSync(golden, 'utf8'));
  if (process.env['BACKTEST_TEST_PG_DSN'] === undefined) return;
  const home = mkdtempSync(join(tmpdir(), 'backtest-golden-'));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  await using server = await startPostgres({ home });
  await migrate(server.adminDsn);
  const pool = openPool(server.adminDsn, { max: 1 });
  const embedded = await describeSchema(pool);
  await pool.end();
  assert.equal(embedded, schema);
});

test('describeSchema sees columns, defaults, constraints, storage and indexes', async () => {
  await using database = await testDatabase({ empty: true });
  await database.admin.query(`
    create table backtest_x (
      id bigint generated always as identity primary key,
      "Odd name" numeric(10, 2) not null default 1.50,
      at timestamptz default clock_timestamp(),
      doubled int generated always as (1 + 1) stored,
      constraint positive check ("Odd name" > 0)
    ) with (fillfactor = 50);
    create index backtest_x_late on backtest_x (at desc, id) where at is not null;
    create table unrelated ();`);
  assert.equal(
    await describeSchema(database.admin),
    `create table backtest_x (
  id bigint generated always as identity not null,
  "Odd name" numeric(10,2) default 1.50 not null,
  at timestamp with time zone default clock_timestamp(),
  doubled integer generated always as ((1 + 1)) stored,
  constraint backtest_x_pkey PRIMARY KEY (id),
  constraint positive CHECK (("Odd name" > (0)::numeric))
) with (fillfactor=50);
CREATE INDEX backtest_x_late ON backtest_x USING btree (at DESC, id) WHERE (at IS NOT NULL);
`,
  );
});

function sqlFolder(t: TestContext, ...files: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'backtest-sql-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [index, text] of files.entries()) writeFileSync(join(folder, `000${index + 1}_x.sql`), text);
  return folder;
}

test('the command says when no role got rights, and not when one did', async () => {
  await using database = await testDatabase({ empty: true });
  const entry = join(import.meta.dirname, '../backtest.mjs');
  const run = (...argv: readonly string[]) => {
    const env = { PATH: process.env['PATH'], POSTGRES_DSN: database.adminDsn };
    return spawnSync(process.execPath, [entry, 'migrate', ...argv], { env, encoding: 'utf8' });
  };
  const without = run();
  assert.equal(without.status, 0, without.stderr);
  assert.match(without.stdout, /^applied 0001_/);
  assert.match(without.stderr, /^backtest: no role got rights on the tables, .*--runtime-role ROLE\n$/);
  const role = new URL(database.dsn).username;
  const named = run('--runtime-role', role);
  assert.deepEqual([named.status, named.stderr], [0, '']);
  assert.match(named.stdout, /^nothing to do; /);
});
