// The schema and its versions: server/sql/NNNN_name.sql, applied in order, each in one transaction that also
// records the file's sha256. An applied file never changes; a database newer than this program is left alone.

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { openPool, poolerRefusal, transaction } from './db.ts';
import { messageOf } from './message.ts';

export const SQL_FOLDER = join(import.meta.dirname, '..', 'sql');

export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
  readonly sha256: string;
}

export interface MigrateOptions {
  /** Role of the API and the workers; gets rights on rows, none on the schema. */
  readonly runtimeRole?: string | undefined;
  readonly folder?: string;
}

export interface Migrated {
  readonly applied: readonly string[];
  readonly version: number;
}

/** Brings the database to the newest version and grants the runtime role its rights. Safe to run twice at once. */
export async function migrate(adminDsn: string, options: MigrateOptions = {}): Promise<Migrated> {
  const migrations = readMigrations(options.folder);
  const { runtimeRole } = options;
  const pool = openPool(adminDsn, { max: 1, applicationName: 'backtest-migrate' });
  try {
    const applied: string[] = [];
    for (;;) {
      const name = await transaction(pool, (client) => applyNext(client, migrations));
      if (name === null) break;
      applied.push(name);
    }
    if (runtimeRole !== undefined) await transaction(pool, (client) => grantRuntime(client, runtimeRole));
    return { applied, version: migrations.length };
  } finally {
    await pool.end();
  }
}

/** The migration files of a folder; their numbers must be 1, 2, 3 ... without a gap. */
export function readMigrations(folder = SQL_FOLDER): readonly Migration[] {
  const names = readdirSync(folder).filter((name) => /^\d{4}_.+\.sql$/.test(name));
  return names.sort().map((name, index) => {
    const version = Number(name.slice(0, 4));
    if (version !== index + 1) throw new Error(`migration ${name}: expected number ${index + 1}, found ${version}`);
    const sql = readFileSync(join(folder, name), 'utf8');
    return { version, name, sql, sha256: createHash('sha256').update(sql).digest('hex') };
  });
}

/** Version of the database's schema; 0 when it was never migrated. */
export async function schemaVersion(pool: pg.Pool | pg.ClientBase): Promise<number> {
  const found = await pool.query<{ found: boolean }>(`select to_regclass('backtest_migrations') is not null as found`);
  if (!found.rows[0]?.found) return 0;
  const newest = await pool.query<{ version: number }>(
    'select coalesce(max(version), 0)::int as version from backtest_migrations',
  );
  return newest.rows[0]?.version ?? 0;
}

/** Throws unless the database has exactly the schema this program was written for. */
export async function requireSchema(pool: pg.Pool | pg.ClientBase, folder = SQL_FOLDER): Promise<void> {
  const needed = readMigrations(folder).length;
  const version = await schemaVersion(pool).catch((error: unknown) => {
    const refusal = poolerRefusal(error);
    throw refusal === null ? error : new Error(refusal, { cause: error });
  });
  if (version < needed) {
    throw new Error(
      `database schema is version ${version}, this program needs version ${needed}: run backtest migrate`,
    );
  }
  if (version > needed) throw tooNew(version, needed);
}

/** Lets a role read and write the rows of our tables, and only read which migrations ran. Run it in a transaction. */
export async function grantRuntime(client: pg.ClientBase, role: string): Promise<void> {
  // Two migrators granting at once would update the same catalogue rows: "tuple concurrently updated".
  await lock(client);
  const to = `to ${client.escapeIdentifier(role)}`;
  const granted = await client.query<{ sql: string }>(
    `select format('grant usage on schema %I', current_schema()) as sql
     union all
     select format('grant %s on table %I', case relname when $1 then 'select' else 'select, insert, update, delete' end, relname)
     from pg_class
     where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p') and relname like 'backtest\\_%'`,
    [HISTORY],
  );
  for (const { sql } of granted.rows) await client.query(`${sql} ${to}`);
}

const HISTORY = 'backtest_migrations';

/** Applies the first migration that is not in the history yet and returns its name; null when there is none. */
async function applyNext(client: pg.ClientBase, migrations: readonly Migration[]): Promise<string | null> {
  await lock(client); // until commit; so whoever comes second sees what the first applied
  const next = migrations[await checkedHistory(client, migrations)];
  if (!next) return null;
  try {
    await client.query(next.sql);
  } catch (error) {
    throw new Error(`migration ${next.name}: ${messageOf(error)}`, {
      cause: error,
    });
  }
  await client.query('insert into backtest_migrations (version, name, sha256) values ($1, $2, $3)', [
    next.version,
    next.name,
    next.sha256,
  ]);
  return next.name;
}

/** Number of migrations applied, all of them known here and unchanged since. */
async function checkedHistory(client: pg.ClientBase, migrations: readonly Migration[]): Promise<number> {
  await client.query(`create table if not exists backtest_migrations (
    version int primary key,
    name text not null,
    sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
    applied_at timestamptz not null default clock_timestamp()
  )`);
  const { rows } = await client.query<{ version: number; name: string; sha256: string }>(
    'select version, name, sha256 from backtest_migrations order by version',
  );
  if (rows.length > migrations.length) throw tooNew(rows.length, migrations.length);
  for (const [index, row] of rows.entries()) {
    const known = migrations[index];
    if (known?.version !== row.version || known.sha256 !== row.sha256) {
      throw new Error(
        `migration ${row.version} was applied as ${row.name} (sha256 ${row.sha256}) and is ${known?.name} (sha256 ${known?.sha256}) now: ` +
          'applied migrations must not change, add a new one',
      );
    }
  }
  return rows.length;
}

function tooNew(version: number, known: number): Error {
  return new Error(
    `database schema is version ${version}, this program knows version ${known}: install the release that ran backtest migrate`,
  );
}

async function lock(client: pg.ClientBase): Promise<void> {
  await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [HISTORY]);
}
