// backtest psql: a prompt on the database, or its DSN where there is no psql.

import { spawn } from 'node:child_process';
import { homeOf } from '../config/paths.ts';
import { findPostgres } from '../stack/postgres.ts';
import { command, INVOCATION } from './command.ts';
import { print } from './show/table.ts';

export const psql = command({
  name: 'psql',
  about:
    'Opens psql on the database of STRATEGY_PG_DSN, else on the running embedded one; prints the DSN without psql.',
  takes: [],
  options: {
    admin: { about: 'as the owner of the tables (POSTGRES_DSN) instead of the role of API and workers' },
    json: { about: 'print {dsn} and open nothing' },
    dsn: { about: 'print the DSN, with its password, and open nothing' },
  },
  examples: ['psql', 'psql --dsn'],
  run: async (values) => {
    const dsn = await databaseDsn(values.admin, process.env);
    const code = values.dsn || values.json ? null : await openPsql(dsn);
    if (code === null) print(values.json ? JSON.stringify({ dsn }) : dsn);
    return code ?? 0;
  },
});

/** Finds the database of STRATEGY_PG_DSN, or POSTGRES_DSN for `admin`, else the running embedded one. */
export async function databaseDsn(admin: boolean, env: NodeJS.ProcessEnv): Promise<string> {
  const given = admin ? env['POSTGRES_DSN'] : env['STRATEGY_PG_DSN'];
  if (given) return given;
  const home = homeOf(env);
  const postgres = await findPostgres(home);
  if (postgres === null) throw new Error(`no PostgreSQL runs on ${home}: start it with ${INVOCATION} up`);
  return admin ? postgres.adminDsn : postgres.runtimeDsn;
}

/** Its exit code; null when there is no psql. The password goes by the environment, because others can read a command line. */
function openPsql(dsn: string): Promise<number | null> {
  const url = new URL(dsn);
  const password = decodeURIComponent(url.password);
  url.password = '';
  const env = { ...process.env, ...(password === '' ? {} : { PGPASSWORD: password }) };
  const child = spawn('psql', [url.href], { stdio: 'inherit', env });
  return new Promise((resolve, reject) => {
    child.once('error', (error) => ('code' in error && error.code === 'ENOENT' ? resolve(null) : reject(error)));
    child.once('close', (code) => resolve(code ?? 1));
  });
}
