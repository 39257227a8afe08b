// A fresh database for a test, copied from a template that is migrated once per run. The server is the one the
// global setup started, or the one BACKTEST_TEST_PG_DSN names, or (a single file run by hand) one of our own.

import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import pg from 'pg';
import { dsnFor, openPool, transaction } from '../src/db.ts';
import { grantRuntime, migrate, readMigrations } from '../src/migrate.ts';
import { startPostgres } from '../src/stack/postgres.ts';

export interface TestDatabase extends AsyncDisposable {
  /** Runtime role, named like the database: rows only, no DDL. */
  readonly dsn: string;
  readonly adminDsn: string;
  readonly pool: pg.Pool;
  readonly admin: pg.Pool;
}

export interface TestDatabaseOptions {
  /** Without our tables, for tests of the migrations themselves. */
  readonly empty?: boolean;
  /** Superuser DSN of a server that the test may break; its own end drops the template too. */
  readonly server?: string;
}

export async function testDatabase({ empty = false, server: own }: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const server = own ?? (await serverDsn());
  const name = `backtest_test_${randomBytes(8).toString('hex')}`;
  const login = { user: name, password: randomBytes(16).toString('hex') };
  await onServer(server, async (client) => {
    if (!empty) await ensureTemplate(client, server);
    await client.query(`create database ${name} template ${empty ? 'template0' : templateName()}`);
    await client.query(`create role ${name} login password '${login.password}'`);
  });
  const adminDsn = dsnFor(server, name);
  const dsn = dsnFor(server, name, login);
  const admin = openPool(adminDsn, { max: 10, applicationName: 'test-admin' });
  if (!empty) await transaction(admin, (client) => grantRuntime(client, name));
  const pool = openPool(dsn, { max: 20, applicationName: 'test' });
  return {
    dsn,
    adminDsn,
    pool,
    admin,
    async [Symbol.asyncDispose]() {
      // Not awaited: it would wait for a client that a failed test never gave back. The drop disconnects everybody.
      void pool.end();
      void admin.end();
      await onServer(server, async (client) => {
        await client.query(`drop database ${name} with (force)`);
        await client.query(`drop role ${name}`);
      });
    },
  };
}

/** Superuser DSN of the server the tests of this process use; STRATEGY_PG_DSN and POSTGRES_DSN play no part. */
function serverDsn(): Promise<string> {
  const given = process.env['BACKTEST_TEST_PG_DSN'] ?? process.env['BACKTEST_TEST_EMBEDDED_DSN'];
  own ??= given === undefined ? startOwn() : Promise.resolve(given);
  return own;
}

/** Drops the template of this run; the global teardown calls it, or this file when there is no global setup. */
export async function dropTemplate(server: string): Promise<void> {
  await onServer(server, (client) => client.query(`drop database if exists ${templateName()} with (force)`));
}

let own: Promise<string> | undefined;
let ended: (() => Promise<void>) | undefined;

async function startOwn(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'backtest-test-'));
  const server = await startPostgres({ home, settings: { fsync: 'off', max_connections: '200' } });
  ended = async () => {
    await server.stop();
    await rm(home, { recursive: true, force: true });
  };
  return server.adminDsn;
}

// BACKTEST_TEST_RUN is set by the global setup, which then owns the end of the run.
const run = process.env['BACKTEST_TEST_RUN'];
if (run === undefined) {
  after(async () => {
    if (own) await dropTemplate(await own);
    await ended?.();
  });
}

/** One template a run and a state of server/sql, so that two checkouts can share a server. */
function templateName(): string {
  const files = readMigrations().map((migration) => migration.sha256);
  const hash = createHash('sha256').update(files.join()).digest('hex').slice(0, 12);
  return `backtest_template_${hash}_${run ?? `p${process.pid}`}`;
}

/** Test files run in parallel: one migrates, the others wait; the template gets its name when it is complete. */
async function ensureTemplate(client: pg.Client, server: string): Promise<void> {
  const name = templateName();
  const ready = async () => (await client.query('select 1 from pg_database where datname = $1', [name])).rowCount === 1;
  if (await ready()) return;
  await client.query('select pg_advisory_lock(hashtextextended($1, 0))', [name]);
  if (!(await ready())) {
    await client.query(`drop database if exists ${name}_new with (force)`);
    await client.query(`create database ${name}_new`);
    await migrate(dsnFor(server, `${name}_new`));
    await client.query(`alter database ${name}_new rename to ${name}`);
  }
  await client.query('select pg_advisory_unlock(hashtextextended($1, 0))', [name]);
}

async function onServer<T>(dsn: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: dsn, application_name: 'test-server' });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
